// A thread that draws pages: a comparison of many trials takes seconds, in which the server answers others.
import { parentPort, workerData } from 'node:worker_threads'
import { toPlainError } from '../../../core/errors.js'
import { takeParts } from '../../../spec/own/given.js'
import { draw } from './draw.js'
import type { Drawn, DrawRequest, WorkerParts } from './types.js'

const { parts }: WorkerParts = workerData
const ready = takeParts(parts)

parentPort?.on('message', async (request: DrawRequest) => {
  parentPort?.postMessage(await answer(request))
})

async function answer(request: DrawRequest): Promise<Drawn> {
  try {
    await ready
    return { text: await draw(request) }
  } catch (error) {
    return { error: toPlainError(error).message }
  }
}
