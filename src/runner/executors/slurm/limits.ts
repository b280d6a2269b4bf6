import { SeqlabError } from '../../../core/errors.js'
import { slurmCommand, wordsOf } from './commands.js'

/** What Slurm allows. */
export interface SlurmLimits {
  /** Jobs of an array: MaxArraySize 1001 means indices 0 to 1000. */
  readonly arrayJobs: number
}

/** Asks Slurm once. Throws SeqlabError 'run' where it is not here or does not answer. */
export async function slurmLimits(): Promise<SlurmLimits> {
  const answer = await slurmCommand('scontrol', ['show', 'config'])
  if (answer.missing)
    throw new SeqlabError('run', 'There is no Slurm here: its command `scontrol` is not found', {
      hint: 'Run the command on a login node of the cluster.',
    })
  if (answer.code !== 0)
    throw new SeqlabError('run', `Slurm does not answer: ${wordsOf(answer)}`, {
      hint: 'Ask the administrator; `sinfo` shows whether the cluster is up.',
    })
  return { arrayJobs: arrayJobsIn(answer.stdout) }
}

/** `MaxArraySize            = 1001` */
export function arrayJobsIn(config: string): number {
  const size = Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(config)?.[1])
  return Number.isInteger(size) && size > 0 ? size : 1
}
