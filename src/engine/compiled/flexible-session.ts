import type { Tensor as OrtTensor } from 'onnxruntime-node'
import { SeqlabError } from '../../core/errors.js'
import type { HostTensor } from '../../core/tensors.js'
import { messageOf, numbersOf, openSession } from './session.js'
import { tensorOf } from './state.js'

/** A model for inputs of any size, ready to run. */
export interface FlexibleSession {
  /** By port: what the model does not read is ignored. Outputs: all, or those that are wanted. */
  run(inputs: ReadonlyMap<string, HostTensor>, wanted?: readonly string[]): Promise<ReadonlyMap<string, HostTensor>>
  release(): Promise<void>
}

/** A session over an exported model. Throws SeqlabError 'engine' where ONNX Runtime refuses it. */
export async function openFlexible(name: string, model: Uint8Array | string, threads = 1): Promise<FlexibleSession> {
  const session = await openSession(name, model, { threads, valueBytes: Number.POSITIVE_INFINITY, simplify: true })
  return {
    run: async (inputs, wanted = session.outputNames) => {
      const feeds: Record<string, OrtTensor> = {}
      for (const port of session.inputNames) {
        const tensor = inputs.get(port)
        if (tensor === undefined) throw new RangeError(`${name} needs the input ${port}`)
        feeds[port] = tensorOf(tensor, tensor.data)
      }
      const results = await session.run(feeds, [...wanted]).catch((cause: unknown) => {
        throw new SeqlabError('engine', `Running ${name} failed: ${messageOf(cause)}`, { cause })
      })
      return new Map(wanted.map((port) => [port, read(results[port])]))
    },
    release: () => session.release(),
  }
}

function read(tensor: OrtTensor | undefined): HostTensor {
  if (tensor === undefined) throw new RangeError('ONNX Runtime gave no value for an output')
  const data = numbersOf(tensor)
  return { dtype: data instanceof Float32Array ? 'float32' : 'int32', shape: tensor.dims, data }
}
