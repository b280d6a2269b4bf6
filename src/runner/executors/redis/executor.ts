import { queueName } from '../../../store/index.js'
import type { Executor, FleetCallbacks, FleetSettings, FleetStudy } from '../types.js'
import { openBlobs } from './blobs.js'
import { connect, redisAddress } from './connection.js'
import { QueueFleet } from './fleet.js'
import { refuseOtherQueue } from './other-queue.js'
import { openJobQueue } from './queue.js'
import { type QueueSettings, queueOf } from './settings.js'

/** Workers on any machines take a run's attempts from a queue on Redis, whose address is in the environment. */
export function redisExecutor(queueSettings: QueueSettings): Executor {
  return {
    on: 'redis',
    open: (study, settings, callbacks) => {
      const name = queueOf(queueSettings.queue, settings.versions)
      return openQueueFleet(name, queueSettings, study, settings, callbacks)
    },
  }
}

/** The fleet of a study in a queue of that name, with what earlier coordinators left in it. */
export async function openQueueFleet(
  name: string,
  queueSettings: QueueSettings,
  { directory, lock }: FleetStudy,
  settings: FleetSettings,
  callbacks: FleetCallbacks,
): Promise<QueueFleet> {
  refuseOtherQueue(directory, name)
  const address = { ...redisAddress(), graceMs: queueSettings.graceMs }
  const tell = { onWait: callbacks.onWarning, onRecovered: callbacks.onWarning }
  const connection = await connect(address, tell)
  let fleet: QueueFleet | undefined
  try {
    const queue = await openJobQueue(connection, name, queueSettings, {
      onProgress: (jobId, progress) => fleet?.progressed(jobId, progress),
      onChange: (jobId) => fleet?.changed(jobId),
    })
    const blobs = openBlobs(connection, queue.keys, queueSettings)
    const study = queueName(directory, name)
    const parts = { directory, lock, study, queueName: name, connection, queue, blobs, queueSettings, settings }
    fleet = new QueueFleet(parts, callbacks)
    await fleet.begin()
    return fleet
  } catch (error) {
    await connection.close()
    throw error
  }
}
