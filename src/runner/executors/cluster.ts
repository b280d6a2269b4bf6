import type { ClusterOptions } from '../../spec/cluster/options.js'
import { sizeBytes } from '../../spec/cluster/units.js'
import { memoryShare } from '../limits.js'
import type { Executor } from './types.js'

/** The executor that a profile names; what it needs is loaded with it. */
export async function clusterExecutor(profile: ClusterOptions): Promise<Executor> {
  if (profile.executor === 'slurm') {
    const { slurmExecutor } = await import('./slurm/executor.js')
    const { slurmSettings } = await import('./slurm/settings.js')
    return slurmExecutor(slurmSettings(profile))
  }
  const { redisExecutor } = await import('./redis/executor.js')
  const { queueSettings } = await import('./redis/profile.js')
  return redisExecutor(queueSettings(profile))
}

/** Of a job's memory that its trials may take; undefined where only the machines that compute know. */
export function jobBytes(profile: ClusterOptions): number | undefined {
  if (profile.executor !== 'slurm' || profile.memory === undefined) return undefined
  return memoryShare * sizeBytes(profile.memory)
}
