import type { GraphBuilder } from '../builder.js'
import type { Node, ValueId } from '../ir.js'
import { type Pass, rewrite } from './pass.js'
import { large, stretchesOf } from './stretches.js'
import { joined } from './views.js'

/** Σ x² over all of x is one operator; over pieces joined into x, the sum of those of the pieces. */
export const sumOfSquares: Pass = {
  name: 'sum-of-squares',
  run: (graph) =>
    rewrite(graph, (node, builder) => {
      const [output] = node.outputs
      const x = squared(node, builder)
      if (x === undefined || output === undefined) return undefined
      const type = builder.type(output)
      const sum = (value: ValueId): ValueId =>
        builder.node('ReduceSumSquare', [value], { keepdims: 0 }, [type])[0] ?? value
      const sums = piecesOf(x, builder).map(sum)
      return sums.length === 1 ? sums : builder.node('Sum', sums, {}, [type])
    }),
}

/** The x of a sum of x * x over all axes, to a scalar. */
function squared({ op, inputs, outputs }: Node, builder: GraphBuilder): ValueId | undefined {
  const product = op === 'ReduceSum' ? builder.producer(inputs[0]) : undefined
  const [a, b] = product?.op === 'Mul' ? product.inputs : []
  const scalar = outputs.every((value) => builder.type(value).shape.length === 0)
  return a !== undefined && a === b && scalar && builder.type(a).dtype === 'float32' ? a : undefined
}

function piecesOf(x: ValueId, builder: GraphBuilder): ValueId[] {
  const concat = builder.producer(x)
  const { shape } = builder.type(x)
  if (concat?.op !== 'Concat' || shape.length !== 1 || (shape[0] ?? 0) < large) return [x]
  return stretchesOf(concat.inputs.map((value) => builder.type(value).shape[0] ?? 0)).map(({ first, end, size }) =>
    joined(builder, concat.inputs.slice(first, end), size),
  )
}
