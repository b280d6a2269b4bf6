import { basename, dirname, join } from 'node:path'
import { SeqlabError, toPlainError } from '../../core/errors.js'
import { inParallel, studiesAtATime, trialsAtATime } from '../../core/parallel.js'
import type { ClusterAttempt } from '../cluster/attempts.js'
import { evaluationNames, foldersIn, isStudyFolder, refuseMissing, trialPath } from '../layout.js'
import { type EvaluationRecord, readEvaluations, readOwnEvaluations } from '../trial/evaluation.js'
import { openTrial } from '../trial/read.js'
import type { RunRecord } from '../trial/record.js'
import { type AttemptStart, activeAttempts, attemptStart, curvePath } from './activity.js'
import { readStudy, type TrialPlace } from './read.js'
import { revokedReasons } from './revoke.js'

/** One line of `seqlab list`. */
export interface ListedRun {
  readonly study: string
  readonly directory: string
  readonly label: string
  readonly seed: number | undefined
  /** `waiting`: planned, and without a result yet; `running`: so, and somebody trains it now; on a cluster `queued` before and `computed` after it. `damaged`: its files are not what was written, or cannot be read. */
  readonly status: RunRecord['status'] | 'waiting' | ClusterAttempt['state'] | 'damaged'
  readonly record?: RunRecord
  readonly problem?: string
  /** Of one that waits and has not begun: why it does not, where an attempt at it came to nothing (a cluster refused it, it was taken back). */
  readonly reason?: string
  /** Of one that has begun and has no result: where its curve is, where the attempt that trains it now began, and its settings. */
  readonly begun?: BegunRun
  /** When its result was published; undefined where there is none. */
  readonly publishedMs?: number
  /** Labels of evaluations that are planned for its trained model and not made yet. */
  readonly missingEvaluations: readonly string[]
  /** Evaluations of its trained model on data of their own: `seqlab evaluate` made them. */
  readonly ownEvaluations: readonly EvaluationRecord[]
}

export interface BegunRun {
  readonly start: AttemptStart | undefined
  readonly curve: string | undefined
  readonly settings: Readonly<Record<string, unknown>> | undefined
}

/** A run with all evaluations that are planned for its trained model, the final one first. */
export interface DetailedRun extends ListedRun {
  readonly evaluations: readonly EvaluationRecord[]
  /** Evaluations that cannot be read, in words. */
  readonly evaluationProblems: readonly string[]
}

/**
 * Every run of every study in a folder, newest study first. Only records and evaluations are read, each checked against its manifest. A
 * study that cannot be read is one damaged run. Throws SeqlabError 'run' where the folder is none.
 */
export async function listRuns(outDir: string): Promise<ListedRun[]> {
  refuseMissing(outDir)
  const studies = foldersIn(outDir).map((name) => join(outDir, name))
  const listed = await inParallel(studies, studiesAtATime, (study) => listStudy(study, withOwn))
  const newest = (runs: readonly ListedRun[]) => Math.max(0, ...runs.map(({ publishedMs = 0 }) => publishedMs))
  return listed.sort((a, b) => newest(b) - newest(a)).flat()
}

/** The runs of one study: those of its plan in its order, then others. Where it cannot be read, that comes first. */
async function listStudy<Run>(directory: string, complete: (run: TrainedRun) => Run): Promise<Run[]> {
  const { problem, trials, file } = readStudy(directory)
  const running = trials.some(isBegun) ? activeAttempts(directory) : new Map<string, ClusterAttempt>()
  const reasons = trials.some(isUnbegun) ? revokedReasons(directory) : new Map<string, string>()
  const runs = await inParallel(trials, trialsAtATime, async (trial) => {
    const reason = isUnbegun(trial) ? reasons.get(trial.id) : undefined
    const run = { ...(await listRun(directory, trial)), ...(reason !== undefined && { reason }) }
    const settings = file?.settings[trial.planned?.settings ?? '']
    return isBegun(trial) ? begunRun(run, trial.id, { active: running.get(trial.id), settings }) : run
  })
  const isStudy = problem !== undefined && (problem.cause !== undefined || isStudyFolder(directory))
  return (isStudy ? [unreadable(directory, problem.message), ...runs] : runs).map(complete)
}

