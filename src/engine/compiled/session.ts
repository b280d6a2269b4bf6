import { InferenceSession, type Tensor as OrtTensor } from 'onnxruntime-node'
import { SeqlabError } from '../../core/errors.js'
import type { DType, HostTensor, TensorSpec } from '../../core/tensors.js'
import { leaves, mapTree, type Tree } from '../../core/tree.js'
import type { EngineState, Executable, ExecutableInfo, Signature } from '../types.js'
import { discard } from './discard.js'
import { CompiledState, tensorOf } from './state.js'

/** A lowered function: what a session is made of, and how its ports map to the function's trees. */
export interface Program {
  readonly model: Uint8Array
  readonly nodes: number
  /** Ports of the graph by name; others were dropped as unused. */
  readonly inputs: readonly string[]
  readonly changedState: readonly string[]
  readonly outputs: Tree<TensorSpec>
}

/** One ONNX Runtime session for one signature. */
export class CompiledExecutable implements Executable {
  private readonly wanted: ReadonlySet<string>
  private readonly fetches: readonly string[]
  private released = false

  constructor(
    readonly info: ExecutableInfo,
    private readonly program: Omit<Program, 'model'>,
    private readonly signature: Signature,
    private readonly session: InferenceSession,
  ) {
    this.wanted = new Set(program.inputs)
    this.fetches = leaves(program.outputs).map(([path]) => `output/${path}`)
  }

  async run(state: EngineState, inputs: Tree<HostTensor>): Promise<Tree<HostTensor>> {
    if (!(state instanceof CompiledState)) throw new RangeError('The state belongs to another engine')
    return state.exclusively(async () => {
      const feeds = { ...this.stateFeeds(state), ...this.inputFeeds(inputs) }
      const results = await this.session.run(feeds, this.targets(state)).catch((cause: unknown) => {
        throw new SeqlabError('engine', `Running ${this.info.name} failed: ${messageOf(cause)}`, { cause })
      })
      this.takeOver(state, results)
      return mapTree(this.program.outputs, ({ dtype, shape }, path) =>
        hostTensor(results[`output/${path}`], dtype, shape),
      )
    })
  }

  /** The state's new values are in the buffers that were handed in; what came back beside them is a copy. */
  private takeOver(state: CompiledState, results: InferenceSession.ReturnType): void {
    for (const path of this.program.changedState) state.swap(path)
    discard(
      this.program.changedState.flatMap((path) => {
        const copy = results[`next/${path}`]?.data as Float32Array | Int32Array | undefined
        return copy === undefined || copy === state.front(path).data ? [] : [copy]
      }),
    )
  }

  async dispose(): Promise<void> {
    if (this.released) return
    this.released = true
    await this.session.release()
  }

  private stateFeeds(state: CompiledState): Record<string, OrtTensor> {
    const used = leaves(this.signature.state).filter(([path]) => this.wanted.has(`state/${path}`))
    return Object.fromEntries(used.map(([path]) => [`state/${path}`, state.front(path)]))
  }

  private inputFeeds(inputs: Tree<HostTensor>): Record<string, OrtTensor> {
    const given = new Map(leaves(inputs))
    const feeds: Record<string, OrtTensor> = {}
    for (const [path, spec] of leaves(this.signature.inputs)) {
      const value = given.get(path)
      checkInput(this.info.name, path, spec, value)
      if (value !== undefined && this.wanted.has(`input/${path}`)) feeds[`input/${path}`] = tensorOf(spec, value.data)
    }
    return feeds
  }

  /** State is written into its other buffer; outputs are new, and the caller's. */
  private targets(state: CompiledState): Record<string, OrtTensor | null> {
    return Object.fromEntries([
      ...this.program.changedState.map((path) => [`next/${path}`, state.back(path)] as const),
      ...this.fetches.map((name) => [name, null] as const),
    ])
  }
}

/** A session over a graph of ours, leaving its optimised form at `optimised` where that is given. */
export function openSession(
  name: string,
  model: Uint8Array,
  options: { readonly threads: number; readonly optimised?: string },
): Promise<InferenceSession> {
  const keep = options.optimised === undefined ? {} : { optimizedModelFilePath: options.optimised }
  return open(name, model, { ...settings(options.threads), graphOptimizationLevel: 'all', ...keep })
}

/** A session over a graph that ONNX Runtime has optimised already. */
export function reopenSession(name: string, file: string, threads: number): Promise<InferenceSession> {
  return open(name, file, { ...settings(threads), graphOptimizationLevel: 'disabled' })
}

function settings(threads: number): InferenceSession.SessionOptions {
  return { executionProviders: ['cpu'], intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 }
}

async function open(
  name: string,
  model: Uint8Array | string,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  try {
    return await (typeof model === 'string'
      ? InferenceSession.create(model, options)
      : InferenceSession.create(model, options))
  } catch (cause) {
    throw new SeqlabError('engine', `ONNX Runtime refused the graph of ${name}: ${messageOf(cause)}`, { cause })
  }
}

function checkInput(name: string, path: string, spec: TensorSpec, value: HostTensor | undefined): void {
  const expected = `${spec.dtype} [${spec.shape.join(', ')}]`
  const received = value === undefined ? 'nothing' : `${value.dtype} [${value.shape.join(', ')}]`
  if (expected !== received) throw new RangeError(`${name}: input "${path}" must be ${expected}, not ${received}`)
}

function hostTensor(tensor: OrtTensor | undefined, dtype: DType, shape: readonly number[]): HostTensor {
  if (tensor === undefined) throw new RangeError('ONNX Runtime gave no value for an output')
  return { dtype, shape, data: tensor.data as Float32Array | Int32Array }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
