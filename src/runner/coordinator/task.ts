import { sameJson } from '../../core/canonical-json.js'
import { SeqlabError } from '../../core/errors.js'
import type { PlannedEvaluation, PlannedTrial } from '../../spec/types.js'
import type { EvaluationRecord } from '../../store/index.js'
import type { MissingEvaluation } from '../events.js'
import type { AttemptOutcome, EvaluateJob, TrainJob, TrialJob } from '../messages.js'

/** What is left to do for a trial: training, with its first evaluation, or evaluations of the trained model. */
export type Task =
  | { readonly kind: 'train'; readonly trial: PlannedTrial }
  | { readonly kind: 'evaluate'; readonly trial: PlannedTrial; readonly evaluations: readonly PlannedEvaluation[] }

export type EvaluateTask = Extract<Task, { kind: 'evaluate' }>

/** Tasks of some evaluations of one trial; none where there are none. */
export function evaluateTasks(trial: PlannedTrial, evaluations: readonly PlannedEvaluation[]): readonly EvaluateTask[] {
  return evaluations.length === 0 ? [] : [{ kind: 'evaluate', trial, evaluations }]
}

/** Whether a job gives what a task asks for, or some of it: another plan of the same trial may search in another way. */
export function isJobOf(task: Task, job: TrialJob): boolean {
  if (task.kind === 'evaluate') return job.kind === 'evaluate' && byJob(task, job).now.length > 0
  if (job.kind !== 'train') return false
  const { spec, seed, digests, start } = task.trial
  const asked = { spec: job.spec, seed: job.seed, digests: job.digests, start: job.start }
  return sameJson({ spec, seed, digests, start }, asked)
}

/** The evaluations of a task that a job makes, and what is left of the task after it. */
export function byJob(
  { trial, evaluations }: EvaluateTask,
  job: EvaluateJob,
): { readonly now: readonly PlannedEvaluation[]; readonly later: readonly EvaluateTask[] } {
  const ids = new Set(job.evaluations.map(({ id }) => id))
  const now = evaluations.filter(({ id }) => ids.has(id))
  return {
    now,
    later: evaluateTasks(
      trial,
      evaluations.filter(({ id }) => !ids.has(id)),
    ),
  }
}

/** Evaluations on one test split, which a worker reads once. */
function onFirstSplit({ evaluations }: EvaluateTask): readonly PlannedEvaluation[] {
  return evaluations.filter(({ testDigest }) => testDigest === evaluations[0]?.testDigest)
}

/** The evaluations that tasks of trained models would make. */
export function evaluationsOf(tasks: readonly Task[]): readonly MissingEvaluation[] {
  return tasks.flatMap((task) => {
    if (task.kind === 'train') return []
    const { id: trialId, seed } = task.trial
    return task.evaluations.map(({ label }) => ({ trialId, label, seed }))
  })
}

interface Place {
  readonly attempt: number
  readonly directory: string
}

export function trainJob(trial: PlannedTrial, place: Place, resumeFrom: readonly string[]): TrainJob {
  const { id, label, spec, seed, baseDir, digests, start } = trial
  return { kind: 'train', trialId: id, ...place, resumeFrom, label, spec, seed, baseDir, digests, start }
}

/** The first evaluations of a task, on the data that their test split is in; `trained` is the trial's folder. */
export function evaluateJob(task: EvaluateTask, place: Place, trained: string): EvaluateJob {
  const evaluations = onFirstSplit(task)
  const { id, spec, seed, baseDir, digests } = task.trial
  const { data, testDigest: test, baseDir: from } = evaluations[0] ?? { ...spec, testDigest: digests.test, baseDir }
  const read = { spec: { ...spec, data }, baseDir: from, digests: { ...digests, test } }
  return { kind: 'evaluate', trialId: id, ...place, trained, evaluations, seed, ...read }
}

/** What a job's evaluations are written as. */
export function evaluationRecords(
  { trial, evaluations }: EvaluateTask,
  { evaluations: results, engine }: Extract<AttemptOutcome, { kind: 'evaluated' }>,
  versions: Readonly<Record<string, string>>,
): readonly EvaluationRecord[] {
  return results.flatMap(({ id, metrics, predictions }): EvaluationRecord[] => {
    const planned = evaluations.find((evaluation) => evaluation.id === id)
    if (planned === undefined) return []
    const { label, variant, decode, testDigest } = planned
    return [
      {
        schemaVersion: 2,
        ...{ trialId: trial.id, name: id, id, label, variant, decode },
        metrics: planned.metrics,
        testDigest,
        results: metrics,
        predictions,
        engine: engine.name,
        versions: { ...versions, engine: engine.version },
      },
    ]
  })
}

/** An outcome of another kind of task: a mistake of ours. */
export function unexpected({ trialId }: Pick<TrialJob, 'trialId'>, { kind }: AttemptOutcome): SeqlabError {
  return new SeqlabError('internal', `Trial ${trialId} ended as ${kind}, which it was not asked for`)
}
