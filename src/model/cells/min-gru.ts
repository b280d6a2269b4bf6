import Type from 'typebox'
import { add, mul, sigmoid, split, sub } from '../../core/ops.js'
import { sigmoidSlope } from '../gradients/series.js'
import { dense } from '../maps/dense.js'
import { CandidateChoice, candidateGradient, candidateOf } from './candidate.js'
import { gatesOfInput, gatesOfInputSymbols } from './shared.js'
import { cell, defineCell } from './types.js'

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
        const n = candidateOf(candidate, raw)
        const difference = sub(n, h)
        const next = add(h, mul(z, difference))
        return { output: next, state: { h: next }, residuals: { z, n, difference } }
      },
      /** h' = h + z (n − h): dn = dh' z, dh = dh' − dn, dz = dh' (n − h), each gate before its activation. */
      backward: {
        step: (_, { residuals: { z, n, difference } }, { h: dh }) => {
          const dn = mul(dh, z)
          const dz = mul(mul(dh, difference), sigmoidSlope(z))
          return { projected: [dz, candidateGradient(candidate, n, dn)], state: { h: sub(dh, dn) }, extras: {} }
        },
        parameters: () => ({}),
      },
    }),
})
