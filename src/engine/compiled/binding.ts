import type { Tensor as OrtTensor } from 'onnxruntime-node'
import type { DType, HostTensor } from '../../core/tensors.js'
import { leaf, type Tree } from '../../core/tree.js'
import type { AdamMemory } from './adam-memory.js'
import type { FusedUpdate, Operand } from './epilogue.js'
import { type CompiledState, tensorOf } from './state.js'

/** A port of the graph that is a stretch of memory: of `state/<path>`, `next/<path>` or `update/<path>/...`. */
export interface View {
  readonly port: string
  readonly of: string
  readonly offset: number
  readonly dtype: DType
  readonly shape: readonly number[]
}

/** What of a program touches a state. */
export interface Ports {
  readonly views: readonly View[]
  readonly targets: readonly View[]
  readonly changedState: readonly string[]
  readonly updates: readonly FusedUpdate[]
}

type Numbers = Float32Array | Int32Array

/**
 * A program's ports laid over one state's memory. The tensors that ONNX Runtime is handed are made once and used again
 * as long as the memory behind them is the same.
 */
export class Binding {
  private readonly sources: readonly BoundView[]
  private readonly sinks: readonly BoundView[]
  private readonly scalars: ReadonlyMap<string, Float32Array>
  private memories: ReadonlyMap<string, AdamMemory> = new Map()

  constructor(
    private readonly ports: Ports,
    private readonly state: CompiledState,
  ) {
    this.sources = ports.views.map((view) => new BoundView(view))
    this.sinks = ports.targets.map((view) => new BoundView(view))
    const vectors = new Set(ports.updates.map(({ gradient }) => gradient))
    const scalars = ports.targets.filter(({ of }) => of.startsWith('update/') && !vectors.has(of))
    this.scalars = new Map(scalars.map(({ of }) => [of, new Float32Array(1)]))
  }

  /** Adds what the graph reads of the state, and where it writes what the state takes over. */
  feed(feeds: Record<string, OrtTensor>, fetches: Record<string, OrtTensor | null>): void {
    this.memories = new Map(this.ports.updates.map((update) => [update.gradient, this.state.memoryFor(update)]))
    for (const view of this.sources) feeds[view.port] = view.tensor(this.state.front(view.of.slice('state/'.length)))
    for (const view of this.sinks) fetches[view.port] = view.tensor(this.target(view.of))
  }

  /** After a run that succeeded: the state's vectors are updated in place, and its other new values take over. */
  takeOver(inputs: Tree<HostTensor>): void {
    const number = (operand: Operand): number => {
      if ('constant' in operand) return operand.constant
      const data = 'input' in operand ? leaf(inputs, operand.input).data : this.scalars.get(operand.output)
      return data?.[0] ?? Number.NaN
    }
    for (const { gradient, settings, scale, learningRate, step } of this.ports.updates) {
      this.memories.get(gradient)?.update(settings, number(scale), number(learningRate), number(step))
    }
    for (const path of this.ports.changedState) this.state.swap(path)
  }

  private target(of: string): Numbers {
    if (of.startsWith('next/')) return this.state.back(of.slice('next/'.length))
    const memory = this.memories.get(of)?.gradient ?? this.scalars.get(of)
    if (memory === undefined) throw new RangeError(`No memory for ${of}`)
    return memory
  }
}

/** A view and its tensor over the memory that it was last asked for, and over the one before (double buffering). */
class BoundView {
  readonly port: string
  readonly of: string
  private readonly tensors: { readonly memory: Numbers; readonly tensor: OrtTensor }[] = []

  constructor(private readonly view: View) {
    this.port = view.port
    this.of = view.of
  }

  tensor(memory: Numbers): OrtTensor {
    const cached = this.tensors.find((one) => one.memory === memory)
    if (cached !== undefined) return cached.tensor
    const { dtype, shape, offset } = this.view
    const size = shape.reduce((product, axis) => product * axis, 1)
    const tensor = tensorOf({ dtype, shape }, memory.subarray(offset, offset + size))
    if (this.tensors.length === 2) this.tensors.shift()
    this.tensors.push({ memory, tensor })
    return tensor
  }
}
