import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SeqlabError } from '../../../core/errors.js'
import {
  clusterAttempts,
  endElement,
  type LockedStudy,
  listBatches,
  removeBatch,
  revokeAttempt,
} from '../../../store/index.js'
import { askToSave, cancelJobs, hasEnded, readQueue } from './queue.js'

/** How long running jobs have to save. */
const saveMs = 60_000
const askEveryMs = 1000

/**
 * Takes a study's jobs back from Slurm: what waits leaves the queue, what runs saves first. Their attempts end without a
 * result; how many these were. Throws SeqlabError 'run' where Slurm does not cancel.
 */
export async function cancelStudy(study: LockedStudy, { waitMs = saveMs } = {}): Promise<number> {
  const directory = resolve(study.directory)
  const { batches } = listBatches(directory)
  const names = batches.map(({ name }) => name)
  refuseFailed(await cancelJobs(names, 'PENDING'))
  await askToSave(names)
  for (let leftMs = waitMs; leftMs > 0 && !(await isEmpty(names)); leftMs -= askEveryMs) await sleep(askEveryMs)
  const attempts = [...clusterAttempts(directory)]
  // What Slurm has not been told of yet (or was told twice) finds that nobody waits for it.
  for (const batch of batches) for (const index of batch.file.elements.keys()) endElement(batch.directory, index)
  refuseFailed(await cancelJobs(names))
  for (const [trialId, { attempt }] of attempts) revokeAttempt(study, { trialId, attempt }, 'it was cancelled')
  for (const batch of batches) removeBatch(directory, batch)
  return attempts.length
}

async function isEmpty(names: readonly string[]): Promise<boolean> {
  const queue = await readQueue(names)
  return typeof queue !== 'string' && [...queue.values()].flat().every(hasEnded)
}

function refuseFailed(words: string | undefined): void {
  if (words !== undefined) throw new SeqlabError('run', `Slurm does not cancel the jobs: ${words}`)
}
