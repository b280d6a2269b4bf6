import { elements, filled, type GraphBuilder } from '../builder.js'
import type { Node, ValueId, ValueType } from '../ir.js'
import { type Pass, rewrite } from './pass.js'

const reductions: ReadonlySet<string> = new Set(['ReduceSum', 'ReduceMean'])

/**
 * Sums and means over the last axis as products with ones. ONNX Runtime sums a row of a length that is no multiple of a vector in
 * an order that depends on where the row is in memory: its last bits would change with its place in a batch.
 */
export const rowSums: Pass = {
  name: 'row-sums',
  run: (graph) =>
    rewrite(graph, (node, builder) => {
      const [x = -1] = node.inputs
      const [output = -1] = node.outputs
      const { dtype, shape } = builder.type(x)
      const axes = reductions.has(node.op) && dtype === 'float32' ? axesOf(node, builder, shape.length) : []
      // What sums all axes belongs to no row.
      if (!axes.includes(shape.length - 1) || axes.length === shape.length) return undefined
      const along = sumLast(builder, x, node.op === 'ReduceMean')
      return [overOthers(builder, node, along, axes.slice(0, -1), builder.type(output))]
    }),
}

/** In order; none where they are no constant. */
function axesOf({ inputs: [, axes = -1] }: Node, builder: GraphBuilder, rank: number): readonly number[] {
  const numbers = Array.from(builder.data(axes) ?? [], Number)
  return numbers.map((axis) => (axis < 0 ? axis + rank : axis)).sort((one, other) => one - other)
}

/** x [...,n] -> [...,1]. */
function sumLast(builder: GraphBuilder, x: ValueId, mean: boolean): ValueId {
  const { dtype, shape } = builder.type(x)
  const length = shape.at(-1) ?? 1
  const column = { dtype, shape: [length, 1] }
  const type = { dtype, shape: [...shape.slice(0, -1), 1] }
  const sum = builder.single('MatMul', [x, builder.constant(column, filled(column, 1))], {}, type)
  if (!mean) return sum
  const count = builder.constant({ dtype, shape: [] }, elements(dtype, [length]))
  return builder.single('Div', [sum, count], {}, type)
}

/** What is left of a reduction: its other axes, and the shape that it gives. */
function overOthers(
  builder: GraphBuilder,
  { op }: Node,
  x: ValueId,
  axes: readonly number[],
  type: ValueType,
): ValueId {
  const { dtype, shape } = builder.type(x)
  const longs = (numbers: readonly number[]) =>
    builder.constant({ dtype: 'int64', shape: [numbers.length] }, elements('int64', numbers))
  const summed = { dtype, shape: shape.map((size, axis) => (axes.includes(axis) ? 1 : size)) }
  const sum = axes.length === 0 ? x : builder.single(op, [x, longs(axes)], { keepdims: 1 }, summed)
  if (summed.shape.length === type.shape.length) return sum
  return builder.single('Reshape', [sum, longs(type.shape)], {}, type)
}
