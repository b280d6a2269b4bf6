import type { RedisOptions } from '../../../spec/cluster/options.js'
import { durationMs, sizeBytes } from '../../../spec/cluster/units.js'
import type { QueueSettings } from './settings.js'

/** What a profile of a queue on Redis says, in plain numbers. */
export function queueSettings(profile: RedisOptions): QueueSettings {
  const { queue, lease, grace, poll, keep, largestFile, jobs } = profile
  return {
    ...{ queue, jobs, leaseMs: durationMs(lease), graceMs: durationMs(grace), pollMs: durationMs(poll) },
    ...{ keepMs: durationMs(keep), largestBytes: sizeBytes(largestFile) },
  }
}
