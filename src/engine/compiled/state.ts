import type { Tensor as OrtTensor } from 'onnxruntime-node'
import { type HostTensor, sizeOf, type TensorSpec } from '../../core/tensors.js'
import { leaves, mapTree, type Tree } from '../../core/tree.js'
import type { EngineState } from '../types.js'
import { AdamMemory } from './adam-memory.js'
import type { FusedUpdate } from './epilogue.js'
import { onnxRuntime } from './runtime.js'

type Numbers = Float32Array | Int32Array

/**
 * State in memory that ONNX Runtime reads in place. What an update after the run changes lies in that update's memory,
 * once; any other leaf that a run replaces has two arrays, one read while the other is written, which change places when
 * the run succeeds. The second is made when a leaf first changes.
 */
export class CompiledState implements EngineState {
  private readonly leaves: ReadonlyMap<string, Leaf>
  private readonly memories = new Map<string, AdamMemory>()
  private kept = new WeakMap<object, object>()
  private readonly specs: Tree<TensorSpec>
  private busy = false

  constructor(values: Tree<HostTensor>) {
    this.specs = mapTree(values, ({ dtype, shape }) => ({ dtype, shape }))
    this.leaves = new Map(leaves(values).map(([path, value]) => [path, new Leaf(value)]))
  }

  async read(): Promise<Tree<HostTensor>> {
    return mapTree(this.specs, ({ dtype, shape }, path) => ({ dtype, shape, data: this.front(path).slice() }))
  }

  write(values: Tree<HostTensor>): void {
    const incoming = leaves(values)
    if (incoming.length !== this.leaves.size) {
      throw new RangeError(`The state has ${this.leaves.size} tensors, not ${incoming.length}`)
    }
    for (const [path, value] of incoming) this.leaf(path).set(path, value)
  }

  /** Of all arrays, gradients of updates in place among them. */
  get bytes(): number {
    const memories = [...this.memories.values()]
    const shared = new Set<Numbers>(memories.flatMap(({ parameters, m, v }) => [parameters, m, v]))
    const arrays = [...this.leaves.values()].flatMap(({ arrays }) => arrays)
    const others = arrays.filter((array) => !shared.has(array))
    return [...memories.map(({ bytes }) => bytes), ...others.map(({ byteLength }) => byteLength)].reduce(
      (a, b) => a + b,
      0,
    )
  }

  front(path: string): Numbers {
    return this.leaf(path).front
  }

  back(path: string): Numbers {
    return this.leaf(path).back()
  }

  swap(path: string): void {
    this.leaf(path).swap()
  }

  /** The memory of an update in place, with the state's vectors in it. */
  memoryFor({ parameters, m, v, size }: FusedUpdate): AdamMemory {
    const name = JSON.stringify([parameters, m, v])
    const memory = this.memories.get(name) ?? new AdamMemory(size)
    this.memories.set(name, memory)
    this.leaf(parameters).moveTo(memory.parameters)
    this.leaf(m).moveTo(memory.m)
    this.leaf(v).moveTo(memory.v)
    return memory
  }

  /** A value that `owner` caches with this state, created at the first call: it is freed with the state or its owner. */
  keep<T extends object>(owner: object, make: () => T): T {
    const kept = (this.kept.get(owner) as T | undefined) ?? make()
    this.kept.set(owner, kept)
    return kept
  }

  /** Runs on one state are strictly one after the other. */
  async exclusively<T>(run: () => Promise<T>): Promise<T> {
    if (this.busy) throw new RangeError('A run on this state is still under way')
    this.busy = true
    try {
      return await run()
    } finally {
      this.busy = false
    }
  }

  /** Lets go of all memory; the state cannot be used any more. */
  dispose(): void {
    for (const leaf of this.leaves.values()) leaf.dispose()
    this.memories.clear()
    this.kept = new WeakMap()
  }

  private leaf(path: string): Leaf {
    const leaf = this.leaves.get(path)
    if (leaf === undefined) throw new RangeError(`The state has no tensor "${path}"`)
    return leaf
  }
}

class Leaf {
  private readonly spec: TensorSpec
  private read: Numbers
  private written: Numbers | undefined

  constructor({ dtype, shape, data }: HostTensor) {
    this.spec = { dtype, shape }
    this.read = data.slice()
  }

  get front(): Numbers {
    return this.read
  }

  get arrays(): Numbers[] {
    return this.written === undefined ? [this.read] : [this.read, this.written]
  }

  back(): Numbers {
    this.written ??= new (this.spec.dtype === 'float32' ? Float32Array : Int32Array)(sizeOf(this.spec.shape))
    return this.written
  }

  swap(): void {
    const written = this.back()
    this.written = this.read
    this.read = written
  }

  moveTo(memory: Float32Array): void {
    if (this.read === memory) return
    memory.set(this.read)
    this.read = memory
    this.written = undefined
  }

  set(path: string, { dtype, shape, data }: HostTensor): void {
    const wanted = `${this.spec.dtype} [${this.spec.shape.join(', ')}]`
    const received = `${dtype} [${shape.join(', ')}]`
    if (wanted !== received) throw new RangeError(`State "${path}" is ${wanted}, not ${received}`)
    this.read.set(data)
  }

  dispose(): void {
    this.read = new Float32Array(0)
    this.written = undefined
  }
}

export function tensorOf({ dtype, shape }: TensorSpec, data: Numbers): OrtTensor {
  if (dtype === 'float32' && data instanceof Float32Array) return new onnxRuntime.Tensor(dtype, data, shape)
  if (dtype === 'int32' && data instanceof Int32Array) return new onnxRuntime.Tensor(dtype, data, shape)
  throw new RangeError(`A ${dtype} tensor cannot be made of ${data.constructor.name}`)
}
