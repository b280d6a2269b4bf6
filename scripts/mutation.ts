// `npm run test:mutation -- [AREA...] [--survivors | --reasons] [--every N] [--processes N]`: makes small changes to the code of
// the areas, one after the other, and asks whether the tests notice. Fails where less than 85 % of an area's changes were
// noticed. Takes from a minute to an hour an area; with --survivors only what was not noticed last time and has no reason is
// tried again, and lines that changed. With --every N only each N-th change is tried, for an estimate that is not recorded. Else it
// writes test/mutation/<area>.json (the score and every survivor) and the table in CONTRIBUTING.md.
// test/mutation/reasons/<area>.json says why some survivors are left: --reasons copies that into the records and tries nothing.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Area, areas } from './mutation/areas.js'
import { standings } from './mutation/earlier.js'
import { lastRecord, reasonsOf, withReasons, writeRecord } from './mutation/record.js'
import { type Outcome, outcomeOf, score } from './mutation/report.js'
import { unnoticed } from './mutation/run.js'
import { withScores } from './mutation/table.js'
import { type Change, changesOf, type Work } from './mutation/work.js'

const least = 0.85

const { values, positionals: chosen } = parseArgs({
  allowPositionals: true,
  options: {
    survivors: { type: 'boolean', default: false },
    reasons: { type: 'boolean', default: false },
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
  const outcome = values.reasons ? renewed(area) : await measure(area)
  if (outcome === undefined) continue
  if (every === 1) record(outcome)
  print(outcome)
  if (score(outcome) < least) process.exitCode = 1
}

/** The last record with the reasons that are given by now. */
function renewed({ name }: Area): Outcome | undefined {
  const last = lastRecord(name)
  return last && withReasons(last)
}

async function measure({ name, folder, tests, further, ownFirst = false }: Area): Promise<Outcome> {
  const changes = changesOf(sourcesIn(folder)).filter(({ id }) => id % every === 0)
  const { again, left } = values.survivors ? sinceLast(name, changes) : { again: changes, left: [] }
  const first = await tryAll(name, again, { tests, ownFirst })
  const rest = again.filter(({ id }) => first.has(id))
  const last = { tests: further, ownFirst: false }
  const survivors = further.length === 0 ? first : await tryAll(`${name}, further tests`, rest, last)
  return outcomeOf(name, changes, new Set([...survivors, ...left.map(({ id }) => id)]), reasonsOf(name))
}

/** What is to be tried again, and the survivors that have a reason. */
function sinceLast(name: string, changes: readonly Change[]) {
  const last = lastRecord(name)
  if (last === undefined) return { again: changes, left: [] }
  const standing = standings(last, reasonsOf(name))
  return {
    again: changes.filter((change) => standing(change) === undefined),
    left: changes.filter((change) => standing(change) === 'left'),
  }
}

function tryAll(
  name: string,
  changes: readonly Change[],
  which: Pick<Work, 'tests' | 'ownFirst'>,
): Promise<ReadonlySet<number>> {
  const started = Date.now()
  let done = 0
  const onAnswer = () => {
    if (++done % 50 === 0) console.error(progress(name, done, changes.length, started))
  }
  return unnoticed(changes, { ...which, processes: Math.max(1, Number(values.processes)), onAnswer })
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
  const date = new Date().toISOString().slice(0, 10)
  writeRecord({ date, score: Number(score(outcome).toFixed(3)), ...outcome })
  const records = areas.map(({ name }) => lastRecord(name)).filter((last) => last !== undefined)
  writeFileSync('CONTRIBUTING.md', withScores(readFileSync('CONTRIBUTING.md', 'utf8'), records))
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
