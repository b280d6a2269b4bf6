import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { SeqlabError } from '../../core/errors.js'
import type { DType, HostTensor, TensorSpec } from '../../core/tensors.js'
import { leaves, mapTree, type Tree } from '../../core/tree.js'
import type { EngineState, Executable, ExecutableInfo, Signature } from '../types.js'
import { Binding, type Ports } from './binding.js'
import { discard } from './discard.js'
import { sameShape } from './ir.js'
import { onnxRuntime } from './runtime.js'
import { CompiledState, tensorOf } from './state.js'

/** A lowered function: what a session is made of, and how its ports map to the function's trees. */
export interface Program extends Ports {
  readonly model: Uint8Array
  readonly nodes: number
  /** Of all values that a run makes. */
  readonly valueBytes: number
  /** Paths of inputs that the graph reads; others were dropped as unused. */
  readonly inputs: readonly string[]
  readonly outputs: Tree<TensorSpec>
}

/** One ONNX Runtime session for one signature. */
export class CompiledExecutable implements Executable {
  private readonly wanted: readonly (readonly [path: string, spec: TensorSpec, read: boolean])[]
  private readonly fetches: readonly string[]
  private released = false
  /** Called when the executable has been released. */
  onRelease: (() => void) | undefined

  constructor(
    readonly info: ExecutableInfo,
    private readonly program: Omit<Program, 'model'>,
    signature: Signature,
    private readonly session: InferenceSession,
  ) {
    const read = new Set(program.inputs)
    this.wanted = leaves(signature.inputs).map(([path, spec]) => [path, spec, read.has(path)])
    this.fetches = leaves(program.outputs).map(([path]) => `output/${path}`)
  }

  async run(state: EngineState, inputs: Tree<HostTensor>): Promise<Tree<HostTensor>> {
    if (!(state instanceof CompiledState)) throw new RangeError('The state belongs to another engine')
    return state.exclusively(async () => {
      const binding = state.keep(this, () => new Binding(this.program, state))
      const feeds = this.inputFeeds(inputs)
      const fetches: Record<string, OrtTensor | null> = {}
      binding.feed(feeds, fetches)
      for (const name of this.fetches) fetches[name] = null
      const results = await this.session.run(feeds, fetches).catch((cause: unknown) => {
        throw new SeqlabError('engine', `Running ${this.info.name} failed: ${messageOf(cause)}`, { cause })
      })
      binding.takeOver(inputs)
      this.discardCopies(results)
      return mapTree(this.program.outputs, ({ dtype, shape }, path) =>
        hostTensor(results[`output/${path}`], dtype, shape),
      )
    })
  }

  async dispose(): Promise<void> {
    if (this.released) return
    this.released = true
    this.onRelease?.()
    await this.session.release()
  }

  private inputFeeds(inputs: Tree<HostTensor>): Record<string, OrtTensor> {
    const values = new Map(leaves(inputs))
    const feeds: Record<string, OrtTensor> = {}
    for (const [path, spec, read] of this.wanted) {
      const value = values.get(path)
      checkInput(this.info.name, path, spec, value)
      if (value !== undefined && read) feeds[`input/${path}`] = tensorOf(spec, value.data)
    }
    return feeds
  }

  /** The graph's outputs are in the memory that was passed in; the returned tensors are copies. */
  private discardCopies(results: InferenceSession.ReturnType): void {
    discard(this.program.targets.flatMap(({ port }) => (results[port] === undefined ? [] : [numbersOf(results[port])])))
  }
}

/**
 * Above this many bytes of values, ONNX Runtime's memory pattern is disabled: a step takes as long without it, and a pattern
 * is one block of memory per shape (eight shapes: 1.9 GB with, 1.2 GB without). Smaller graphs are up to 6 % faster with it.
 * (Without the arena it would be 0.6 GB, but large buffers would be returned to the system and allocated again each time,
 * which costs a tenth of a step.)
 */
const manyBytes = 2 ** 27

/**
 * A session over a model, or a file with one. Our passes leave nothing of a training step to ONNX Runtime's own: steps take as
 * long with them, and sessions a third to a half longer to make. Graphs for inputs of any size have few passes of ours: its basic
 * ones take about a quarter of a greedy search's time away (`simplify`).
 *
 * Between the operators of a run, threads without work wait awake: to be woken takes longer than many operators do (size
 * small takes 31 ms a step with sleeping threads, 25 with these). After a run they sleep: left to itself, ONNX Runtime has
 * them spin on, which takes a whole core from whatever else the machine does (validation, other trials).
 */
export async function openSession(
  name: string,
  model: Uint8Array | string,
  {
    threads,
    valueBytes,
    simplify = false,
  }: { readonly threads: number; readonly valueBytes: number; readonly simplify?: boolean },
): Promise<InferenceSession> {
  const settings: InferenceSession.SessionOptions = {
    ...{ executionProviders: ['cpu'], intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 },
    graphOptimizationLevel: simplify ? 'basic' : 'disabled',
    ...{ enableMemPattern: valueBytes < manyBytes },
    extra: { session: { intra_op: { allow_spinning: '1' }, force_spinning_stop: '1' } },
  }
  try {
    return await (typeof model === 'string'
      ? onnxRuntime.InferenceSession.create(model, settings)
      : onnxRuntime.InferenceSession.create(model, settings))
  } catch (cause) {
    throw new SeqlabError('engine', `ONNX Runtime refused the graph of ${name}: ${messageOf(cause)}`, { cause })
  }
}

function checkInput(name: string, path: string, spec: TensorSpec, value: HostTensor | undefined): void {
  if (value !== undefined && value.dtype === spec.dtype && sameShape(value.shape, spec.shape)) return
  const expected = `${spec.dtype} [${spec.shape.join(', ')}]`
  const received = value === undefined ? 'nothing' : `${value.dtype} [${value.shape.join(', ')}]`
  throw new RangeError(`${name}: input "${path}" must be ${expected}, not ${received}`)
}

function hostTensor(tensor: OrtTensor | undefined, dtype: DType, shape: readonly number[]): HostTensor {
  if (tensor === undefined) throw new RangeError('ONNX Runtime gave no value for an output')
  return { dtype, shape, data: numbersOf(tensor) }
}

export function numbersOf({ data }: OrtTensor): Float32Array | Int32Array {
  if (data instanceof Float32Array || data instanceof Int32Array) return data
  throw new RangeError('An output must be float32 or int32')
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
