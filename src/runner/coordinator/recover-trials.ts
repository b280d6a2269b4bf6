import type { PlannedTrial } from '../../spec/types.js'
import {
  changedStudy,
  discardDamaged,
  discardTrial,
  type EvaluationRecord,
  forgetAttempts,
  isFinished,
  type OpenStudy,
  type RunRecord,
  recover,
  recoverEvaluations,
  versionDifferences,
} from '../../store/index.js'
import type { RunEvent, RunOptions } from '../events.js'
import { plannedTasks } from './planned-times.js'
import { evaluateTasks, type Task } from './task.js'

/** What a run directory holds of a plan, and what is left to do. */
export interface RecoveredTrials {
  readonly records: readonly RunRecord[]
  /** Those after the final ones. */
  readonly evaluations: readonly EvaluationRecord[]
  readonly waiting: readonly Task[]
}

/** Finds out which trials and evaluations are finished, and repairs what a crash left half done. */
export async function recoverTrials(
  study: OpenStudy,
  trials: readonly PlannedTrial[],
  options: RunOptions,
  warn: (message: string) => void,
): Promise<RecoveredTrials> {
  const records: RunRecord[] = []
  const evaluations: EvaluationRecord[] = []
  const waiting: Task[] = []
  for (const trial of trials) {
    const record = await recoverTrial(study, trial, options, warn)
    if (record === undefined) {
      waiting.push({ kind: 'train', trial })
      continue
    }
    records.push(record)
    forgetAttempts(study, record)
    if (record.status !== 'completed') continue
    const { made, missing, problems } = await recoverEvaluations(study, trial, record)
    if (problems.length > 0) warn(`Trial ${trial.id} is evaluated again: ${problems.join('; ')}`)
    evaluations.push(...made)
    waiting.push(...evaluateTasks(trial, missing))
  }
  return { records, evaluations, waiting }
}

/** What a run begins with. */
export function startedEvent(
  { directory, file, added }: OpenStudy,
  trials: readonly PlannedTrial[],
  { records, waiting }: RecoveredTrials,
  workers: number,
): RunEvent {
  return {
    kind: 'started',
    ...{ study: file.study, directory, trials: trials.length, finishedBefore: records.length },
    added: trials.filter(({ id }) => added.has(id)).length,
    toEvaluate: waiting.filter(({ kind }) => kind === 'evaluate').length,
    earlier: file.earlier.length,
    times: plannedTasks(waiting),
    workers,
  }
}

/** The record of a finished trial; undefined where it is to be run. */
async function recoverTrial(
  study: OpenStudy,
  trial: PlannedTrial,
  options: RunOptions,
  warn: (message: string) => void,
): Promise<RunRecord | undefined> {
  if (options.fresh) discardTrial(study, trial.id, 'run afresh')
  const { record, problems } = await recover(study, trial.id)
  if (problems.length > 0) {
    warn(`Trial ${trial.id} is run again: ${problems.join('; ')}`)
    discardDamaged(study, trial.id, problems.join('; '))
  }
  if (record !== undefined && study.rebuilt && !options.force) checkMaker(study, record, options.command)
  if (record === undefined || !isFinished(record) || (options.retryFailed && record.error !== undefined))
    return undefined
  return record
}

/** Without study.json the versions in a record decide whether it may be mixed with new ones. */
function checkMaker(study: OpenStudy, { versions, trialId }: RunRecord, command: string): void {
  const { engine: _, ...own } = versions
  const changes = versionDifferences(own, study.file.versions)
  if (changes.length > 0) throw changedStudy(study.directory, [`trial ${trialId}:`, ...changes], command)
}
