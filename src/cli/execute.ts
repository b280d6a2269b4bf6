import { accessSync, constants, existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { SeqlabError, toPlainError } from '../core/errors.js'
import { atPlace, makeFolder, type PlaceOption } from '../core/files.js'
import { shellLine } from '../core/shell.js'
import type { RunPorts } from '../runner/coordinator/ports.js'
import { runPlan } from '../runner/coordinator/run-plan.js'
import type { RunEvent, RunOptions, RunOutcome } from '../runner/events.js'
import { defaultLimits } from '../runner/limits.js'
import { gigabytes } from '../spec/plan/cost.js'
import type { Plan } from '../spec/types.js'
import { type EvaluationRecord, type RunRecord, trialPath } from '../store/index.js'
import { memoryBytesOf, type RunFlags } from './options.js'
import { stopOnSignals } from './signals.js'
import { interruptedLine } from './text/interrupted.js'
import { printable } from './text/printable.js'
import { createProgress, createSilence, type Progress } from './text/progress.js'
import { resultRows, summary } from './text/summary.js'
import { colorsFor } from './text/terminal.js'

/** A plan to run, and how. */
export interface Execution {
  readonly plan: Plan
  readonly flags: RunFlags
  /** Whether each trial's page is written at once; sweeps leave that to `show` and the comparison. */
  readonly pages: boolean
  /** Whether a single spec's trial is added to those already in its directory. */
  readonly collect: boolean
  /** Ids of the trials that are run; absent: all. */
  readonly only?: readonly string[] | undefined
  /** Wall-clock budget of the whole run. */
  readonly minutes?: number | undefined
}

/** Memory limit of a training process without `--memory`. */
export const hostBytes = defaultLimits.hostBytes

/** Writes a trial's report.html. */
type WritePage = (directory: string) => Promise<void>

/** Each trial's report.html; `warn`: told what is wrong with its training. A damaged file becomes a warning of the caller. */
function pageWriter(warn: Progress['event']): WritePage {
  return async (directory) => {
    const { writeTrialReport } = await import('../report/render/trial/write.js')
    const { problems, concerns } = await writeTrialReport(directory)
    if (problems.length > 0) throw new SeqlabError('run', problems.join('; '))
    for (const concern of concerns)
      warn({ kind: 'warning', message: `bad health of trial ${basename(directory)}: ${concern}` })
  }
}

/**
 * The pages of all trials. The page of a trial that had finished before this command is written again: the existing one may
 * be damaged, or from another version.
 */
async function pagesOf(
  { records, directory }: RunOutcome,
  reported: ReadonlySet<string>,
  { writePage, warn }: { readonly writePage: WritePage; readonly warn: Progress['event'] },
) {
  const pages: string[] = []
  for (const { trialId } of records) {
    const folder = join(directory, trialId)
    try {
      if (!reported.has(trialId)) await writePage(folder)
      if (existsSync(trialPath(folder, 'page'))) pages.push(trialPath(folder, 'page'))
    } catch (error) {
      const { message } = toPlainError(error)
      warn({ kind: 'warning', message: `Could not write the page of trial ${trialId}: ${message}` })
    }
  }
  return pages
}

/** Runs a plan with progress on stderr and results on stdout; the command's exit code. */
export async function execute(execution: Execution): Promise<number> {
  const { plan, flags, pages, only } = execution
  const progress = flags.quiet ? createSilence(process.stderr) : createProgress(process.stderr)
  const signals = stopOnSignals(() => progress.say('stopping at the next step; again to stop at once'))
  const reported = new Set<string>()
  const evaluated = new Set<EvaluationRecord>()
  // What was said of a trial when it ended is not said again.
  const writeAgain = pageWriter(() => {})
  const writePage = flags.quiet ? writeAgain : pageWriter(progress.event)
  const onEvent = (event: RunEvent) => {
    progress.event(event)
    if (event.kind === 'trial-evaluated') evaluated.add(event.evaluation)
    if (event.kind === 'trial-evaluated' && flags.json) printJson(event.evaluation)
    if (event.kind !== 'trial-finished') return
    reported.add(event.trialId)
    if (flags.json) printJson(event.record)
  }
  try {
    const options = runOptions(execution)
    const warning = memoryWarning(plan, options.workers, memoryBytesOf(flags) ?? hostBytes)
    if (warning !== undefined) progress.event({ kind: 'warning', message: warning })
    if (flags.dumpGraph !== undefined) await checkWritable(flags.dumpGraph, { option: '--dump-graph' })
    const place = { option: '--out', name: '--name' }
    const outcome = await atPlace(place, () =>
      runPlan(plan, options, onEvent, signals.stop, portsOf(execution, writePage)),
    )
    const written = pages ? await pagesOf(outcome, reported, { writePage: writeAgain, warn: progress.event }) : []
    progress.end()
    if (outcome.status === 'interrupted' && !flags.quiet)
      progress.say(interruptedLine(outcome, only?.length ?? plan.trials.length))
    if (flags.json) printEarlier(outcome, reported, evaluated)
    else conclude(outcome, execution, written)
    if (plan.trials.length > 1 || plan.trials.some(({ evaluations }) => evaluations.length > 1))
      await tryWritingComparison(outcome.directory, flags, progress.event)
    return exitCode(outcome)
  } finally {
    progress.end()
    signals.release()
  }
}

/** Makes a folder where there is none. Throws SeqlabError 'run' where nothing can be written there. */
function checkWritable(directory: string, place: PlaceOption): Promise<void> {
  return atPlace(place, () => {
    makeFolder(directory)
    accessSync(directory, constants.W_OK)
  })
}

/** The results are on disk: a comparison that cannot be made is a warning. */
async function tryWritingComparison(directory: string, flags: RunFlags, warn: Progress['event']): Promise<void> {
  try {
    await writeStudyComparison(directory, flags)
  } catch (error) {
    const { message } = toPlainError(error)
    const again = shellLine(['seqlab', 'compare', directory])
    warn({ kind: 'warning', message: `Could not write the comparison: ${message} (${again} makes it again)` })
  }
}

/** Writes comparison.{html,md,csv,json} of a study, and prints its headline and the verdicts on its claims. */
async function writeStudyComparison(directory: string, { json, quiet }: RunFlags): Promise<void> {
  const { writeComparison } = await import('../report/render/comparison/write.js')
  const { paths, headline, claims, problems } = await writeComparison(directory)
  if (problems.length > 0 && !quiet)
    process.stderr.write(`${problems.map((problem) => `skipped ${problem}`).join('\n')}\n`)
  if (json || quiet) return
  const verdicts = claims.length === 0 ? [] : ['', 'Claims:', ...claims.map((claim) => `  ${claim}`)]
  const lines = [...headline, ...verdicts, '', `comparison  ${paths[0]}`]
  process.stdout.write(`\n${lines.map(printable).join('\n')}\n`)
}

function portsOf({ flags, pages, minutes }: Execution, writePage: WritePage): RunPorts {
  const { trialMinutes } = flags
  const bytes = memoryBytesOf(flags)
  const limits = {
    ...(minutes !== undefined && { budgetMs: 60_000 * minutes }),
    ...(bytes !== undefined && { hostBytes: bytes }),
    ...(trialMinutes !== undefined && { trialMs: 60_000 * trialMinutes }),
  }
  return { ...(pages && { publishPage: writePage }), limits }
}

/** Trials that fit one by one may not fit at the same time: estimates are rough, so it is only a warning. */
function memoryWarning({ trials }: Plan, workers: number, limit: number): string | undefined {
  const largest = trials.map(({ cost }) => cost?.bytes ?? 0).sort((a, b) => b - a)
  const bytes = largest.slice(0, workers).reduce((sum, each) => sum + each, 0)
  if (workers === 1 || bytes <= limit) return undefined
  return `${workers} concurrent trials may need about ${gigabytes(bytes)} of ${gigabytes(limit)}: use fewer --workers`
}

function runOptions({ plan: { trials }, flags, collect, only }: Execution): RunOptions {
  const { out, isolation, engine, fresh, retryFailed, force, dumpGraph } = flags
  const workers = Math.min(flags.workers ?? availableParallelism(), Math.max(1, trials.length))
  const command = shellLine(['seqlab', ...process.argv.slice(2)])
  const options = { outDir: out, workers, isolation, engine, fresh, retryFailed, force, command, collect }
  return { ...options, ...(dumpGraph !== undefined && { dumpGraphDir: dumpGraph }), ...(only && { only }) }
}

/** What had finished before this command follows what this command did. */
function printEarlier(
  { records, evaluations }: RunOutcome,
  reported: ReadonlySet<string>,
  evaluated: ReadonlySet<EvaluationRecord>,
): void {
  for (const record of records) if (!reported.has(record.trialId)) printJson(record)
  for (const evaluation of evaluations) if (!evaluated.has(evaluation)) printJson(evaluation)
}

/** Prints results as tables. */
function conclude(outcome: RunOutcome, { plan, flags: { quiet } }: Execution, pages: readonly string[]): void {
  const { records, directory, others } = outcome
  if (records.length === 0) return
  const colors = colorsFor(process.stdout)
  process.stdout.write(`${summary(resultRows(plan, outcome), pages, colors)}\n`)
  if (others === 0 || quiet) return
  const more = others === 1 ? '1 more trial is' : `${others} more trials are`
  process.stdout.write(`${colors.dim(`${more} in ${directory}: seqlab compare ${shellLine([directory])}`)}\n`)
}

function printJson(result: RunRecord | EvaluationRecord): void {
  process.stdout.write(`${JSON.stringify(result)}\n`)
}

function exitCode({ status }: RunOutcome): number {
  return status === 'interrupted' ? 130 : status === 'some-failed' ? 1 : 0
}
