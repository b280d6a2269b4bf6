import { elements, type GraphBuilder } from '../builder.js'
import type { ElementType, ValueId } from '../ir.js'
import { type Size, sizeName } from './sizes.js'

/** Where a named axis is seen: an axis of an input. */
type Sources = ReadonlyMap<string, { readonly value: ValueId; readonly axis: number }>

const long = (length: number) => ({ dtype: 'int64', shape: [length] }) as const
const codes: Record<ElementType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 }

/** Writes operations that work out numbers from the sizes of a graph's inputs; each size once. */
export class SizeWriter {
  private readonly written = new Map<string, ValueId>()

  constructor(
    private readonly builder: GraphBuilder<string>,
    private readonly sources: Sources,
  ) {}

  /** Numbers that are sizes, of a shape that is known. */
  numbers(sizes: readonly Size[], dtype: ElementType, shape: readonly number[]): ValueId {
    const flat = this.cast(this.vector(sizes), dtype, [sizes.length])
    return shape.length === 1 ? flat : this.single('Reshape', [flat, this.longs(shape)], dtype, shape)
  }

  /** One number throughout a tensor of these sizes. */
  filled(dtype: ElementType, number: number, dims: readonly Size[]): ValueId {
    const scalar = this.builder.constant({ dtype, shape: [] }, elements(dtype, [number]))
    return this.single('Expand', [scalar, this.vector(dims)], dtype, dims.map(exemplary))
  }

  /** first, first + step, ...: as many as the size says. */
  counted(dtype: ElementType, first: number, step: number, count: Size): ValueId {
    const scalar = (number: number) => this.builder.constant({ dtype: 'int64', shape: [] }, elements('int64', [number]))
    const length = this.single('Reshape', [this.one(count), this.longs([])], 'int64', [])
    const steps = this.single('Range', [scalar(0), length, scalar(1)], 'int64', [exemplary(count)])
    const times = this.single('Mul', [this.cast(steps, dtype, [1]), this.constant(dtype, step)], dtype, [1])
    return this.single('Add', [times, this.constant(dtype, first)], dtype, [1])
  }

  private constant(dtype: ElementType, number: number): ValueId {
    return this.builder.constant({ dtype, shape: [] }, elements(dtype, [number]))
  }

  private cast(value: ValueId, dtype: ElementType, shape: readonly number[]): ValueId {
    if (dtype === 'int64') return value
    return this.builder.single('Cast', [value], { to: codes[dtype] }, { dtype, shape })
  }

  /** int64 [n]. */
  private vector(sizes: readonly Size[]): ValueId {
    const parts = sizes.map((size) => this.one(size))
    const [only] = parts
    if (parts.length === 1 && only !== undefined) return only
    return this.builder.single('Concat', parts, { axis: 0 }, long(parts.length))
  }

  /** int64 [1]. */
  private one(size: Size): ValueId {
    const key = `${sizeName(size)}`
    const value = this.written.get(key) ?? this.workedOut(size)
    this.written.set(key, value)
    return value
  }

  private workedOut({ axes, times, plus }: Size): ValueId {
    if (axes.length === 0) return this.longs([plus])
    const product = axes
      .map((axis) => this.axis(axis))
      .reduce((one, other) => this.single('Mul', [one, other], 'int64', [1]))
    const scaled = times === 1 ? product : this.single('Mul', [product, this.longs([times])], 'int64', [1])
    return plus === 0 ? scaled : this.single('Add', [scaled, this.longs([plus])], 'int64', [1])
  }

  private axis(name: string): ValueId {
    const source = this.sources.get(name)
    if (source === undefined) throw new RangeError(`No input has the axis ${name}`)
    const key = `axis ${name}`
    const { value, axis } = source
    const size = this.written.get(key) ?? this.builder.single('Shape', [value], { start: axis, end: axis + 1 }, long(1))
    this.written.set(key, size)
    return size
  }

  private longs(numbers: readonly number[]): ValueId {
    return this.builder.constant(long(numbers.length), elements('int64', numbers))
  }

  private single(op: string, inputs: readonly ValueId[], dtype: ElementType, shape: readonly number[]): ValueId {
    return this.builder.single(op, inputs, {}, { dtype, shape })
  }
}

/** Some number in the place of a size: types of values that are worked out are not written. */
function exemplary({ axes, plus }: Size): number {
  return axes.length === 0 ? plus : 1
}
