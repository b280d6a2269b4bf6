import { rmSync } from 'node:fs'
import type { PlannedTrial } from '../../spec/types.js'
import { forgetAttempts, recover, setAside } from '../../store/publish.js'
import type { RunRecord } from '../../store/record.js'
import { attemptsDirectory, type Study, trialDirectory } from '../../store/study.js'
import { changedStudy, versionDifferences } from '../../store/study-file.js'
import type { RunOptions } from '../events.js'

/** What a run directory holds of a plan, and what is left to do. */
export interface Stock {
  readonly records: readonly RunRecord[]
  readonly waiting: PlannedTrial[]
}

/** Finds out which trials are finished, and mends what a crash left half done. */
export async function takeStock(
  study: Study,
  trials: readonly PlannedTrial[],
  options: RunOptions,
  warn: (message: string) => void,
): Promise<Stock> {
  const records: RunRecord[] = []
  const waiting: PlannedTrial[] = []
  for (const trial of trials) {
    if (options.fresh) forget(study, trial.id)
    const { record, problems } = await recover(study, trial.id)
    if (problems.length > 0) {
      warn(`Trial ${trial.id} is done again: ${problems.join('; ')}`)
      distrust(study, trial.id, problems.join('; '))
    }
    if (record !== undefined && study.rebuilt && !options.force) checkMaker(study, record, options.command)
    if (record === undefined || !isFinished(record) || (options.retryFailed && record.error !== undefined)) {
      waiting.push(trial)
    } else {
      records.push(record)
      forgetAttempts(study.directory, record)
    }
  }
  return { records, waiting }
}

/** Without study.json a record's own versions say whether it may stand beside new ones. */
function checkMaker(study: Study, { versions, trialId }: RunRecord, command: string): void {
  const { engine: _, ...made } = versions
  const changes = versionDifferences(made, study.file.versions)
  if (changes.length > 0) throw changedStudy(study.directory, [`trial ${trialId}:`, ...changes], command)
}

/** A trial that was cancelled says why when its budget ran out; without a reason it was merely interrupted. */
export function isFinished({ status, error }: RunRecord): boolean {
  return status === 'completed' || error !== undefined
}

function forget(study: Study, trialId: string): void {
  study.ledger.append({ kind: 'discarded', trialId, reason: 'run afresh' })
  rmSync(attemptsDirectory(study.directory, trialId), { recursive: true, force: true })
  rmSync(trialDirectory(study.directory, trialId), { recursive: true, force: true })
}

/** A damaged result is never shown as a good one: the trial is done again, from its checkpoint where that is whole. */
function distrust(study: Study, trialId: string, reason: string): void {
  study.ledger.append({ kind: 'discarded', trialId, reason })
  setAside(study.directory, trialId, 'damaged')
}
