// `npm run test:mutation -- [AREA...] [--survivors] [--every N] [--processes N]`: makes small changes to the code of the areas, one after
// the other, and asks whether the tests notice. Fails where less than 85 % of an area's changes were noticed. Takes from a
// minute to an hour an area; with --survivors only what was not noticed last time is tried again, and files that changed.
// With --every N only each N-th change is tried, for an estimate that is printed and not recorded. Else it
// writes test/mutation/<area>.json: the score and every survivor; test/mutation/reasons/<area>.json says why some are left.
import { readdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Area, areas } from './mutation/areas.js'
import { lastRecord, reasonsOf, recordPath } from './mutation/record.js'
import { digestsOf, isKnown, type Outcome, outcomeOf, score } from './mutation/report.js'
import { unnoticed } from './mutation/run.js'
import { type Change, changesOf } from './mutation/work.js'

const least = 0.85

const { values, positionals: chosen } = parseArgs({
  allowPositionals: true,
  options: {
    survivors: { type: 'boolean', default: false },
    every: { type: 'string', default: '1' },
    processes: { type: 'string', default: String(availableParallelism()) },
  },
})
const every = Math.max(1, Number(values.every))
const unknown = chosen.filter((name) => !areas.some((area) => area.name === name))
if (unknown.length > 0) {
  console.error(`No area ${unknown.join(', ')}; there are ${areas.map(({ name }) => name).join(', ')}.`)
  process.exit(2)
}
for (const area of areas.filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
  const outcome = await measure(area)
  if (every === 1) record(outcome)
  print(outcome)
  if (score(outcome) < least) process.exitCode = 1
}

async function measure({ name, folder, tests, further }: Area): Promise<Outcome> {
  const changes = changesOf(sourcesIn(folder)).filter(({ id }) => id % every === 0)
  const first = await tryAll(name, values.survivors ? toTryAgain(name, changes) : changes, tests)
  const left = changes.filter(({ id }) => first.has(id))
  const survivors = further.length === 0 ? first : await tryAll(`${name}, further tests`, left, further)
  return outcomeOf(name, changes, survivors, reasonsOf(name))
}

function toTryAgain(name: string, changes: readonly Change[]): readonly Change[] {
  const last = lastRecord(name)
  const digests = digestsOf(changes)
  return changes.filter((change) => !isKnown(change, last, digests))
}

function tryAll(name: string, changes: readonly Change[], tests: readonly string[]): Promise<ReadonlySet<number>> {
  const started = Date.now()
  let done = 0
  const onAnswer = () => {
    if (++done % 50 === 0) console.error(progress(name, done, changes.length, started))
  }
  return unnoticed(changes, { tests, processes: Math.max(1, Number(values.processes)), onAnswer })
}

function sourcesIn(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts')).map((file) => join(folder, file))
}

function progress(name: string, done: number, all: number, started: number): string {
  const secondsLeft = Math.round(((Date.now() - started) / 1000 / done) * (all - done))
  return `${name}: ${done} of ${all} changes, ${secondsLeft} s left`
}

function record(outcome: Outcome): void {
  const { area, mutants, noticed, survivors, files } = outcome
  const date = new Date().toISOString().slice(0, 10)
  const contents = { area, date, score: Number(score(outcome).toFixed(3)), mutants, noticed, survivors, files }
  writeFileSync(recordPath(area), `${JSON.stringify(contents, null, 1)}\n`)
}

function print(outcome: Outcome): void {
  const { area, mutants, noticed, survivors } = outcome
  console.log(`${area}: ${noticed} of ${mutants} changes noticed (${(100 * score(outcome)).toFixed(1)} %)`)
  for (const { id, at, original, replacement, reason } of survivors) {
    if (reason === null) console.log(`  ${id} ${at} ${brief(original)} -> ${brief(replacement)}`)
  }
}

function brief(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 57)}...` : line
}
