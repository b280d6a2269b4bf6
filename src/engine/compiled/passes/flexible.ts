import { elements } from '../builder.js'
import { type Graph, sameShape } from '../ir.js'
import { separateOutputs } from '../lower.js'
import { deadCode } from './dead-code.js'
import { gemmWithC } from './gemm.js'
import { logSoftmax } from './log-softmax.js'
import { beforeReshapes } from './lookup.js'
import { noOps, reshapeChains } from './no-ops.js'
import { type Pass, rewrite } from './pass.js'
import { rowSums } from './row-sums.js'

/** A transpose that only moves axes of size 1 moves no number: it is a reshape. */
export const transposedUnits: Pass = {
  name: 'transposed-units',
  run: (graph) =>
    rewrite(graph, ({ op, inputs: [input = -1], attrs, outputs: [output = -1] }, builder) => {
      if (op !== 'Transpose' || !Array.isArray(attrs.perm)) return undefined
      const { shape } = builder.type(input)
      const long = attrs.perm.filter((axis: number) => shape[axis] !== 1)
      if (long.some((axis: number, place: number) => axis < (long[place - 1] ?? 0))) return undefined
      const type = builder.type(output)
      const to = builder.constant({ dtype: 'int64', shape: [type.shape.length] }, elements('int64', type.shape))
      return builder.node('Reshape', [input, to], {}, [type])
    }),
}

/** Rows looked up by ids that were only reshaped, and reshaped to a list of rows, are looked up by the list of ids. */
export const plainLookups: Pass = {
  name: 'plain-lookups',
  run: (graph) =>
    rewrite(graph, ({ op, inputs: [input], outputs: [output = -1] }, builder) => {
      const gather = op === 'Reshape' ? builder.producer(input) : undefined
      const [table = -1, ids = -1] = gather?.inputs ?? []
      if (gather?.op !== 'Gather' || gather.attrs.axis !== 0) return undefined
      const list = beforeReshapes(builder, ids)
      const rows = [...builder.type(list).shape, ...builder.type(table).shape.slice(1)]
      const type = builder.type(output)
      return sameShape(rows, type.shape) ? builder.node('Gather', [table, list], gather.attrs, [type]) : undefined
    }),
}

/** Passes that hold for inputs of any size: what they look at is the same in each trace. */
const flexiblePasses: readonly Pass[] = [
  transposedUnits,
  noOps,
  reshapeChains,
  plainLookups,
  noOps,
  logSoftmax,
  rowSums,
  gemmWithC,
  deadCode,
]

/** Fewer and larger operators in a graph for inputs of any size, and in the bodies of its recurrences. */
export function simplified(graph: Graph): Graph {
  const { nodes, ...rest } = flexiblePasses.reduce((before, pass) => pass.run(before), graph)
  return {
    ...rest,
    nodes: nodes.map((node) => (node.body ? { ...node, body: separateOutputs(simplified(node.body)) } : node)),
  }
}
