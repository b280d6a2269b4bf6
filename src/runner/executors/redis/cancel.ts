import { resolve } from 'node:path'
import {
  type LockedStudy,
  queueAttempts,
  readQueueFile,
  revokeAttempt,
  unfinishedAttempts,
} from '../../../store/index.js'
import { defaultLimits } from '../../limits.js'
import type { TrialJob } from '../../messages.js'
import { versions } from '../../versions.js'
import { openQueueFleet } from './executor.js'
import type { QueueSettings } from './settings.js'

/** What a profile says where it says nothing: cancelling needs no profile. */
const settings: QueueSettings = {
  ...{ queue: 'seqlab', leaseMs: 60_000, graceMs: 60_000, pollMs: 30_000, keepMs: 7 * 86_400_000 },
  ...{ largestBytes: 4 * 2 ** 30, jobs: 1_000_000 },
}

/**
 * Takes a study's jobs back from its queue: what waits leaves it, what runs saves first, and what it saved is kept. Their
 * attempts end without a result; how many these were. Throws SeqlabError where Redis cannot be reached.
 */
export async function cancelQueued(study: LockedStudy, warn: (message: string) => void): Promise<number> {
  const directory = resolve(study.directory)
  const file = readQueueFile(directory)
  if (file === undefined) return 0
  let left = 0
  let over: () => void = () => {}
  const ended = ({ trialId, attempt }: TrialJob) => {
    revokeAttempt(study, { trialId, attempt }, 'it was cancelled')
    left--
    if (left === 0) over()
  }
  const fleet = await openQueueFleet(
    file.queue,
    settings,
    { directory, lock: study.lock },
    { ...noWork, versions: versions() },
    { onEvent: () => {}, onEnd: ended, onFailure: ended, onWarning: warn },
  )
  try {
    const given = [...unfinishedAttempts(directory)]
    const found = given.filter(([id, attempt]) => fleet.adopt(id, attempt) !== undefined)
    // Redis has lost them, or they never got there.
    for (const [trialId, { attempt }] of queueAttempts(directory))
      if (!found.some(([id]) => id === trialId)) revokeAttempt(study, { trialId, attempt }, 'it was cancelled')
    left = found.length
    if (left === 0) return 0
    const all = new Promise<void>((done) => {
      over = done
    })
    fleet.stop()
    await all
    return found.length
  } finally {
    await fleet.close()
  }
}

/** Nothing is given to this fleet. */
const noWork = {
  ...{ workers: 1, isolation: 'process' as const, engine: { name: 'auto' as const }, parts: [], limits: defaultLimits },
  expectedMs: () => 0,
}
