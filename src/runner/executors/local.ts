import { availableParallelism } from 'node:os'
import { SeqlabError } from '../../core/errors.js'
import { engineChoice } from '../agents/engine-choice.js'
import { createFleet } from '../agents/fleet.js'
import { startHost } from '../agents/start-host.js'
import type { Executor } from './types.js'

/** Hosts on this machine, which end with this process. */
export const localExecutor: Executor = {
  open: async (_, { engine: request, ...settings }, callbacks) => {
    const engine = engineChoice(request, availableParallelism(), callbacks.onWarning)
    const fleet = createFleet({ ...settings, engine, startHost }, callbacks)
    return {
      ...fleet,
      adopt: () => undefined,
      detach: () => Promise.reject(new SeqlabError('internal', 'Trials on this machine end with their coordinator')),
    }
  },
}
