import { resolve } from 'node:path'
import { listBatches } from '../../../store/index.js'
import type { Executor } from '../types.js'
import { SlurmFleet } from './fleet.js'
import { slurmLimits } from './limits.js'
import type { SlurmSettings } from './settings.js'

/** A run's attempts are jobs of a Slurm cluster that has the study's folder at the same place. */
export function slurmExecutor(slurm: SlurmSettings): Executor {
  return {
    on: 'slurm',
    open: async ({ directory: relative, lock }, settings, callbacks) => {
      const directory = resolve(relative)
      const { arrayJobs } = await slurmLimits()
      const { batches, problems } = listBatches(directory)
      for (const problem of problems) callbacks.onWarning(problem)
      const parts = { directory, checkLock: lock.check, slurm, arrayJobs, settings }
      return new SlurmFleet(parts, callbacks, batches)
    },
  }
}
