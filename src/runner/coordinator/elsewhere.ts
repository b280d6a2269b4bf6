import { SeqlabError } from '../../core/errors.js'
import { shellLine } from '../../core/shell.js'
import type { PlannedTrial } from '../../spec/types.js'
import { queueAttempts, slurmAttempts } from '../../store/index.js'
import type { ClusterName } from '../executors/types.js'

const clusters = [
  { on: 'slurm', where: 'on Slurm', attempts: slurmAttempts },
  { on: 'redis', where: 'in a queue on Redis', attempts: queueAttempts },
] as const

/**
 * Trials that are on another cluster than the run's would be trained twice, and their results thrown away there. Throws
 * SeqlabError 'run'.
 */
export function refuseElsewhere(
  directory: string,
  trials: readonly Pick<PlannedTrial, 'id'>[],
  on: ClusterName | undefined,
): void {
  for (const other of clusters.filter((each) => each.on !== on)) {
    const attempts = other.attempts(directory)
    const count = trials.filter(({ id }) => attempts.has(id)).length
    if (count === 0) continue
    const trialsAre = count === 1 ? '1 trial is' : `${count} trials are`
    throw new SeqlabError('run', `${trialsAre} ${other.where}, where an earlier command put them`, {
      hint: `Go on there (--cluster with that profile), or take them back: ${shellLine(['seqlab', 'cancel', directory])}. Where that cluster is gone, --force goes on without it.`,
    })
  }
}
