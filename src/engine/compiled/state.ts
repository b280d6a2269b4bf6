import { Tensor as OrtTensor } from 'onnxruntime-node'
import { type HostTensor, sizeOf, type TensorSpec } from '../../core/tensors.js'
import { leaves, mapTree, type Tree } from '../../core/tree.js'
import type { EngineState } from '../types.js'

/**
 * State in memory that ONNX Runtime reads and writes in place: two buffers a leaf, one read while the other is written;
 * a run that succeeds exchanges those of the leaves that it changed. The second is made when a leaf first changes.
 */
export class CompiledState implements EngineState {
  private readonly leaves: ReadonlyMap<string, Buffers>
  private readonly specs: Tree<TensorSpec>
  private busy = false

  constructor(values: Tree<HostTensor>) {
    this.specs = mapTree(values, ({ dtype, shape }) => ({ dtype, shape }))
    this.leaves = new Map(leaves(values).map(([path, value]) => [path, new Buffers(value)]))
  }

  async read(): Promise<Tree<HostTensor>> {
    return mapTree(this.specs, ({ dtype, shape }, path) => {
      const data = this.buffers(path).front.data as Float32Array | Int32Array
      return { dtype, shape, data: data.slice() }
    })
  }

  write(values: Tree<HostTensor>): void {
    const given = leaves(values)
    if (given.length !== this.leaves.size) {
      throw new RangeError(`The state has ${this.leaves.size} tensors, not ${given.length}`)
    }
    for (const [path, value] of given) this.buffers(path).set(path, value)
  }

  get bytes(): number {
    return [...this.leaves.values()].reduce((sum, buffers) => sum + buffers.bytes, 0)
  }

  front(path: string): OrtTensor {
    return this.buffers(path).front
  }

  back(path: string): OrtTensor {
    return this.buffers(path).back()
  }

  swap(path: string): void {
    this.buffers(path).swap()
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

  dispose(): void {
    for (const buffers of this.leaves.values()) buffers.dispose()
  }

  private buffers(path: string): Buffers {
    const buffers = this.leaves.get(path)
    if (buffers === undefined) throw new RangeError(`The state has no tensor "${path}"`)
    return buffers
  }
}

class Buffers {
  private read: OrtTensor
  private written: OrtTensor | undefined

  constructor(value: HostTensor) {
    this.read = tensorOf(value, value.data.slice())
  }

  get front(): OrtTensor {
    return this.read
  }

  back(): OrtTensor {
    this.written ??= tensorOf(
      { dtype: this.read.type as TensorSpec['dtype'], shape: this.read.dims },
      new (this.read.type === 'float32' ? Float32Array : Int32Array)(sizeOf(this.read.dims)),
    )
    return this.written
  }

  swap(): void {
    const written = this.back()
    this.written = this.read
    this.read = written
  }

  set(path: string, { dtype, shape, data }: HostTensor): void {
    const wanted = `${this.read.type} [${this.read.dims.join(', ')}]`
    const given = `${dtype} [${shape.join(', ')}]`
    if (wanted !== given) throw new RangeError(`State "${path}" is ${wanted}, not ${given}`)
    const target = this.read.data as Float32Array | Int32Array
    target.set(data)
  }

  get bytes(): number {
    return 4 * this.read.size * (this.written === undefined ? 1 : 2)
  }

  dispose(): void {
    this.read.dispose()
    this.written?.dispose()
  }
}

export function tensorOf({ dtype, shape }: TensorSpec, data: Float32Array | Int32Array): OrtTensor {
  return dtype === 'float32'
    ? new OrtTensor('float32', data as Float32Array, shape)
    : new OrtTensor('int32', data as Int32Array, shape)
}
