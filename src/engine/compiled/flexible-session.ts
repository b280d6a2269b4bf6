import type { Tensor as OrtTensor } from 'onnxruntime-node'
import { SeqlabError } from '../../core/errors.js'
import type { HostTensor } from '../../core/tensors.js'
import { messageOf, numbersOf, openSession } from './session.js'
import { tensorOf } from './state.js'

/** A model for inputs of any size, ready to run. */
export interface FlexibleSession {
  /** `inputOf` is asked for each port that the model reads. Outputs: all, or those that are wanted, in this order. */
  run(
    inputOf: (port: string) => HostTensor | undefined,
    wanted?: readonly string[],
  ): Promise<ReadonlyMap<string, HostTensor>>
  release(): Promise<void>
}

/** A session over an exported model. Throws SeqlabError 'engine' where ONNX Runtime refuses it. */
export async function openFlexible(name: string, model: Uint8Array | string, threads = 1): Promise<FlexibleSession> {
  const session = await openSession(name, model, { threads, valueBytes: Number.POSITIVE_INFINITY, simplify: true })
  const { inputNames, outputNames } = session
  return {
    run: async (inputOf, wanted = outputNames) => {
      const feeds: Record<string, OrtTensor> = {}
      for (const port of inputNames) {
        const tensor = inputOf(port)
        if (tensor === undefined) throw new RangeError(`${name} needs the input ${port}`)
        feeds[port] = fed.get(tensor) ?? tensorOf(tensor, tensor.data)
      }
      const results = await session.run(feeds, wanted).catch((cause: unknown) => {
        throw new SeqlabError('engine', `Running ${name} failed: ${messageOf(cause)}`, { cause })
      })
      return new Map(wanted.map((port) => [port, read(results[port])]))
    },
    release: () => session.release(),
  }
}

/** What runs gave, which the next runs of a search are given again. */
const fed = new WeakMap<HostTensor, OrtTensor>()

function read(tensor: OrtTensor | undefined): HostTensor {
  if (tensor === undefined) throw new RangeError('ONNX Runtime gave no value for an output')
  const data = numbersOf(tensor)
  const given: HostTensor = { dtype: data instanceof Float32Array ? 'float32' : 'int32', shape: tensor.dims, data }
  fed.set(given, tensor)
  return given
}
