import type { PlannedTrial } from '../../spec/types.js'
import {
  changedStudy,
  discardDamaged,
  discardTrial,
  forgetAttempts,
  type OpenStudy,
  type RunRecord,
  recover,
  versionDifferences,
} from '../../store/index.js'
import type { RunOptions } from '../events.js'

/** What a run directory holds of a plan, and what is left to do. */
export interface RecoveredTrials {
  readonly records: readonly RunRecord[]
  readonly waiting: readonly PlannedTrial[]
}

/** Finds out which trials are finished, and repairs what a crash left half done. */
export async function recoverTrials(
  study: OpenStudy,
  trials: readonly PlannedTrial[],
  options: RunOptions,
  warn: (message: string) => void,
): Promise<RecoveredTrials> {
  const records: RunRecord[] = []
  const waiting: PlannedTrial[] = []
  for (const trial of trials) {
    if (options.fresh) discardTrial(study, trial.id, 'run afresh')
    const { record, problems } = await recover(study, trial.id)
    if (problems.length > 0) {
      warn(`Trial ${trial.id} is run again: ${problems.join('; ')}`)
      discardDamaged(study, trial.id, problems.join('; '))
    }
    if (record !== undefined && study.rebuilt && !options.force) checkMaker(study, record, options.command)
    if (record === undefined || !isFinished(record) || (options.retryFailed && record.error !== undefined)) {
      waiting.push(trial)
    } else {
      records.push(record)
      forgetAttempts(study, record)
    }
  }
  return { records, waiting }
}

/** Without study.json the versions in a record decide whether it may be mixed with new ones. */
function checkMaker(study: OpenStudy, { versions, trialId }: RunRecord, command: string): void {
  const { engine: _, ...own } = versions
  const changes = versionDifferences(own, study.file.versions)
  if (changes.length > 0) throw changedStudy(study.directory, [`trial ${trialId}:`, ...changes], command)
}

/** A cancelled trial has a reason if its budget ran out; without a reason it was merely interrupted. */
export function isFinished({ status, error }: RunRecord): boolean {
  return status === 'completed' || error !== undefined
}
