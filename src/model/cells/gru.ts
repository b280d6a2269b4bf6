import Type from 'typebox'
import { at } from '../../core/lists.js'
import { add, concat, matMul, mul, sigmoid, split, splitSizes, sub, tanh, zeros } from '../../core/ops.js'
import type { Tensor2D } from '../../core/tf.js'
import { times } from '../axes.js'
import {
  addAll,
  backpropInput,
  concatColumns,
  hiddenBefore,
  productOverRows,
  seriesOf,
  sigmoidSlope,
  sumRows,
  tanhSlope,
} from '../gradients/series.js'
import { dense } from '../maps/dense.js'
import { orthogonal, zeroBias } from '../parameters.js'
import { LayerNormInside, normalisedResetAfter, normalisedResetBefore } from './normalised.js'
import { gateParameters, gateSymbols, update } from './shared.js'
import { type Cell, type CellSizes, cell, defineCell } from './types.js'

const options = Type.Object({
  reset: Type.Union([Type.Literal('after'), Type.Literal('before')], {
    default: 'after',
    description:
      'Whether the reset gate acts after the matrix product (cuDNN, PyTorch, Keras) or before it (the first version of the paper).',
  }),
  layerNorm: LayerNormInside,
})

const forms = {
  plain: { after: resetAfter, before: resetBefore },
  normalised: { after: normalisedResetAfter, before: normalisedResetBefore },
}

/** Gates side by side in the last axis: update z, reset r, candidate n. */
export const gru = defineCell({
  name: 'gru',
  summary: 'Gated recurrent unit: an update gate and a reset gate, one state.',
  equations: [
    'z = σ(x W_z + h U_z + b_z)',
    'r = σ(x W_r + h U_r + b_r)',
    'n = tanh(x W_n + r ⊙ (h U_n + c_n) + b_n)   (reset: after)',
    'n = tanh(x W_n + (r ⊙ h) U_n + b_n)         (reset: before)',
    "h' = (1 − z) ⊙ n + z ⊙ h",
    'a product p with W or U is LN(p) ⊙ g_x or LN(p) ⊙ g_h, of z and r together, of n by itself   (layerNorm: true)',
  ],
  symbols: { ...gateSymbols(['z', 'r', 'n']), c_n: ['H'], g_x: ['3H'], g_h: ['3H'] },
  source: {
    paper: 'Cho et al. 2014, Learning Phrase Representations using RNN Encoder-Decoder',
    equation: '(5)-(8); reset "after" as in the appendix of v3 and in cuDNN',
    url: 'https://arxiv.org/abs/1406.1078',
  },
  options,
  build: ({ reset, layerNorm = false }, sizes) => forms[layerNorm ? 'normalised' : 'plain'][reset](sizes),
})

/**
 * n = tanh(x W_n + b_n + r q), q = h U_n + c_n. One recurrentKernel [H,3H] for all gates, whose gradient meets [dz dr dq]
 * where that of the input's kernel meets [dz dr dn]; and the candidate's own recurrent bias c_n [H].
 */
function resetAfter(sizes: CellSizes): Cell {
  const { hidden } = sizes
  return cell({
    parameters: { ...gateParameters(sizes, 3), candidateBias: zeroBias(hidden) },
    state: { h: hidden },
    project: (p, x) => dense(p, x),
    step: (p, projected, { h }) => {
      const [gateKernel, candidateKernel] = splitSizes(p.recurrentKernel, [2 * hidden.size, hidden.size], 1)
      const [gateInput, candidateInput] = splitSizes(projected, [2 * hidden.size, hidden.size], 1)
      const zr = sigmoid(add(matMul(h, gateKernel), gateInput))
      const [z, r] = split(zr, 2, 1)
      const q = add(matMul(h, candidateKernel), p.candidateBias)
      const n = tanh(add(mul(r, q), candidateInput))
      const { next, difference } = update(h, z, n)
      return { output: next, state: { h: next }, residuals: { zr, z, r, q, n, difference } }
    },
    operator: ({ candidateBias, ...weights }) => {
      const recurrentBias = concat([zeros([2 * hidden.size]), candidateBias], 0)
      return { operator: 'GRU', gates: ['z', 'r', 'n'], ...weights, recurrentBias }
    },
    backward: {
      step: (p, { residuals }, { h: dh }) => {
        const { zr, r, q } = residuals
        const { direct, dn, dz } = updateBackward(residuals, dh)
        const gates = mul(concatColumns(dz, mul(dn, q)), sigmoidSlope(zr))
        const dq = mul(dn, r)
        const before = backpropInput([gates, dq], p.recurrentKernel)
        return { projected: [gates, dn], state: { h: addAll(before, direct) }, extras: { dq } }
      },
      parameters: (steps, projected) => {
        const dq = seriesOf(steps.map(({ extras }) => extras.dq))
        const recurrentKernel = productOverRows(hiddenBefore(steps), [at(projected, 0), dq])
        return { recurrentKernel, candidateBias: sumRows(dq) }
      },
    },
  })
}

/**
 * n = tanh(x W_n + b_n + (r h) U_n). recurrentKernel [H,2H] for the gates; the candidate's kernel [H,H] by itself, as it
 * meets another vector, and the reset gate's gradient comes through it.
 */
function resetBefore(sizes: CellSizes): Cell {
  const { hidden } = sizes
  const { kernel, bias } = gateParameters(sizes, 3)
  return cell({
    parameters: {
      kernel,
      recurrentKernel: orthogonal([hidden, times(2, hidden)], { blocks: 2 }),
      candidateKernel: orthogonal([hidden, hidden]),
      bias,
    },
    state: { h: hidden },
    project: (p, x) => dense(p, x),
    step: (p, projected, { h }) => {
      const [gateInput, candidateInput] = splitSizes(projected, [2 * hidden.size, hidden.size], 1)
      const zr = sigmoid(add(matMul(h, p.recurrentKernel), gateInput))
      const [z, r] = split(zr, 2, 1)
      const reset = mul(r, h)
      const n = tanh(add(matMul(reset, p.candidateKernel), candidateInput))
      const { next, difference } = update(h, z, n)
      return { output: next, state: { h: next }, residuals: { zr, z, r, reset, n, difference } }
    },
    backward: {
      step: (p, { before, residuals }, { h: dh }) => {
        const { zr, r } = residuals
        const { direct, dn, dz } = updateBackward(residuals, dh)
        const dReset = backpropInput(dn, p.candidateKernel)
        const dr = mul(dReset, before.h)
        const gates = mul(concatColumns(dz, dr), sigmoidSlope(zr))
        const around = add(direct, mul(dReset, r))
        const throughGates = backpropInput(gates, p.recurrentKernel)
        return { projected: [gates, dn], state: { h: addAll(throughGates, around) }, extras: {} }
      },
      parameters: (steps, projected) => {
        const reset = seriesOf(steps.map(({ residuals }) => residuals.reset))
        return {
          recurrentKernel: productOverRows(hiddenBefore(steps), at(projected, 0)),
          candidateKernel: productOverRows(reset, at(projected, 1)),
        }
      },
    },
  })
}

/** Of the update: dh' z (what h gets of it), the gradient of n before its tanh, dh' (1 − z) (1 − n²), and that of z, dh' (h − n). */
function updateBackward({ z, n, difference }: Readonly<Record<'z' | 'n' | 'difference', Tensor2D>>, dh: Tensor2D) {
  const direct = mul(dh, z)
  const dn = mul(sub(dh, direct), tanhSlope(n))
  return { direct, dn, dz: mul(dh, difference) }
}
