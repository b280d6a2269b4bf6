// The end of a job, taken from the queue: what its worker says is checked, and its files are verified, before it is reported.
import { rmSync } from 'node:fs'
import { matches } from '../../../core/checked-json.js'
import { SeqlabError, toPlainError } from '../../../core/errors.js'
import { parseJson } from '../../../core/json.js'
import { type FileDigest, isWrittenByAttempt } from '../../../store/index.js'
import type { AttemptFailure, AttemptOutcome, TrialJob } from '../../messages.js'
import type { Blobs } from './blobs.js'
import type { Connection } from './connection.js'
import { receiveFiles } from './file-sets.js'
import type { JobQueue } from './queue.js'
import { type FileSet, fileSetSchema, wireEndSchema } from './wire.js'

/** How an attempt ended. */
export type Ended =
  | { readonly kind: 'outcome'; readonly outcome: AttemptOutcome }
  | { readonly kind: 'failure'; readonly failure: AttemptFailure; readonly refused?: true }

export interface CollectionPorts {
  readonly connection: Connection
  readonly queue: JobQueue
  readonly blobs: Blobs
  warn(message: string): void
}

/** The end of a job that has ended, its files in the attempt's folder; of one that was lost what it saved last. */
export async function collect(ports: CollectionPorts, jobId: string, job: TrialJob): Promise<Ended> {
  const ending = await ports.queue.ending(jobId)
  if (ending === undefined) return lost(ports, jobId, job, 'its job is no longer in Redis')
  if ('failed' in ending) return lost(ports, jobId, job, ending.failed)
  const said = ending.returned
  if (!matches(wireEndSchema, said))
    return refused(await lost(ports, jobId, job, 'its worker reported something that is no result'))
  if (said.kind === 'failure') {
    await takeCheckpoint(ports, jobId, job)
    return { kind: 'failure', failure: said.failure }
  }
  try {
    refuseOther(job, said.outcome)
    refuseUnlike(said.outcome, said.files)
    await receiveFiles(ports.blobs, said.files, job.directory, isWrittenByAttempt)
    return { kind: 'outcome', outcome: said.outcome }
  } catch (error) {
    if (!(error instanceof SeqlabError)) throw error
    return refused(await lost(ports, jobId, job, `its result could not be taken: ${error.message}`))
  }
}

/** A worker that reports what cannot be taken may do so for ever, and save each time: such ends are counted. */
function refused(ended: Ended): Ended {
  return ended.kind === 'failure' ? { ...ended, refused: true } : ended
}

/** An attempt whose worker is gone: it goes on from what it saved last. */
export async function lost(ports: CollectionPorts, jobId: string, job: TrialJob, message: string): Promise<Ended> {
  await takeCheckpoint(ports, jobId, job)
  return { kind: 'failure', failure: { kind: 'stopped-by-cluster', message, shared: false } }
}

async function takeCheckpoint(ports: CollectionPorts, jobId: string, job: TrialJob): Promise<void> {
  const { connection, queue, blobs } = ports
  if (job.kind !== 'train') return
  const text = await connection.attempt(() => connection.redis.get(queue.keys.checkpoint(jobId)))
  const files = text === null ? undefined : parseJson(text)
  if (files === undefined) return
  try {
    if (!matches(fileSetSchema, files)) throw new SeqlabError('run', 'it is none')
    // What the attempt's result left there, where that was refused.
    rmSync(job.directory, { recursive: true, force: true })
    await receiveFiles(blobs, files, job.directory, isWrittenByAttempt)
  } catch (error) {
    if (!(error instanceof SeqlabError)) throw error
    ports.warn(`Trial ${job.trialId}: its last checkpoint could not be taken: ${error.message}`)
  }
}

/** An outcome of the other kind of job. */
function refuseOther(job: TrialJob, outcome: AttemptOutcome): void {
  const only = job.kind === 'train' ? ['ran'] : ['evaluated', 'stopped']
  if (![...only, 'refused', 'obstructed'].includes(outcome.kind))
    throw new SeqlabError('run', `it is ${outcome.kind}, which the job did not ask for`)
}

/** The digests in an outcome are published as they are: the files have to have them. */
function refuseUnlike(outcome: AttemptOutcome, files: FileSet): void {
  for (const [name, { bytes, sha256 }] of Object.entries(digestsIn(outcome))) {
    const file = files[name]
    if (file?.sha256 !== sha256 || file.bytes !== bytes)
      throw new SeqlabError('run', `${name} is not among its files, or another one`)
  }
}

function digestsIn(outcome: AttemptOutcome): Readonly<Record<string, FileDigest>> {
  if (outcome.kind === 'ran') return outcome.files
  if (outcome.kind !== 'evaluated') return {}
  return Object.fromEntries(
    outcome.evaluations.map(({ id, predictions }) => [`evaluations/${id}/predictions.jsonl`, predictions]),
  )
}

/** An error of one's own as the end of the run. */
export function obstructed(error: unknown): AttemptOutcome {
  return { kind: 'obstructed', error: toPlainError(error) }
}

/** Data that are no longer what was planned are the trial's fault; everything else ends the run. */
export function refusedOrObstructed(error: unknown): AttemptOutcome {
  const isOfTrial = error instanceof SeqlabError && (error.code === 'data' || error.code === 'spec')
  return isOfTrial ? { kind: 'refused', error: toPlainError(error) } : obstructed(error)
}
