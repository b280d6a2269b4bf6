import { queueName } from '../../../store/index.js'
import type { Executor } from '../types.js'
import { openBlobs } from './blobs.js'
import { connect, redisAddress } from './connection.js'
import { QueueFleet } from './fleet.js'
import { openJobQueue } from './queue.js'
import { type QueueSettings, queueOf } from './settings.js'

/** Workers on any machines take a run's attempts from a queue on Redis, whose address is in the environment. */
export function redisExecutor(queueSettings: QueueSettings): Executor {
  return {
    open: async ({ directory, lock }, settings, callbacks) => {
      const address = { ...redisAddress(), graceMs: queueSettings.graceMs }
      const tell = { onWait: callbacks.onWarning, onRecovered: callbacks.onWarning }
      const connection = await connect(address, tell)
      const name = queueOf(queueSettings.queue, settings.versions)
      let fleet: QueueFleet | undefined
      try {
        const queue = await openJobQueue(connection, name, queueSettings, {
          onProgress: (jobId, progress) => fleet?.progressed(jobId, progress),
          onChange: (jobId) => fleet?.changed(jobId),
        })
        const blobs = openBlobs(connection, queue.keys, queueSettings)
        const study = queueName(directory)
        const parts = { directory, lock, study, queueName: name, connection, queue, blobs, queueSettings, settings }
        fleet = new QueueFleet(parts, callbacks)
        await fleet.begin()
        return fleet
      } catch (error) {
        await connection.close()
        throw error
      }
    },
  }
}
