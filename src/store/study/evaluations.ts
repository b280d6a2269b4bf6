// Evaluations of models that were trained before: each is made in an attempt's folder and renamed into the trial's. Equal
// models, data and settings give equal bytes, so what a crash cut short is made again. Only the coordinator does this.
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { runErrorOrThrow } from '../../core/checked-json.js'
import { failpoint } from '../../core/failpoints.js'
import { syncFolder } from '../../core/files.js'
import type { PlannedEvaluation, PlannedTrial } from '../../spec/types.js'
import {
  attemptDirectory,
  attemptsDirectory,
  evaluationDirectory,
  evaluationNames,
  trialDirectory,
  trialPath,
} from '../layout.js'
import type { AttemptId } from '../trial/attempt.js'
import { type EvaluationRecord, readEvaluation, readPredictionsText, writeEvaluation } from '../trial/evaluation.js'
import type { RunRecord } from '../trial/record.js'
import type { OpenStudy } from './open.js'

/** What is there of a trial's planned evaluations. */
export interface RecoveredEvaluations {
  /** Those after the final one. */
  readonly made: readonly EvaluationRecord[]
  readonly missing: readonly PlannedEvaluation[]
  /** What was damaged, in words. */
  readonly problems: readonly string[]
}

/** Reads the evaluations that are planned for a completed trial; damaged ones are removed and missing. */
export async function recoverEvaluations(
  study: OpenStudy,
  { id, evaluations }: Pick<PlannedTrial, 'id' | 'evaluations'>,
  record: RunRecord,
): Promise<RecoveredEvaluations> {
  const directory = trialDirectory(study.directory, id)
  const made: EvaluationRecord[] = []
  const missing: PlannedEvaluation[] = []
  const problems: string[] = []
  for (const planned of evaluations.filter((evaluation) => evaluation.id !== record.evaluation)) {
    const read = await readWhole(directory, planned.id)
    if (typeof read === 'string') {
      problems.push(read)
      discardEvaluation(study, id, planned.id, read)
    }
    if (read === undefined || typeof read === 'string') missing.push(planned)
    else made.push(read)
  }
  return { made, missing, problems }
}

/** Undefined where there is none; what is wrong with it, in words, where it is damaged. */
async function readWhole(directory: string, id: string): Promise<EvaluationRecord | string | undefined> {
  if (!evaluationNames(directory).includes(id)) return undefined
  try {
    const evaluation = readEvaluation(directory, id)
    if (evaluation === undefined) return `${evaluationDirectory(directory, id)} has no evaluation.json`
    await readPredictionsText(directory, evaluation)
    return evaluation
  } catch (error) {
    return runErrorOrThrow(error).message
  }
}

function discardEvaluation(study: OpenStudy, trialId: string, evaluation: string, reason: string): void {
  study.ledger.append({ kind: 'evaluation-discarded', trialId, evaluation, reason })
  const directory = evaluationDirectory(trialDirectory(study.directory, trialId), evaluation)
  rmSync(directory, { recursive: true, force: true })
}

/** Writes each evaluation next to its predictions in the attempt's folder, and moves it into the trial's; where that is. */
export function publishEvaluations(
  study: OpenStudy,
  { trialId, attempt }: AttemptId,
  evaluations: readonly EvaluationRecord[],
): string {
  const at = { trial: trialId, attempt }
  const from = attemptDirectory(study.directory, trialId, attempt)
  const to = trialDirectory(study.directory, trialId)
  for (const evaluation of evaluations) writeEvaluation(from, evaluation)
  failpoint('before-evaluated-line', at)
  study.lock.check()
  study.ledger.append({ kind: 'evaluated', trialId, attempt, evaluations: evaluations.map(({ id }) => id) })
  mkdirSync(trialPath(to, 'evaluations'), { recursive: true })
  for (const { name } of evaluations) {
    rmSync(evaluationDirectory(to, name), { recursive: true, force: true })
    renameSync(evaluationDirectory(from, name), evaluationDirectory(to, name))
    failpoint('after-evaluated-line', at)
  }
  syncFolder(trialPath(to, 'evaluations'))
  rmSync(attemptsDirectory(study.directory, trialId), { recursive: true, force: true })
  return to
}
