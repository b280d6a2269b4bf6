// `npm run test:mutation -- [AREA...] [--survivors [--only TEXT] | --reasons] [--every N [--record]] [--continue] [--processes N]`: makes small
// changes to the code of the areas, one after the other, and asks whether the tests notice. Fails where less than 85 % of an
// area's changes were noticed. Takes from a minute to two hours an area; with --survivors only what was not noticed last time
// and has no reason is tried again, and lines that changed; with --only of files alone that have this text in their path. With --every N only every N-th change or so is tried, for an estimate,
// which is recorded with --record alone: the record says of how many changes it is a sample. Else it writes
// test/mutation/<area>.json (the score and every survivor) and the table in CONTRIBUTING.md. With --continue a run that was
// stopped goes on: its answers are in .seqlab-cache/mutation until an area is recorded.
// test/mutation/reasons/<area>.json says why some survivors are left: --reasons copies that into the records and tries nothing.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { type Area, areas } from './mutation/areas.js'
import { standings } from './mutation/earlier.js'
import { type Journal, openJournal } from './mutation/journal.js'
import { lastRecord, reasonsOf, withReasons, writeRecord } from './mutation/record.js'
import { type Outcome, outcomeOf, score } from './mutation/report.js'
import { tryChanges } from './mutation/run.js'
import { sampleOf } from './mutation/sample.js'
import { withScores } from './mutation/table.js'
import { type Answer, type Change, changesOf, type Work } from './mutation/work.js'

const least = 0.85

const { values, positionals: chosen } = parseArgs({
  allowPositionals: true,
  options: {
    survivors: { type: 'boolean', default: false },
    only: { type: 'string' },
    reasons: { type: 'boolean', default: false },
    every: { type: 'string' },
    record: { type: 'boolean', default: false },
    continue: { type: 'boolean', default: false },
    processes: { type: 'string', default: String(availableParallelism()) },
  },
})
const unknown = chosen.filter((name) => !areas.some((area) => area.name === name))
if (unknown.length > 0) {
  console.error(`No area ${unknown.join(', ')}; there are ${areas.map(({ name }) => name).join(', ')}.`)
  process.exit(2)
}
for (const area of areas.filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
  const every = Math.max(1, Number(values.every ?? (values.survivors ? lastRecord(area.name)?.every : undefined) ?? 1))
  const outcome = values.reasons ? renewed(area) : await measure(area, every)
  if (outcome === undefined) continue
  if (values.reasons || values.survivors || every === 1 || values.record) record(outcome)
  print(outcome)
  if (score(outcome) < least) process.exitCode = 1
}

/** The last record with the reasons that are given by now. */
function renewed({ name }: Area): Outcome | undefined {
  const last = lastRecord(name)
  return last && withReasons(last)
}

async function measure({ name, folder, tests, further, ownFirst = false }: Area, every: number): Promise<Outcome> {
  const all = changesOf(sourcesIn(folder))
  const sample = sampleOf(all, every)
  const journal = openJournal('.seqlab-cache/mutation', name, sample, values.continue)
  const { changes, again, left, files } = values.survivors ? sinceLast(name, sample) : anew(sample)
  let survivors = await unnoticed(name, again, { tests, ownFirst }, journal)
  for (const [at, slower] of further.entries()) {
    const which = { tests: slower, ownFirst: false }
    survivors = await unnoticed(`${name}, further tests ${at + 1} of ${further.length}`, survivors, which, journal)
  }
  const unnoticedIds = new Set([...survivors, ...left].map(({ id }) => id))
  const found = outcomeOf(name, changes, unnoticedIds, reasonsOf(name))
  const outcome = { ...found, files: { ...found.files, ...files } }
  journal.remove()
  return every === 1 ? outcome : { ...outcome, every, of: all.length }
}

/** What a round is about: which changes it counts, tries and knows as survivors, and of which files the last record still holds. */
interface Round {
  readonly changes: readonly Change[]
  readonly again: readonly Change[]
  readonly left: readonly Change[]
  readonly files: Outcome['files']
}

function anew(changes: readonly Change[]): Round {
  return { changes, again: changes, left: [], files: {} }
}

/** What the last round says, but for what is to be tried again. */
function sinceLast(name: string, changes: readonly Change[]): Round {
  const last = lastRecord(name)
  if (last === undefined) return anew(changes)
  const standing = standings(last, reasonsOf(name))
  const isAsked = ({ path }: Change) => relative('', path).includes(values.only ?? '')
  const known = changes.map((change) => ({ change, is: standing(change), isAsked: isAsked(change) }))
  const those = (which: (one: (typeof known)[number]) => boolean) => known.filter(which).map(({ change }) => change)
  const others = new Set(those(({ isAsked }) => !isAsked).map(({ path }) => relative('', path)))
  return {
    changes: those(({ is, isAsked }) => isAsked || is !== undefined),
    again: those(({ is, isAsked }) => isAsked && (is === undefined || is === 'open')),
    left: those(({ is, isAsked }) => is === 'left' || (is === 'open' && !isAsked)),
    files: Object.fromEntries(Object.entries(last.files).filter(([file]) => others.has(file))),
  }
}

/** The changes that no test notices in a stage. */
async function unnoticed(
  stage: string,
  changes: readonly Change[],
  which: Pick<Work, 'tests' | 'ownFirst'>,
  journal: Journal,
): Promise<readonly Change[]> {
  const noticed = new Map<number, boolean | undefined>(
    changes.map((change) => [change.id, journal.answerOf(stage, change)]),
  )
  const untried = changes.filter(({ id }) => noticed.get(id) === undefined)
  const started = Date.now()
  let done = 0
  const onAnswer = (answer: Answer) => {
    journal.append(stage, answer)
    noticed.set(answer.id, answer.noticed)
    if (++done % 50 === 0) console.error(progress(stage, done, untried.length, started))
  }
  await tryChanges(untried, { ...which, processes: Math.max(1, Number(values.processes)), onAnswer })
  return changes.filter(({ id }) => noticed.get(id) === false)
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
  const { area, mutants, noticed, survivors, of = mutants } = outcome
  const sample = of === mutants ? '' : `, a sample of ${of}`
  console.log(`${area}: ${noticed} of ${mutants} changes noticed (${(100 * score(outcome)).toFixed(1)} %)${sample}`)
  for (const { id, at, original, replacement, reason } of survivors) {
    if (reason === null) console.log(`  ${id} ${at} ${brief(original)} -> ${brief(replacement)}`)
  }
}

function brief(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 57)}...` : line
}
