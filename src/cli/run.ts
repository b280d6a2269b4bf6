import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type Problem, SeqlabError, toPlainError } from '../core/errors.js'
import { shellLine } from '../core/shell.js'
import type { EngineName } from '../engine/types.js'
import { type RunPorts, runPlan } from '../runner/coordinator.js'
import type { RunEvent, RunOptions, RunOutcome } from '../runner/events.js'
import { defaultLimits } from '../runner/limits.js'
import type { RunRecord } from '../runner/record.js'
import { gigabytes } from '../spec/cost.js'
import { type LoadOptions, loadSpecs } from '../spec/load.js'
import { planTrials } from '../spec/plan.js'
import { costOfTrial } from '../spec/trial-cost.js'
import type { LoadedSpec, Plan } from '../spec/types.js'
import { createDataReader, mistakesOnData } from './data.js'
import { printable } from './printable.js'
import { formatProblems } from './problems.js'
import { createProgress, createSilence, type Progress } from './progress.js'
import { stopOnSignals } from './signals.js'
import { summary } from './summary.js'
import { colorsFor } from './terminal.js'

/** What `run` and `sweep` share. */
export interface ExecuteFlags {
  readonly out: string
  readonly workers?: number
  readonly isolation: 'thread' | 'process'
  readonly engine: EngineName | 'auto'
  readonly fresh: boolean
  readonly retryFailed: boolean
  readonly force: boolean
  readonly dumpGraph?: string
  /** Gibibytes that a host may take. */
  readonly memory?: number
  /** What an attempt at a trial may take. */
  readonly trialMinutes?: number
  readonly json: boolean
  readonly quiet: boolean
}

export interface RunFlags extends ExecuteFlags {
  readonly set?: readonly string[]
  readonly name?: string
  readonly dataDir?: string
}

/** `seqlab run`: 0, 1 where a trial failed, 2 for a bad spec or bad data, 130 where it was stopped. */
export async function run(files: readonly string[], flags: RunFlags): Promise<number> {
  const loaded = loadSpecs(files, loadOptions(flags))
  const reader = createDataReader()
  const mistakes = [...loaded.problems, ...(await mistakesOnData(loaded.specs, reader, memoryOf(flags)))]
  if (mistakes.length > 0) return refuse(mistakes)
  const digestOf = async (loaded: LoadedSpec) => (await reader.read(loaded)).digest
  const named = flags.name === undefined ? {} : { name: flags.name }
  const costOf = async (loaded: LoadedSpec) => costOfTrial(loaded.spec, await reader.read(loaded))
  const { plan, problems } = await planTrials(loaded.specs, digestOf, { ...named, costOf })
  if (problems.length > 0) return refuse(problems)
  return execute(plan, flags, { pages: true, collect: plan.trials.length === 1 })
}

function loadOptions({ set, dataDir }: RunFlags): LoadOptions {
  return { ...(set === undefined ? {} : { set }), ...(dataDir === undefined ? {} : { dataDir }) }
}

export function refuse(problems: readonly Problem[]): number {
  process.stderr.write(`${formatProblems(problems, colorsFor(process.stderr))}\n`)
  return 2
}

/** Each trial's report.html; a damaged file is told as a warning by the caller. */
async function writePage(directory: string): Promise<void> {
  const { writeTrialReport } = await import('../report/render/trial/write.js')
  const { problems } = await writeTrialReport(directory)
  if (problems.length > 0) throw new SeqlabError('run', problems.join('; '))
}

/**
 * The pages of all trials. A trial that had finished before this command gets its page anew: what stands there may be
 * damaged, or made by another seqlab.
 */
async function pagesOf({ records, directory }: RunOutcome, told: ReadonlySet<string>, tell: Progress['event']) {
  const pages: string[] = []
  for (const { trialId } of records) {
    const folder = join(directory, trialId)
    try {
      if (!told.has(trialId)) await writePage(folder)
      if (existsSync(join(folder, 'report.html'))) pages.push(join(folder, 'report.html'))
    } catch (error) {
      const { message } = toPlainError(error)
      tell({ kind: 'warning', message: `No page could be made for trial ${trialId}: ${message}` })
    }
  }
  return pages
}

export interface ExecuteMore {
  /** Whether each trial's page is written at once; sweeps leave that to `show` and the comparison. */
  readonly pages: boolean
  /** A single spec's trial joins those that stand in its folder already. */
  readonly collect: boolean
  /** Ids of the trials that are run; absent: all. */
  readonly only?: readonly string[]
  /** Wall-clock budget of the whole run. */
  readonly minutes?: number
}

