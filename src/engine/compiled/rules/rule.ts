import { sizeOf } from '../../../core/tensors.js'
import { elements, filled, type GraphBuilder } from '../builder.js'
import type { Attributes, ElementType, ValueId, ValueType } from '../ir.js'

/** What a lowering rule may do: add ONNX nodes and constants. */
export class Emitter {
  constructor(private readonly builder: GraphBuilder<string>) {}

  type(value: ValueId): ValueType {
    return this.builder.type(value)
  }

  shape(value: ValueId): readonly number[] {
    return this.type(value).shape
  }

  /** A node with one output. */
  op(op: string, inputs: readonly ValueId[], type: ValueType, attrs: Attributes = {}): ValueId {
    return this.builder.single(op, inputs, attrs, type)
  }

  ops(op: string, inputs: readonly ValueId[], types: readonly ValueType[], attrs: Attributes = {}): ValueId[] {
    return this.builder.node(op, inputs, attrs, types)
  }

  /** An element-wise node of one input: same shape. */
  map(op: string, x: ValueId, attrs: Attributes = {}, dtype: ElementType = this.type(x).dtype): ValueId {
    return this.op(op, [x], { dtype, shape: this.shape(x) }, attrs)
  }

  constant(dtype: ElementType, numbers: readonly number[], shape: readonly number[] = [numbers.length]): ValueId {
    return this.builder.constant({ dtype, shape }, elements(dtype, numbers))
  }

  /** int64 numbers: shapes, axes, bounds. */
  longs(numbers: readonly number[]): ValueId {
    return this.constant('int64', numbers)
  }

  scalar(dtype: ElementType, number: number): ValueId {
    return this.constant(dtype, [number], [])
  }

  fill(type: ValueType, number: number): ValueId {
    return this.builder.constant(type, filled(type, number))
  }

  cast(x: ValueId, dtype: ElementType): ValueId {
    if (this.type(x).dtype === dtype) return x
    const code = { float32: 1, int32: 6, int64: 7, bool: 9 }[dtype]
    return this.op('Cast', [x], { dtype, shape: this.shape(x) }, { to: code })
  }

  reshape(x: ValueId, shape: readonly number[]): ValueId {
    return this.op('Reshape', [x, this.longs(shape)], { dtype: this.type(x).dtype, shape })
  }

  transpose(x: ValueId, perm: readonly number[]): ValueId {
    const { dtype, shape } = this.type(x)
    return this.op('Transpose', [x], { dtype, shape: perm.map((axis) => shape[axis] ?? 1) }, { perm })
  }

  /** The two last axes exchanged. */
  swapLast(x: ValueId): ValueId {
    const rank = this.shape(x).length
    return this.transpose(x, [...Array(rank - 2).keys(), rank - 1, rank - 2])
  }

  expand(x: ValueId, shape: readonly number[]): ValueId {
    return this.op('Expand', [x, this.longs(shape)], { dtype: this.type(x).dtype, shape })
  }

  rows(shape: readonly number[]): number {
    return sizeOf(shape)
  }
}

export interface RuleCall {
  readonly emit: Emitter
  readonly inputs: readonly ValueId[]
  readonly attrs: Readonly<Record<string, any>>
  /** Types of the outputs, as traced. */
  readonly types: readonly ValueType[]
}

/** ONNX nodes that compute what one TF.js kernel computes: as many values as the kernel has outputs, of its types. */
export type Rule = (call: RuleCall) => readonly ValueId[]

/** The type of the only output. */
export function only(types: readonly ValueType[]): ValueType {
  const [type] = types
  if (type === undefined) throw new RangeError('The kernel has no output')
  return type
}

export function input(inputs: readonly ValueId[], index = 0): ValueId {
  const value = inputs[index]
  if (value === undefined) throw new RangeError(`The kernel has no input ${index}`)
  return value
}
