import type { ValueId } from '../ir.js'
import { input, type Rule } from './rule.js'

/** FusedAdam by its equation (engine/fused-adam.ts), for where it is not at the end of a graph. */
const adam: Rule = ({ emit, inputs, attrs, types }) => {
  const [parameters, gradient, m, v] = [input(inputs), input(inputs, 1), input(inputs, 2), input(inputs, 3)]
  const [scale, learningRate, step] = [input(inputs, 4), input(inputs, 5), input(inputs, 6)]
  const number = (value: number) => emit.scalar('float32', value)
  const larger = (a: ValueId, b: ValueId) => (emit.shape(a).length >= emit.shape(b).length ? a : b)
  const op = (name: string, a: ValueId, b: ValueId) => emit.op(name, [a, b], emit.type(larger(a, b)))
  const rest = (beta: number) => op('Sub', number(1), op('Pow', number(beta), step))
  const scaled = op('Mul', gradient, scale)
  const g = attrs.l2 === 0 ? scaled : op('Add', scaled, op('Mul', parameters, number(attrs.l2)))
  const nextM = op('Add', op('Mul', m, number(attrs.beta1)), g)
  const nextV = op('Add', op('Mul', v, number(attrs.beta2)), op('Mul', g, g))
  const root = emit.map('Sqrt', op('Div', rest(attrs.beta2), number(1 - attrs.beta2)))
  const rate = op('Mul', op('Div', number(1 - attrs.beta1), rest(attrs.beta1)), op('Mul', learningRate, root))
  const decayed =
    attrs.decay === 0
      ? parameters
      : op('Mul', parameters, op('Sub', number(1), op('Mul', learningRate, number(attrs.decay))))
  const divisor = op('Add', emit.map('Sqrt', nextV), op('Mul', root, number(attrs.epsilon)))
  const change = op('Div', op('Mul', nextM, rate), divisor)
  return types.length === 3 ? [op('Sub', decayed, change), nextM, nextV] : []
}

/** Kernels of seqlab's own. */
export const updates = { FusedAdam: adam } as const satisfies Record<string, Rule>
