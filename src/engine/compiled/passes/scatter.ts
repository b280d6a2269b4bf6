import { elements, type GraphBuilder } from '../builder.js'
import { countUses, type Node, sameShape, splat, type ValueId } from '../ir.js'
import { type Pass, rewrite } from './pass.js'

/** x + (numbers scattered into zeros) scatters them into x. */
export const scatterIntoSum: Pass = {
  name: 'scatter-into-sum',
  run: (graph) => {
    const uses = countUses(graph)
    const scatterBehind = (builder: GraphBuilder, value: ValueId): Node | undefined => {
      const node = builder.producer(value)
      if (node === undefined || uses.get(value) !== 1) return undefined
      if (node.op === 'Reshape') return scatterBehind(builder, node.inputs[0] ?? -1)
      const zeros = node.op === 'ScatterElements' && splat(graph, node.inputs[0] ?? -1) === 0
      return zeros && node.attrs.reduction === 'add' ? node : undefined
    }
    return rewrite(graph, (node, builder) => {
      const [a, b] = node.inputs
      const [output] = node.outputs
      if (node.op !== 'Add' || a === undefined || b === undefined || output === undefined) return undefined
      const scatter = scatterBehind(builder, b)
      const type = builder.type(output)
      if (scatter === undefined || !sameShape(builder.type(a).shape, type.shape)) return undefined
      if (!sameShape(builder.type(b).shape, type.shape)) return undefined
      const [zeros = -1, places = -1, updates = -1] = scatter.inputs
      const inside = builder.type(zeros)
      const reshape = (value: ValueId, shape: readonly number[]): ValueId => {
        if (sameShape(builder.type(value).shape, shape)) return value
        const target = builder.constant({ dtype: 'int64', shape: [shape.length] }, elements('int64', shape))
        return builder.single('Reshape', [value, target], {}, { dtype: type.dtype, shape })
      }
      const inputs = [reshape(a, inside.shape), places, updates]
      return [reshape(builder.single('ScatterElements', inputs, scatter.attrs, inside), type.shape)]
    })
  },
}

/**
 * Rows added into zeros: a row at a time, not a number at a time. For sessions of one thread: ONNX Runtime's ScatterND
 * loses sums at repeated places above one. The order of additions, and so every byte, is the same.
 */
export const rowsAtOnce: Pass = {
  name: 'rows-at-once',
  run: (graph) =>
    rewrite(graph, (node, builder) => {
      const [zeros = -1, places = -1, updates = -1] = node.inputs
      const adds = node.op === 'ScatterElements' && node.attrs.reduction === 'add' && splat(graph, zeros) === 0
      const rows = adds ? builder.producer(places) : undefined
      const type = builder.type(node.outputs[0] ?? -1)
      if (rows?.op !== 'Expand' || node.attrs.axis !== 0 || type.shape.length !== 2) return undefined
      const [column = -1] = rows.inputs
      const { shape } = builder.type(column)
      if (shape[1] !== 1) return undefined
      const wide = builder.single('Cast', [column], { to: 7 }, { dtype: 'int64', shape })
      return builder.node('ScatterND', [zeros, wide, updates], { reduction: 'add' }, [type])
    }),
}
