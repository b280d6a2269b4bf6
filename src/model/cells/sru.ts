import Type from 'typebox'
import { add, concat, matMul, matrix, mul, sigmoid, splitSizes, sub } from '../../core/ops.js'
import type { Tensor2D } from '../../core/tf.js'
import { times } from '../axes.js'
import { dense } from '../maps/dense.js'
import { glorot, type ParameterTree, type Params, parameter, uniformVector, zeroBias } from '../parameters.js'
import { type CellSizes, cell, defineCell } from './types.js'

const options = Type.Object({
  highwayBias: Type.Number({
    default: 0,
    minimum: -20,
    maximum: 20,
    description:
      'Initial bias of the reset gate; below 0 more of the input passes by at first. It also sets the scale of what passes by, √(1 + 2 e^bias).',
  }),
})

/** Side by side in the last axis: candidate x W, forget gate, reset gate, and what passes by (x itself where I = H). */
export const sru = defineCell({
  name: 'sru',
  summary: 'Simple recurrent unit: a state without matrix products from step to step, and a highway around it.',
  equations: [
    'f = σ(x W_f + v_f ⊙ c + b_f)',
    'r = σ(x W_r + v_r ⊙ c + b_r)',
    "c' = f ⊙ c + (1 − f) ⊙ (x W + b)",
    "output = r ⊙ c' + (1 − r) ⊙ s √(1 + 2 e^highwayBias)",
    's = x where I = H, else x W_s',
  ],
  symbols: {
    x: ['I'],
    c: ['H'],
    "c'": ['H'],
    s: ['H'],
    f: ['H'],
    r: ['H'],
    W: ['I', 'H'],
    W_f: ['I', 'H'],
    W_r: ['I', 'H'],
    W_s: ['I', 'H'],
    v_f: ['H'],
    v_r: ['H'],
    b: ['H'],
    b_f: ['H'],
    b_r: ['H'],
    output: ['H'],
  },
  source: {
    paper: 'Lei et al. 2018, Simple Recurrent Units for Highly Parallelizable Recurrence',
    equation:
      '(1)-(4) with the scaling correction of 3.2 and a bias b; W_s where the sizes differ, as in their program',
    url: 'https://arxiv.org/abs/1709.02755',
  },
  options,
  build: ({ highwayBias }, sizes) => {
    const { input, hidden } = sizes
    const scale = Math.sqrt(1 + 2 * Math.exp(highwayBias))
    const passing = (p: Params, x: Tensor2D) => (input.size === hidden.size ? x : matMul(x, matrix(p, 'skipKernel')))
    return cell({
      parameters: { ...parameters(sizes, highwayBias), ...skip(sizes) },
      state: { c: hidden },
      project: (p, x) => concat([dense(p, x), passing(p, x)], 1),
      step: (p, projected, { c }) => {
        const { size } = hidden
        const [candidate, forget, reset, around] = splitSizes(projected, [size, size, size, size], 1)
        const f = sigmoid(add(mul(c, p.forgetWeights), forget))
        const r = sigmoid(add(mul(c, p.resetWeights), reset))
        const next = add(candidate, mul(f, sub(c, candidate)))
        const highway = mul(around, scale)
        return { output: add(highway, mul(r, sub(next, highway))), state: { c: next }, residuals: { f, r } }
      },
    })
  },
})

/** kernel [I,3H], bias [3H], and the vectors v_f and v_r [H]. */
function parameters({ input, hidden }: CellSizes, highwayBias: number) {
  const values = new Float32Array(3 * hidden.size).fill(highwayBias, 2 * hidden.size)
  const all = times(3, hidden)
  return {
    kernel: glorot([input, all], { blocks: 3 }),
    forgetWeights: uniformVector(hidden, Math.sqrt(3 / hidden.size)),
    resetWeights: uniformVector(hidden, Math.sqrt(3 / hidden.size)),
    bias: highwayBias === 0 ? zeroBias(all) : parameter([all], { type: 'given', values }, { decay: false }),
  }
}

/** W_s [I,H], where the input does not fit as it is. */
function skip({ input, hidden }: CellSizes): ParameterTree {
  return input.size === hidden.size ? {} : { skipKernel: glorot([input, hidden]) }
}
