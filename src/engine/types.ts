import type { HostTensor, TensorSpec } from '../core/tensors.js'
import type { Tensor } from '../core/tf.js'
import type { Tree } from '../core/tree.js'

export type EngineName = 'compiled' | 'tfjs-node' | 'tfjs-cpu'

/**
 * A pure function in TF.js operations. `state` is what lives in the engine's memory between runs (parameters, optimizer
 * moments); a function that returns no `state` leaves it as it was. It is called once per input shape by the compiled
 * engine (with symbolic tensors: it must not read values) and once per run by the eager ones.
 */
export type PureFunction = (
  state: Tree<Tensor>,
  inputs: Tree<Tensor>,
) => { readonly state?: Tree<Tensor>; readonly outputs: Tree<Tensor> }

export interface Signature {
  readonly state: Tree<TensorSpec>
  readonly inputs: Tree<TensorSpec>
}

/** State in an engine's memory, double buffered where the engine needs that. */
export interface EngineState {
  read(): Promise<Tree<HostTensor>>
  write(values: Tree<HostTensor>): void
  readonly bytes: number
  dispose(): void
}

/** A function made ready for one signature. Runs on one state are strictly one after the other. */
export interface Executable {
  /** Runs the function; a new state replaces the old one in `state`. The outputs belong to the caller. */
  run(state: EngineState, inputs: Tree<HostTensor>): Promise<Tree<HostTensor>>
  readonly info: ExecutableInfo
  dispose(): Promise<void>
}

export interface ExecutableInfo {
  readonly name: string
  /** Nodes of the lowered graph; 0 for eager engines. */
  readonly nodes: number
  /** Whether the graph came from disk, so that nothing was traced. */
  readonly cached: boolean
  readonly traceMs: number
  readonly sessionMs: number
}

export interface EngineOptions {
  readonly threads: number
  /** Where lowered graphs are kept between processes, a directory for one version of the code; none: no disk cache. */
  readonly cacheDir?: string
  /** Told once where the disk cache cannot be written: that costs time, and no result. */
  readonly warn?: (message: string) => void
  /** Where every pass dumps the graph before and after; none: nowhere. */
  readonly dumpGraphDir?: string
}

export interface Engine {
  readonly name: EngineName
  /** For records: `onnxruntime-node 1.30.0`, ... */
  readonly version: string
  /**
   * `name` identifies it in dumps, logs and errors (`train 128x16x12`). Functions of one name, `identity` and signature
   * are the same function: without an identity nothing is kept on disk.
   */
  compile(name: string, pure: PureFunction, signature: Signature, identity?: string): Promise<Executable>
  createState(values: Tree<HostTensor>): EngineState
  dispose(): Promise<void>
}