/** Runs a plan with progress on stderr and results on stdout. */
export async function execute(plan: Plan, flags: ExecuteFlags, more: ExecuteMore): Promise<number> {
  const progress = flags.quiet ? createSilence(process.stderr) : createProgress(process.stderr)
  const signals = stopOnSignals(() => progress.say('stopping at the next step; again to stop at once'))
  const told = new Set<string>()
  const onEvent = (event: RunEvent) => {
    progress.event(event)
    if (event.kind !== 'trial-finished') return
    told.add(event.trialId)
    if (flags.json) printRecord(event.record)
  }
  try {
    const only = more.only === undefined ? {} : { only: more.only }
    const options: RunOptions = { ...runOptions(plan, flags), collect: more.collect, ...only }
    const crowd = crowdWarning(plan, flags, options.workers)
    if (crowd !== undefined) progress.event({ kind: 'warning', message: crowd })
    const outcome = await runPlan(plan, options, onEvent, signals.stop, portsOf(flags, more))
    const pages = more.pages ? await pagesOf(outcome, told, progress.event) : []
    progress.end()
    conclude(outcome, flags, told, pages)
    if (plan.trials.length > 1) await writeStudyComparison(outcome.directory, flags)
    return exitCode(outcome)
  } finally {
    progress.end()
    signals.release()
  }
}

/** comparison.{html,md,csv,json} of a study, and its answer in words. */
async function writeStudyComparison(directory: string, { json, quiet }: ExecuteFlags): Promise<void> {
  const { writeComparison } = await import('../report/render/comparison/write.js')
  const { paths, headline, problems } = await writeComparison(directory)
  if (problems.length > 0 && !quiet)
    process.stderr.write(`${problems.map((problem) => `skipped ${problem}`).join('\n')}\n`)
  if (!json && !quiet)
    process.stdout.write(`\n${[...headline.map(printable), '', `comparison  ${paths[0]}`].join('\n')}\n`)
}

function portsOf({ memory, trialMinutes }: ExecuteFlags, { pages, minutes }: ExecuteMore): RunPorts {
  const limits = {
    ...(minutes === undefined ? {} : { budgetMs: 60_000 * minutes }),
    ...(memory === undefined ? {} : { hostBytes: memory * gibibyte }),
    ...(trialMinutes === undefined ? {} : { trialMs: 60_000 * trialMinutes }),
  }
  return { ...(pages ? { publishPage: writePage } : {}), limits }
}

const gibibyte = 2 ** 30

/** What a trial may take, for checking that beforehand. */
export function memoryOf({ memory }: ExecuteFlags): { readonly memoryBytes?: number } {
  return memory === undefined ? {} : { memoryBytes: memory * gibibyte }
}

/** Trials that fit one by one may not fit side by side: estimates are rough, so that is only said. */
function crowdWarning({ trials }: Plan, flags: ExecuteFlags, workers: number): string | undefined {
  const limit = memoryOf(flags).memoryBytes ?? defaultLimits.hostBytes
  const largest = trials.map(({ cost }) => cost?.bytes ?? 0).sort((a, b) => b - a)
  const bytes = largest.slice(0, workers).reduce((sum, each) => sum + each, 0)
  if (workers === 1 || bytes <= limit) return undefined
  return `${workers} trials at a time may need about ${gigabytes(bytes)} of ${gigabytes(limit)}: give fewer --workers`
}

function runOptions({ trials }: Plan, flags: ExecuteFlags): Omit<RunOptions, 'collect'> {
  const { out, isolation, engine, fresh, retryFailed, force, dumpGraph } = flags
  const workers = Math.min(flags.workers ?? availableParallelism(), Math.max(1, trials.length))
  const dump = dumpGraph === undefined ? {} : { dumpGraphDir: dumpGraph }
  const command = shellLine(['seqlab', ...process.argv.slice(2)])
  return { outDir: out, workers, isolation, engine, fresh, retryFailed, force, command, ...dump }
}

/** The records that were finished before this command was given follow those that it made. */
function conclude(
  { records, directory, others }: RunOutcome,
  { json, quiet }: ExecuteFlags,
  told: ReadonlySet<string>,
  pages: readonly string[],
): void {
  if (json) for (const record of records) if (!told.has(record.trialId)) printRecord(record)
  if (json || records.length === 0) return
  const colors = colorsFor(process.stdout)
  process.stdout.write(`${summary(records, pages, colors)}\n`)
  if (others === 0 || quiet) return
  const more = others === 1 ? '1 more trial stands' : `${others} more trials stand`
  process.stdout.write(`${colors.dim(`${more} in ${directory}: seqlab compare ${shellLine([directory])}`)}\n`)
}

function printRecord(record: RunRecord): void {
  process.stdout.write(`${JSON.stringify(record)}\n`)
}

function exitCode({ status }: RunOutcome): number {
  return status === 'interrupted' ? 130 : status === 'some-failed' ? 1 : 0
}
