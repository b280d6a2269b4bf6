import { accessSync, constants, existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { SeqlabError, toPlainError } from '../core/errors.js'
import { atPlace, makeFolder } from '../core/files.js'
import { shellLine } from '../core/shell.js'
import type { PlaygroundChoice } from '../report/analysis/trial/playground.js'
import { runPlan } from '../runner/coordinator/run-plan.js'
import type { RunEvent, RunOptions, RunOutcome } from '../runner/events.js'
import type { Executor } from '../runner/executors/types.js'
import { defaultLimits, type Limits } from '../runner/limits.js'
import type { StopSignal } from '../runner/stop.js'
import { gigabytes } from '../spec/plan/cost.js'
import type { Plan } from '../spec/types.js'
import { readStudy, runsIndexPath, trialPath } from '../store/index.js'

/** What is reported while specs are trained; plain data. */
export type TrainEvent =
  | RunEvent
  /** What is wrong with the training of a trial that completed: a loss that diverged, say. */
  | { readonly kind: 'concern'; readonly trialId: string; readonly message: string }

/** A plan to run, and how. */
export interface PreparedRun {
  readonly plan: Plan
  readonly options: RunOptions
  readonly limits: Partial<Limits>
  /** Whether each trial's page is written at once, and how; sweeps leave that to `show` and the comparison. */
  readonly pages: PlaygroundChoice | boolean
  /** Where trials run; by default on this machine. */
  readonly executor?: Executor
}

export interface PreparedOutcome extends RunOutcome {
  /** The trials' pages, where they are written. */
  readonly pages: readonly string[]
}

type Report = (event: TrainEvent) => void

/** Runs a plan and writes its trials' pages. Throws as `runPlan`, and SeqlabError 'run' where graphs cannot be written. */
export async function runPrepared(run: PreparedRun, report: Report, stop: StopSignal): Promise<PreparedOutcome> {
  const { plan, options, limits, pages, executor } = run
  const warning = executor
    ? undefined
    : memoryWarning(plan, options.workers, limits.hostBytes ?? defaultLimits.hostBytes)
  if (warning !== undefined) report({ kind: 'warning', message: warning })
  const { dumpGraphDir: graphs } = options
  if (graphs !== undefined) await atPlace({ option: '--dump-graph' }, () => checkWritable(graphs))
  const reported = new Set<string>()
  const onEvent = (event: RunEvent) => {
    if (event.kind === 'trial-finished') reported.add(event.trialId)
    report(event)
  }
  const write =
    pages && ((directory: string, to: Report) => writePage(directory, pages === true ? undefined : pages, to))
  const ports = {
    ...(write && { publishPage: (directory: string) => write(directory, report) }),
    limits,
    ...(executor && { executor }),
  }
  const out = { option: '--out', inside: { place: options.outDir, option: '--name' } }
  const outcome = await atPlace(out, () => runPlan(plan, options, onEvent, stop, ports))
  return { ...outcome, pages: write ? await pagesOf(outcome, reported, write, report) : [] }
}

/** Makes a folder where there is none. Throws where nothing can be written there. */
function checkWritable(directory: string): void {
  makeFolder(directory)
  accessSync(directory, constants.W_OK)
}

/** Trials that fit one by one may not fit at the same time: estimates are rough, so it is only a warning. */
function memoryWarning({ trials }: Plan, workers: number, limit: number): string | undefined {
  const largest = trials.map(({ cost }) => cost?.bytes ?? 0).sort((a, b) => b - a)
  const bytes = largest.slice(0, workers).reduce((sum, each) => sum + each, 0)
  if (workers === 1 || bytes <= limit) return undefined
  return `${workers} concurrent trials may need about ${gigabytes(bytes)} of ${gigabytes(limit)}: use fewer --workers`
}

/** A trial's report.html; reports what is wrong with its training. Damaged files become a warning, here or of the caller. */
async function writePage(directory: string, choice: PlaygroundChoice | undefined, report: Report): Promise<void> {
  const { writeTrialReport } = await import('../report/render/trial/write.js')
  const { path, problems, concerns } = await writeTrialReport(directory, { ...(choice && { playground: choice }) })
  if (path === undefined) throw new SeqlabError('run', problems.join('; '))
  for (const message of problems) report({ kind: 'warning', message })
  for (const message of concerns) report({ kind: 'concern', trialId: basename(directory), message })
}

/**
 * The pages of all trials. The page of a trial that had finished before this run is written again: the existing one may
 * be damaged, or from another version; what is wrong with its training was reported then.
 */
async function pagesOf(
  { records, directory }: RunOutcome,
  reported: ReadonlySet<string>,
  write: (directory: string, report: Report) => Promise<void>,
  report: Report,
) {
  const pages: string[] = []
  for (const { trialId } of records) {
    const folder = join(directory, trialId)
    try {
      if (!reported.has(trialId)) await write(folder, () => {})
      if (existsSync(trialPath(folder, 'page'))) pages.push(trialPath(folder, 'page'))
    } catch (error) {
      const { message } = toPlainError(error)
      report({ kind: 'warning', message: `Could not write the page of trial ${trialId}: ${message}` })
    }
  }
  return pages
}

/** Writes index.html of the runs' folder: a page that cannot be written is a warning, no result depends on it. */
export async function writeIndex(outDir: string, report: Report): Promise<void> {
  try {
    const { writeRunsIndex } = await import('../report/render/runs/write.js')
    await writeRunsIndex(outDir)
  } catch (error) {
    const { message } = toPlainError(error)
    report({ kind: 'warning', message: `Could not write the index of the runs: ${message}` })
  }
}

/** Studies of more trials leave pages of trials to `show --html`. */
const pagesAtMost = 12

/** Pages of a small study's trials that have none, so that its comparison leads somewhere. */
async function writeMissingPages(
  directory: string,
  report: Report,
  choice: PlaygroundChoice | undefined,
): Promise<void> {
  const trials = readStudy(directory).trials.filter(({ state }) => state === 'published')
  if (trials.length > pagesAtMost) return
  for (const trial of trials) {
    if (existsSync(trialPath(trial.directory, 'page'))) continue
    try {
      await writePage(trial.directory, choice, () => {})
    } catch (error) {
      const { message } = toPlainError(error)
      report({ kind: 'warning', message: `Could not write the page of trial ${trial.id}: ${message}` })
    }
  }
}

/** What a study's comparison says in words; the comparison itself is in comparison.json. */
export interface StudyComparison {
  readonly path: string
  readonly headline: readonly string[]
  readonly claims: readonly string[]
  readonly published: readonly string[]
  /** What could not be read. */
  readonly problems: readonly string[]
}

/** Whether a plan has results to compare. */
export function isCompared({ trials, published }: Plan): boolean {
  return trials.length > 1 || published !== undefined || trials.some(({ evaluations }) => evaluations.length > 1)
}

/**
 * Writes comparison.{html,md,csv,json} of a study; before it, evaluates the ensembles that its published figures are of. The
 * results are on disk: a comparison that cannot be made is a warning, and undefined.
 */
export async function writeStudyComparison(
  directory: string,
  report: Report,
  choice?: PlaygroundChoice,
): Promise<StudyComparison | undefined> {
  const outDir = dirname(directory)
  // The comparison links to it where it exists.
  if (!existsSync(runsIndexPath(outDir))) await writeIndex(outDir, report)
  await writeMissingPages(directory, report, choice)
  try {
    const { evaluateEnsembles } = await import('./ensembles.js')
    await evaluateEnsembles(directory, (message) => report({ kind: 'warning', message }))
    const { writeComparison } = await import('../report/render/comparison/write.js')
    const { paths, headline, claims, published, problems } = await writeComparison(directory, {
      ...(choice && { playground: choice }),
    })
    return { path: paths[0] ?? '', headline, claims, published, problems }
  } catch (error) {
    const { message } = toPlainError(error)
    const again = shellLine(['seqlab', 'compare', directory])
    report({ kind: 'warning', message: `Could not write the comparison: ${message} (${again} makes it again)` })
    return undefined
  }
}
