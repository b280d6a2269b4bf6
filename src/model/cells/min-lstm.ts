import Type from 'typebox'
import { add, mul, neg, sigmoid, softplus, split, sub } from '../../core/ops.js'
import { sigmoidSlope } from '../gradients/series.js'
import { dense } from '../maps/dense.js'
import { CandidateChoice, candidateGradient, candidateOf } from './candidate.js'
import { gatesOfInput, gatesOfInputSymbols } from './shared.js'
import { cell, defineCell } from './types.js'

/** Gates side by side in the last axis: forget f, input i, candidate n. */
export const minLstm = defineCell({
  name: 'min-lstm',
  summary: 'Minimal LSTM: a forget and an input gate, which see the input alone and share out one whole.',
  equations: [
    'f = σ(x W_f + b_f)',
    'i = σ(x W_i + b_i)',
    'n = x W_n + b_n           (candidate: linear)',
    'n = g(x W_n + b_n), g(a) = a + 0.5 where a ≥ 0, else σ(a)   (candidate: positive)',
    "h' = f / (f + i) ⊙ h + i / (f + i) ⊙ n",
  ],
  symbols: gatesOfInputSymbols(['f', 'i', 'n']),
  source: {
    paper: 'Feng et al. 2024, Were RNNs All We Needed?',
    equation:
      '3.2, with the shares in logarithms as in appendix B: f / (f + i) = σ(log f − log i). Steps one after the other, from a state of zeros (the paper: g(0))',
    url: 'https://arxiv.org/abs/2410.01201',
  },
  options: Type.Object({ candidate: CandidateChoice }),
  build: ({ candidate }, sizes) =>
    cell({
      parameters: gatesOfInput(sizes, 3),
      state: { h: sizes.hidden },
      project: (p, x) => dense(p, x),
      step: (_, projected, { h }) => {
        const [forget, input, raw] = split(projected, 3, 1)
        const entered = sigmoid(sub(softplus(neg(forget)), softplus(neg(input))))
        const n = candidateOf(candidate, raw)
        const difference = sub(n, h)
        const next = add(h, mul(entered, difference))
        return { output: next, state: { h: next }, residuals: { forget, input, entered, n, difference } }
      },
      /** h' = h + e (n − h), e = i / (f + i) = σ(log i − log f) with log σ(a) = −softplus(−a), whose slope is σ(−a). */
      backward: {
        step: (_, { residuals: { forget, input, entered, n, difference } }, { h: dh }) => {
          const dn = mul(dh, entered)
          const dLog = mul(mul(dh, difference), sigmoidSlope(entered))
          const gates = [mul(neg(dLog), sigmoid(neg(forget))), mul(dLog, sigmoid(neg(input)))] as const
          return { projected: [...gates, candidateGradient(candidate, n, dn)], state: { h: sub(dh, dn) }, extras: {} }
        },
        parameters: () => ({}),
      },
    }),
})
