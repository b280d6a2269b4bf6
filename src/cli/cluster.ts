import type { Problem } from '../core/errors.js'
import type { Executor } from '../runner/executors/types.js'
import { defaultLimits } from '../runner/limits.js'
import type { ClusterOptions } from '../spec/cluster/options.js'
import { memoryBytesOf, type RunFlags } from './options.js'

/** Where a command runs its trials. */
export interface Place {
  /** Absent: on this machine. */
  readonly profile?: ClusterOptions
  readonly problems: readonly Problem[]
  /** Of memory that a trial may take; undefined where only the machines that compute know. */
  readonly memoryBytes: number | undefined
}

/** Reads the profile that `--cluster` names; every problem with it, and with options that it leaves without effect. */
export async function placeOf(flags: RunFlags): Promise<Place> {
  const asked = memoryBytesOf(flags)
  if (flags.cluster === undefined)
    return { problems: flags.detach ? [detachedHere] : [], memoryBytes: asked ?? defaultLimits.hostBytes }
  const { loadProfile } = await import('../spec/cluster/load-profile.js')
  const { jobBytes } = await import('../runner/executors/cluster.js')
  const { profile, problems } = loadProfile(flags.cluster)
  const useless = flags.workers === undefined ? [] : [workersThere]
  const all = [...problems, ...useless]
  return { ...(profile && { profile }), problems: all, memoryBytes: asked ?? (profile && jobBytes(profile)) }
}

const detachedHere: Problem = {
  path: '',
  message: '--detach leaves trials to a cluster, and there is none',
  hint: 'Name one: --cluster FILE.',
}

const workersThere: Problem = {
  path: '',
  message: '--workers is about this machine, and the trials run on a cluster',
  hint: 'What runs at once there is in the profile (Slurm: `cores` and `atOnce`), or is what its workers take.',
}

/** A budget of minutes needs somebody who watches the clock. */
export function budgetProblems(flags: RunFlags, minutes: number | undefined): readonly Problem[] {
  if (!flags.detach || minutes === undefined) return []
  const hint = 'Leave one of both out.'
  return [{ path: 'budget.minutes', message: 'cannot be kept by a command that is gone (--detach)', hint }]
}

/** How a place runs trials; undefined on this machine. */
export async function executorOf({ profile }: Pick<Place, 'profile'>): Promise<Executor | undefined> {
  if (profile === undefined) return undefined
  const { clusterExecutor } = await import('../runner/executors/cluster.js')
  return clusterExecutor(profile)
}