function isBegun({ state, begun }: TrialPlace): boolean {
  return state === 'waiting' && begun
}

function isUnbegun({ state, begun }: TrialPlace): boolean {
  return state === 'waiting' && !begun
}

function begunRun(
  run: TrainedRun,
  id: string,
  { active, settings }: { readonly active: ClusterAttempt | undefined } & Pick<BegunRun, 'settings'>,
): TrainedRun {
  const attempt = active?.attempt
  const start = attempt === undefined ? undefined : attemptStart(run.study, id, attempt)
  const begun = { start, curve: curvePath(run.study, id), settings }
  return { ...run, status: active?.state ?? 'waiting', begun }
}

/** The runs of one study with the evaluations of each. */
export async function describeStudy(directory: string): Promise<DetailedRun[]> {
  return listStudy(directory, withEvaluations)
}

/** One trial as `describeStudy` gives it. Throws SeqlabError 'run' where it is not published. */
export async function describeTrial(directory: string): Promise<DetailedRun> {
  const study = dirname(directory)
  const place = readStudy(study).trials.find(({ id }) => id === basename(directory))
  if (place === undefined) throw new SeqlabError('run', `${directory} is no trial of ${study}`)
  return withEvaluations(await listRun(study, place))
}

/** A run before its evaluations are read. */
type TrainedRun = Omit<ListedRun, 'ownEvaluations'>

function withOwn(run: TrainedRun): ListedRun {
  const ownEvaluations = isCompleted(run) ? readOwnEvaluations(run.directory, run.record.trialId) : []
  return { ...run, ownEvaluations }
}

function withEvaluations(run: TrainedRun): DetailedRun {
  if (!isCompleted(run)) return { ...run, ownEvaluations: [], evaluations: [], evaluationProblems: [] }
  const { evaluations, own, problems } = readEvaluations(run.directory, run.record.trialId)
  return { ...run, ownEvaluations: own, evaluations, evaluationProblems: problems }
}

function isCompleted(run: TrainedRun): run is TrainedRun & Required<Pick<ListedRun, 'record'>> {
  return run.record?.status === 'completed'
}

function unreadable(study: string, problem: string): TrainedRun {
  const label = basename(study)
  return { study, directory: study, label, seed: undefined, status: 'damaged', problem, missingEvaluations: [] }
}

async function listRun(study: string, { id, directory, planned, state }: TrialPlace): Promise<TrainedRun> {
  const label = planned?.label ?? id
  const known = { study, directory, label, seed: planned?.seed, missingEvaluations: [] }
  if (state === 'waiting') return { ...known, status: 'waiting' }
  if (state === 'lost')
    return { ...known, status: 'damaged', problem: `${trialPath(directory, 'manifest')} is missing` }
  try {
    const { record, publishedMs } = await openTrial(directory)
    const missing = missingEvaluations(directory, record, planned?.evaluations ?? []).map(
      (evaluation) => evaluation.label,
    )
    const { label, seed, status } = record
    return { ...known, label, seed, status, record, publishedMs, missingEvaluations: missing }
  } catch (error) {
    return { ...known, status: 'damaged', problem: toPlainError(error).message }
  }
}

/** Those of a trained model's `planned` evaluations that have not been made; none of a trial that did not complete. */
function missingEvaluations<Planned extends { readonly id: string }>(
  trialDirectory: string,
  { status, evaluation }: Pick<RunRecord, 'status' | 'evaluation'>,
  planned: readonly Planned[],
): readonly Planned[] {
  if (status !== 'completed') return []
  const made = new Set([evaluation, ...evaluationNames(trialDirectory)])
  return planned.filter(({ id }) => !made.has(id))
}
