import type { GraphBuilder } from '../builder.js'
import { filled } from '../builder.js'
import { type Node, sameType, splatOf, type ValueId, type ValueType } from '../ir.js'
import { type Pass, rewrite } from './pass.js'

/**
 * x + 0, x - 0, x * 1, x / 1 are x; a product (element-wise or of matrices) with a constant of zeros is zeros. Numbers
 * that are not finite would differ (0 * NaN), and only there: a training step with such numbers is stopped anyway.
 */
export const algebra: Pass = {
  name: 'algebra',
  run: (graph) =>
    rewrite(graph, (node, builder) => {
      const [output] = node.outputs
      return output === undefined ? undefined : simplified(node, builder.type(output), builder)
    }),
}

function simplified(node: Node, type: ValueType, builder: GraphBuilder): readonly ValueId[] | undefined {
  const [a, b, c] = node.inputs
  if (a === undefined || b === undefined) return undefined
  const number = (value: ValueId) => {
    const data = builder.data(value)
    return data === undefined ? undefined : splatOf(data)
  }
  const keeps = (value: ValueId) => (sameType(builder.type(value), type) ? [value] : undefined)
  const zeros = () => [builder.constant(type, filled(type, 0))]
  switch (node.op) {
    case 'Add':
      return number(a) === 0 ? keeps(b) : number(b) === 0 ? keeps(a) : undefined
    case 'Sub':
      return number(b) === 0 ? keeps(a) : undefined
    case 'Div':
      return number(b) === 1 ? keeps(a) : undefined
    case 'Mul':
      if (number(a) === 0 || number(b) === 0) return zeros()
      return number(a) === 1 ? keeps(b) : number(b) === 1 ? keeps(a) : undefined
    case 'Gemm':
    case 'MatMul':
      return c === undefined && (number(a) === 0 || number(b) === 0) ? zeros() : undefined
    default:
      return undefined
  }
}
