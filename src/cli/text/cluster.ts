import { join } from 'node:path'
import { counted } from '../../report/format/grammar.js'
import { plannedTasks } from '../../runner/coordinator/planned-times.js'
import { expectedOf } from '../../runner/executors/slurm/pack.js'
import { slurmSettings } from '../../runner/executors/slurm/settings.js'
import { plannedMs } from '../../runner/time-left.js'
import type { ClusterOptions } from '../../spec/cluster/options.js'
import type { PlannedTrial } from '../../spec/types.js'
import { isTrialFolder } from '../../store/index.js'
import { clusterCounts } from './interrupted.js'

/** What `--plan` says of a cluster; undefined on this machine. */
export interface ClusterPlan {
  /** Of Slurm: jobs of the array, and hours of cores that they hold. */
  readonly jobs?: number
  readonly coreHours?: number
  /** Of a job. */
  readonly cores?: number
  readonly text: string
}

/** Jobs and core-hours that the trials without a result are expected to take, and what is on the cluster already. */
export function clusterPlan(
  { profile }: { readonly profile?: ClusterOptions },
  study: string,
  trials: readonly PlannedTrial[],
  outDir: string,
): ClusterPlan | undefined {
  if (profile === undefined) return undefined
  const directory = join(outDir, study)
  const left = trials.filter(({ id }) => !isTrialFolder(join(directory, id)))
  const now = `now ${clusterCounts(directory, trials.length - left.length)}`
  if (profile.executor !== 'slurm') return { text: `On the queue: ${counted(left.length, 'trial')} left; ${now}` }
  const tasks = plannedTasks(left.map((trial) => ({ kind: 'train', trial })))
  const { jobs, coreHours } = expectedOf(
    tasks.map(({ times }) => ({ ms: plannedMs(times) })),
    slurmSettings(profile),
  )
  const cores = profile.cores === 1 ? '1 core' : `${profile.cores} cores`
  const expected = `${counted(jobs, 'job')} of ${cores}, about ${hours(coreHours)} core-hours`
  return { jobs, coreHours, cores: profile.cores, text: `On Slurm: ${expected}; ${now}` }
}

/** Two digits that mean something. */
function hours(value: number): string {
  return value >= 10 ? String(Math.round(value)) : value.toPrecision(2)
}
