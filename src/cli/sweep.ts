import { availableParallelism } from 'node:os'
import type { Problem } from '../core/errors.js'
import type { Dataset } from '../data/types.js'
import { count, duration } from '../report/format/values.js'
import { memoryText } from '../spec/cost.js'
import { planTrials } from '../spec/plan.js'
import { type LoadedStudy, loadStudy, type Study } from '../spec/study/load.js'
import { type Matched, type MatchResult, matchParameters } from '../spec/study/match.js'
import { costOfTrial } from '../spec/trial-cost.js'
import type { LoadedSpec, Plan } from '../spec/types.js'
import { modelSizes } from '../task/sizes.js'
import { createDataReader, mistakesOnData, readAll } from './data.js'
import { type ExecuteFlags, execute, memoryOf, refuse } from './run.js'
import { colorsFor, table } from './terminal.js'

export interface SweepFlags extends ExecuteFlags {
  readonly set?: readonly string[]
  readonly dataDir?: string
  readonly plan: boolean
  readonly only?: readonly string[]
  readonly name?: string
}

/** A study ready to run: every variant checked against its data, sizes solved, costs worked out. */
interface Prepared {
  readonly plan: Plan
  readonly matched: readonly Matched[]
}

/** `seqlab sweep`: every trial is checked before the first one trains. Exit codes as `run`. */
export async function sweep(file: string, flags: SweepFlags): Promise<number> {
  const { set, dataDir } = flags
  const loaded = loadStudy(file, { ...(set && { set }), ...(dataDir && { dataDir }) })
  const { study } = loaded
  if (study === undefined) return refuse(await allMistakes(loaded, flags))
  const prepared = await prepare(study, file, flags)
  if ('problems' in prepared) return refuse(prepared.problems)
  const ids = chosen(prepared.plan, flags.only)
  if ('problem' in ids) return refuse([ids.problem])
  if (flags.plan) return printPlan(prepared, ids.ids, flags)
  const notes = prepared.matched.map(matchedLine)
  if (!flags.quiet && notes.length > 0) process.stderr.write(`${notes.join('\n')}\n`)
  const only = flags.only === undefined ? {} : { only: ids.ids }
  const { minutes } = study.budget
  return execute(prepared.plan, flags, {
    pages: false,
    collect: false,
    ...only,
    ...(minutes === undefined ? {} : { minutes }),
  })
}

/** What is wrong with a study, and with the data and models of those of its variants that are sound by themselves. */
async function allMistakes({ problems, sound, seeds, unsolved }: LoadedStudy, flags: SweepFlags) {
  return [...problems, ...(await mistakesOnData(sound, createDataReader(), { ...memoryOf(flags), seeds, unsolved }))]
}

async function prepare(
  study: Study,
  file: string,
  flags: SweepFlags,
): Promise<Prepared | { readonly problems: readonly Problem[] }> {
  const reader = createDataReader()
  const { read, problems: unread } = await readAll(study.specs, reader)
  const { specs, matched, problems: unmatched } = matching(study, read)
  const { seeds, claims, compare } = study
  const unfit = await mistakesOnData(specs, reader, { ...memoryOf(flags), seeds })
  const problems = [...unread, ...unmatched, ...unfit]
  if (problems.length > 0) return { problems }
  const planned = await planTrials(specs, async (loaded) => (await reader.read(loaded)).digest, {
    name: flags.name ?? study.name,
    costOf: async (loaded) => costOfTrial(loaded.spec, await reader.read(loaded)),
    claims,
    ...(seeds && { seeds }),
    ...(compare && { compare }),
  })
  if (planned.problems.length > 0) {
    return { problems: planned.problems.map((problem) => ({ ...problem, place: { file } })) }
  }
  return { plan: planned.plan, matched }
}

/** The variants whose data could be read, with their sizes solved where that is asked for. */
function matching({ specs, match }: Study, read: ReadonlyMap<LoadedSpec, Dataset>): MatchResult {
  const readable = [...read.keys()]
  const unknown = match?.parameters === 'first' && readable[0] !== specs[0]
  if (match === undefined || unknown) return { specs: unknown ? [] : readable, matched: [], problems: [] }
  return matchParameters(readable, match, (loaded) => modelSizes(read.get(loaded) as Dataset))
}

/** Trials whose label contains one of the texts, or whose id starts with one. */
function chosen(
  { trials }: Plan,
  only: readonly string[] | undefined,
): { readonly ids: readonly string[] } | { readonly problem: Problem } {
  if (only === undefined) return { ids: trials.map(({ id }) => id) }
  const idle = only.find((text) => !trials.some(({ id, label }) => id.startsWith(text) || label.includes(text)))
  if (idle !== undefined) {
    const labels = [...new Set(trials.map(({ label }) => label))].join('; ')
    return { problem: { path: '', message: `--only ${idle} fits no trial`, expected: `part of a label: ${labels}` } }
  }
  const fit = trials.filter(({ id, label }) => only.some((text) => id.startsWith(text) || label.includes(text)))
  return { ids: fit.map(({ id }) => id) }
}

/** `--plan`: what would be run, and about what it would take; nothing runs. */
function printPlan({ plan, matched }: Prepared, ids: readonly string[], flags: SweepFlags): number {
  const trials = plan.trials.filter(({ id }) => ids.includes(id))
  const rows = trials.map(({ id, label, seed, variant, cost }) => {
    const { parameters = 0, bytes = 0, steps = 0, milliseconds = 0 } = cost ?? {}
    return { id, label, seed, variant, parameters, bytes, steps, milliseconds }
  })
  if (flags.json) {
    process.stdout.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    return 0
  }
  const colors = colorsFor(process.stdout)
  const head = ['', 'trial', 'seed', 'parameters', 'memory', 'steps', 'time (about)'].map((cell) => colors.dim(cell))
  const lines = rows.map(({ label, id, seed, parameters, bytes, steps, milliseconds }) => [
    label,
    id,
    String(seed),
    count(parameters),
    memoryText(bytes),
    count(steps),
    duration(milliseconds),
  ])
  const total = rows.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const workers = Math.min(flags.workers ?? availableParallelism(), Math.max(1, rows.length))
  const longest = Math.max(0, ...rows.map(({ milliseconds }) => milliseconds))
  const about = duration(Math.max(longest, total / workers))
  const closing = `${rows.length} trials, about ${about} of training with ${workers} at a time`
  process.stdout.write(`${[...matched.map(matchedLine), table([head, ...lines]), closing].join('\n')}\n`)
  return 0
}

function matchedLine({ label, sizes, parameters }: Matched): string {
  const told = Object.entries(sizes).map(([path, size]) => `${path}=${size}`)
  return `${label}: ${told.join(', ')} for ${count(parameters)} parameters`
}
