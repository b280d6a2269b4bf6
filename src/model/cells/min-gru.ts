import Type from 'typebox'
import { add, minimum, mul, onesLike, relu, sigmoid, split, step, sub } from '../../core/ops.js'
import type { Tensor2D } from '../../core/tf.js'
import { sigmoidSlope } from '../gradients/series.js'
import { dense } from '../maps/dense.js'
import { gatesOfInput, gatesOfInputSymbols } from './shared.js'
import { cell, defineCell } from './types.js'

/** What a gate's candidate is made of its pre-activation by: `linear` or `positive`, of both minimal cells. */
export const CandidateChoice = Type.Union([Type.Literal('linear'), Type.Literal('positive')], {
  default: 'linear',
  description:
    'How the candidate is made: as it is (linear: Feng et al. 2024, 3.1), or kept positive by g(a) = a + 0.5 from 0 on and σ(a) below (positive: their appendix B, for the scan in logarithms).',
})
export type Candidate = 'linear' | 'positive'

/** Gates side by side in the last axis: update z, candidate n. */
export const minGru = defineCell({
  name: 'min-gru',
  summary: 'Minimal gated recurrent unit: one gate, which sees the input alone.',
  equations: [
    'z = σ(x W_z + b_z)',
    'n = x W_n + b_n           (candidate: linear)',
    'n = g(x W_n + b_n), g(a) = a + 0.5 where a ≥ 0, else σ(a)   (candidate: positive)',
    "h' = (1 − z) ⊙ h + z ⊙ n",
  ],
  symbols: gatesOfInputSymbols(['z', 'n']),
  source: {
    paper: 'Feng et al. 2024, Were RNNs All We Needed?',
    equation: '3.1; positive: appendix B. Steps one after the other, from a state of zeros (the paper: g(0))',
    url: 'https://arxiv.org/abs/2410.01201',
  },
  options: Type.Object({ candidate: CandidateChoice }),
  build: ({ candidate }, sizes) =>
    cell({
      parameters: gatesOfInput(sizes, 2),
      state: { h: sizes.hidden },
      project: (p, x) => dense(p, x),
      step: (_, projected, { h }) => {
        const [gate, raw] = split(projected, 2, 1)
        const z = sigmoid(gate)
        const n = made(candidate, raw)
        const difference = sub(n, h)
        const next = add(h, mul(z, difference))
        return { output: next, state: { h: next }, residuals: { z, n, difference } }
      },
      /** h' = h + z (n − h): dn = dh' z, dh = dh' − dn, dz = dh' (n − h), each gate before its activation. */
      backward: {
        step: (_, { residuals: { z, n, difference } }, { h: dh }) => {
          const dn = mul(dh, z)
          const dz = mul(mul(dh, difference), sigmoidSlope(z))
          return { projected: [dz, slopes(candidate, n, dn)], state: { h: sub(dh, dn) }, extras: {} }
        },
        parameters: () => ({}),
      },
    }),
})

/** The candidate of its pre-activation, element by element: a, or relu(a) + σ(min(a, 0)), which is g. */
export function made(candidate: Candidate, a: Tensor2D): Tensor2D {
  return candidate === 'linear' ? a : add(relu(a), sigmoid(minimum(a, 0)))
}

/** The gradient of the pre-activation, out of the candidate and its gradient: g' is 1 from g = 0.5 on and g (1 − g) below. */
export function slopes(candidate: Candidate, value: Tensor2D, gradient: Tensor2D): Tensor2D {
  if (candidate === 'linear') return gradient
  const above = step(sub(value, 0.5))
  return mul(gradient, add(above, mul(sub(onesLike(above), above), sigmoidSlope(value))))
}
