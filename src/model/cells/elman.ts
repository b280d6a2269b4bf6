import Type from 'typebox'
import { add, matMul, mul } from '../../core/ops.js'
import { backpropInput, hiddenBefore, productOverRows } from '../gradients/series.js'
import { dense } from '../maps/dense.js'
import { ActivationChoice, activate, activationSlope } from './activation.js'
import { gateParameters } from './shared.js'
import { cell, defineCell } from './types.js'

export const elman = defineCell({
  name: 'elman',
  summary: 'Simple recurrent network: one layer over the input and the previous state.',
  equations: ["h' = φ(x W + h U + b)"],
  symbols: {
    x: ['I'],
    h: ['H'],
    "h'": ['H'],
    W: ['I', 'H'],
    U: ['H', 'H'],
    b: ['H'],
  },
  source: {
    paper: 'Elman 1990, Finding Structure in Time',
    equation: 'figure 2, in the notation of today; the paper uses the logistic function for φ',
    url: 'https://doi.org/10.1207/s15516709cog1402_1',
  },
  options: Type.Object({ activation: ActivationChoice }),
  build: ({ activation }, sizes) =>
    cell({
      parameters: gateParameters(sizes, 1),
      state: { h: sizes.hidden },
      project: (p, x) => dense(p, x),
      step: (p, projected, { h }) => {
        const next = activate(activation, add(matMul(h, p.recurrentKernel), projected))
        return { output: next, state: { h: next }, residuals: { next } }
      },
      operator: (weights) => (activation === 'tanh' ? { operator: 'RNN', ...weights } : undefined),
      /** da = dh' φ'(a) with a = x W + h U + b, and φ' out of h' itself. */
      backward: {
        step: (p, { residuals: { next } }, { h }) => {
          const da = mul(h, activationSlope(activation, next))
          return { projected: [da], state: { h: backpropInput(da, p.recurrentKernel) }, extras: {} }
        },
        parameters: (steps, da) => ({ recurrentKernel: productOverRows(hiddenBefore(steps), da) }),
      },
    }),
})
