// gru and lstm with layer normalisation of every product inside the cell (Ba et al. 2016). The shifts β of two normalised
// products that are added are one with the gates' bias, so each product has a gain alone. Differentiated by autodiff.
import Type from 'typebox'
import { add, concat, matMul, mul, sigmoid, split, splitSizes, tanh, zerosLike } from '../../core/ops.js'
import type { Tensor1D, Tensor2D } from '../../core/tf.js'
import { times } from '../axes.js'
import { gain, layerNorm, layerNormParameters, standardised } from '../layer-norm.js'
import { orthogonal, zeroBias } from '../parameters.js'
import { gateParameters, update } from './shared.js'
import { type Cell, type CellSizes, cell } from './types.js'

/** No default, as models of before have none: absent is false. */
export const LayerNormInside = Type.Optional(
  Type.Boolean({
    description:
      "Layer normalisation inside the cell, of every product with the input or the state (Ba et al. 2016, supplement). Default: false; `layerNorm` of the encoder or decoder normalises the layer's outputs instead.",
  }),
)

/** x W with each row normalised, times a gain: [N,I] -> [N,O]. */
function normalisedProduct(x: Tensor2D, kernel: Tensor2D, gain: Tensor1D): Tensor2D {
  return mul(standardised(matMul(x, kernel)), gain)
}

/** `bias` [4H] as the plain cell's. All gates of a product are normalised together, and c' before its tanh. */
export function normalisedLstm(sizes: CellSizes, bias: ReturnType<typeof zeroBias>): Cell {
  const gates = times(4, sizes.hidden)
  return cell({
    parameters: {
      ...gateParameters(sizes, 4),
      bias,
      inputGain: gain(gates),
      recurrentGain: gain(gates),
      cellNorm: layerNormParameters(sizes.hidden),
    },
    state: { h: sizes.hidden, c: sizes.hidden },
    project: (p, x) => add(normalisedProduct(x, p.kernel, p.inputGain), p.bias),
    step: (p, projected, { h, c }) => {
      const sums = add(normalisedProduct(h, p.recurrentKernel, p.recurrentGain), projected)
      const [logistic, candidate] = splitSizes(sums, [3 * sizes.hidden.size, sizes.hidden.size], 1)
      const [i, f, o] = split(sigmoid(logistic), 3, 1)
      const g = tanh(candidate)
      const next = add(mul(f, c), mul(i, g))
      const output = mul(o, tanh(layerNorm(next, p.cellNorm)))
      return { output, state: { h: output, c: next }, residuals: { i, f, o, g } }
    },
    stateFrom: (vector) => ({ h: vector, c: zerosLike(vector) }),
    alsoBridged: ['c'],
  })
}

/** n = tanh(LN(x W_n) + b_n + r ⊙ (LN(h U_n) + c_n)): gates are normalised together, the candidate by itself. */
export function normalisedResetAfter(sizes: CellSizes): Cell {
  const { hidden } = sizes
  const cuts = [2 * hidden.size, hidden.size] as const
  return cell({
    parameters: {
      ...gateParameters(sizes, 3),
      candidateBias: zeroBias(hidden),
      inputGain: gain(times(3, hidden)),
      recurrentGain: gain(times(3, hidden)),
    },
    state: { h: hidden },
    project: (p, x) => add(mul(inParts(matMul(x, p.kernel), cuts), p.inputGain), p.bias),
    step: (p, projected, { h }) => {
      const recurrent = mul(inParts(matMul(h, p.recurrentKernel), cuts), p.recurrentGain)
      const [gateSum, candidateSum] = splitSizes(recurrent, cuts, 1)
      const [gateInput, candidateInput] = splitSizes(projected, cuts, 1)
      const [z, r] = split(sigmoid(add(gateSum, gateInput)), 2, 1)
      return updated(h, { z, r, n: tanh(add(mul(r, add(candidateSum, p.candidateBias)), candidateInput)) })
    },
  })
}

/** n = tanh(LN(x W_n) + b_n + LN((r ⊙ h) U_n)). */
export function normalisedResetBefore(sizes: CellSizes): Cell {
  const { hidden } = sizes
  const { kernel, bias } = gateParameters(sizes, 3)
  const cuts = [2 * hidden.size, hidden.size] as const
  return cell({
    parameters: {
      kernel,
      recurrentKernel: orthogonal([hidden, times(2, hidden)], { blocks: 2 }),
      candidateKernel: orthogonal([hidden, hidden]),
      bias,
      inputGain: gain(times(3, hidden)),
      recurrentGain: gain(times(2, hidden)),
      candidateGain: gain(hidden),
    },
    state: { h: hidden },
    project: (p, x) => add(mul(inParts(matMul(x, p.kernel), cuts), p.inputGain), p.bias),
    step: (p, projected, { h }) => {
      const [gateInput, candidateInput] = splitSizes(projected, cuts, 1)
      const [z, r] = split(sigmoid(add(normalisedProduct(h, p.recurrentKernel, p.recurrentGain), gateInput)), 2, 1)
      const candidate = normalisedProduct(mul(r, h), p.candidateKernel, p.candidateGain)
      return updated(h, { z, r, n: tanh(add(candidate, candidateInput)) })
    },
  })
}

/** Columns normalised part by part. */
function inParts(sums: Tensor2D, cuts: readonly [number, number]): Tensor2D {
  const [first, second] = splitSizes(sums, cuts, 1)
  return concat([standardised(first), standardised(second)], 1)
}

/** A step whose output is its state. */
function updated(h: Tensor2D, gates: Readonly<Record<'z' | 'r' | 'n', Tensor2D>>) {
  const { next } = update(h, gates.z, gates.n)
  return { output: next, state: { h: next }, residuals: gates }
}
