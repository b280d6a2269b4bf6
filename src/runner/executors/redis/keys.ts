// Every name in Redis: BullMQ's own begin with `seqlab:<queue>:`, those of files with `seqlab-files:<queue>:`.

/** What BullMQ's keys begin with. */
export const bullPrefix = 'seqlab'

/** Redis keys of one queue's files. */
export interface Keys {
  /** A hash: pieces by number, and `bytes` once all of them are there. */
  blob(sha256: string): string
  /** A set: who needs the blob. */
  holders(sha256: string): string
  /** A set: what somebody holds. */
  held(owner: string): string
  /** BullMQ's own: the token of the worker that has the job. */
  lock(jobId: string): string
  /** A set of a study's jobs. */
  study(study: string): string
  /** While a coordinator of the study is there. */
  here(study: string): string
  /** Set where a job is to stop: `save` or `kill`. */
  stop(jobId: string): string
  /** A job's last checkpoint. */
  checkpoint(jobId: string): string
}

export function keysOf(queue: string): Keys {
  const files = `seqlab-files:${queue}`
  return {
    blob: (sha256) => `${files}:blob:${sha256}`,
    holders: (sha256) => `${files}:holders:${sha256}`,
    held: (owner) => `${files}:held:${owner}`,
    lock: (jobId) => `${bullPrefix}:${queue}:${jobId}:lock`,
    study: (study) => `${files}:study:${study}`,
    here: (study) => `${files}:here:${study}`,
    stop: (jobId) => `${files}:stop:${jobId}`,
    checkpoint: (jobId) => `${files}:checkpoint:${jobId}`,
  }
}
