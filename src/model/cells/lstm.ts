import Type from 'typebox'
import { add, concat, matMul, mul, sigmoid, split, splitSizes, sub, tanh, zerosLike } from '../../core/ops.js'
import type { Tensor1D, Tensor2D } from '../../core/tf.js'
import { times } from '../axes.js'
import {
  addAll,
  backpropInput,
  concatColumns,
  hiddenBefore,
  productOverRows,
  sigmoidSlope,
} from '../gradients/series.js'
import { dense } from '../maps/dense.js'
import { parameter } from '../parameters.js'
import { LayerNormInside, normalisedLstm } from './normalised.js'
import { gateParameters, gateSymbols } from './shared.js'
import { type Cell, type CellSizes, cell, defineCell } from './types.js'

const options = Type.Object({
  forgetBias: Type.Number({
    default: 1,
    description: 'Initial bias of the forget gate; 1 keeps the gate open at first (Jozefowicz et al. 2015).',
  }),
  layerNorm: LayerNormInside,
})

/** Gates side by side in the last axis, those with a logistic function first: input i, forget f, output o, candidate g. */
export const lstm = defineCell({
  name: 'lstm',
  summary: 'Long short-term memory: input, forget and output gates around a cell state.',
  equations: [
    'i = σ(x W_i + h U_i + b_i)',
    'f = σ(x W_f + h U_f + b_f)',
    'g = tanh(x W_g + h U_g + b_g)',
    'o = σ(x W_o + h U_o + b_o)',
    "c' = f ⊙ c + i ⊙ g",
    "h' = o ⊙ tanh(c')",
    'a product p with W or U is LN(p) ⊙ g_x or LN(p) ⊙ g_h, over all gates   (layerNorm: true)',
    "c' before its tanh is LN(c') ⊙ g_c + β_c   (layerNorm: true)",
  ],
  symbols: {
    ...gateSymbols(['i', 'f', 'g', 'o']),
    c: ['H'],
    "c'": ['H'],
    g_x: ['4H'],
    g_h: ['4H'],
    g_c: ['H'],
    β_c: ['H'],
  },
  source: {
    paper: 'Hochreiter & Schmidhuber 1997, Long Short-Term Memory; forget gate by Gers et al. 2000, Learning to Forget',
    equation: 'Gers et al. (1)-(7), without peepholes and with tanh for both squashing functions',
    url: 'https://doi.org/10.1162/089976600300015015',
  },
  options,
  build: ({ forgetBias, layerNorm }, sizes) =>
    layerNorm === true ? normalisedLstm(sizes, gateBias(forgetBias, sizes)) : plain(forgetBias, sizes),
})

function plain(forgetBias: number, sizes: CellSizes): Cell {
  return cell({
    parameters: { ...gateParameters(sizes, 4), bias: gateBias(forgetBias, sizes) },
    state: { h: sizes.hidden, c: sizes.hidden },
    project: (p, x) => dense(p, x),
    step: (p, projected, { h, c }) => {
      const [logisticKernel, candidateKernel] = logisticAndCandidate(p.recurrentKernel)
      const [logisticInput, candidateInput] = logisticAndCandidate(projected)
      const ifo = sigmoid(add(matMul(h, logisticKernel), logisticInput))
      const g = tanh(add(matMul(h, candidateKernel), candidateInput))
      const [i, f, o] = split(ifo, 3, 1)
      const entered = mul(i, g)
      const next = add(mul(f, c), entered)
      const squashed = tanh(next)
      const output = mul(o, squashed)
      return { output, state: { h: output, c: next }, residuals: { ifo, i, f, o, g, entered, squashed, output } }
    },
    operator: ({ kernel, recurrentKernel, bias }) => ({
      operator: 'LSTM',
      gates: ['i', 'o', 'f', 'g'],
      kernel: outputSecond(kernel, 1),
      recurrentKernel: outputSecond(recurrentKernel, 1),
      bias: outputSecond(bias, 0),
    }),
    stateFrom: (vector) => ({ h: vector, c: zerosLike(vector) }),
    alsoBridged: ['c'],
    /**
     * [i f o g] before their activations: with dc = dh' o (1 - tanh² c') + (dc' from the step after),
     * [di df do] = [dc g, dc c, dh' tanh c'] ⊙ [i f o](1 - [i f o]), dg = dc i (1 - g²), dc before = dc f. Slopes of tanh
     * are taken out of products that the step has formed: o (1 - tanh² c') = o - h' tanh c', i (1 - g²) = i - (i g) g.
     */
    backward: {
      step: (p, { before, residuals }, { h: dh, c: dNext }) => {
        const { ifo, i, f, o, g, entered, squashed, output } = residuals
        const dc = addAll(mul(dh, sub(o, mul(output, squashed))), dNext)
        const outside = concatColumns(mul(dc, g), mul(dc, before.c), mul(dh, squashed))
        const candidate = mul(dc, sub(i, mul(entered, g)))
        const gates = concatColumns(mul(outside, sigmoidSlope(ifo)), candidate)
        const state = { h: backpropInput(gates, p.recurrentKernel), c: mul(dc, f) }
        return { projected: [gates], state, extras: {} }
      },
      parameters: (steps, gates) => ({ recurrentKernel: productOverRows(hiddenBefore(steps), gates) }),
    },
  })
}

/** bias [4H]: zeros, with the forget gate's block at `forgetBias`. */
function gateBias(forgetBias: number, { hidden }: CellSizes) {
  const values = new Float32Array(4 * hidden.size).fill(forgetBias, hidden.size, 2 * hidden.size)
  return parameter([times(4, hidden)], { type: 'given', values }, { decay: false })
}

/** Columns [.., 4H] -> those of i, f and o [.., 3H] and those of g [.., H]. */
function logisticAndCandidate(columns: Tensor2D): readonly [Tensor2D, Tensor2D] {
  const size = columns.shape[1] / 4
  return splitSizes(columns, [3 * size, size], 1)
}

/** Gates i, f, o, g -> i, o, f, g. */
function outputSecond<T extends Tensor1D | Tensor2D>(weights: T, axis: number): T {
  const [i, f, o, g] = split(weights, 4, axis)
  return concat([i, o, f, g], axis)
}
