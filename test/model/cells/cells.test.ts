import { expect, it } from 'vitest'
import { at } from '../../../src/core/lists.js'
import { type Tensor2D, tf } from '../../../src/core/tf.js'
import { units } from '../../../src/model/axes.js'
import { aaren } from '../../../src/model/cells/aaren.js'
import { elman } from '../../../src/model/cells/elman.js'
import { feedForward } from '../../../src/model/cells/feed-forward.js'
import { gru } from '../../../src/model/cells/gru.js'
import { lstm } from '../../../src/model/cells/lstm.js'
import { minGru } from '../../../src/model/cells/min-gru.js'
import { minLstm } from '../../../src/model/cells/min-lstm.js'
import { sru } from '../../../src/model/cells/sru.js'
import type { Cell, CellSizes } from '../../../src/model/cells/types.js'
import type { Matrices } from '../../../src/model/gradients/types.js'
import type { Params } from '../../../src/model/parameters.js'
import { stateFrom } from '../../../src/model/start.js'
import { numbers } from '../../support/tensors.js'

// One step with input 1 and hidden 1, so that every number can be redone with a pocket calculator:
// x = 1, h = 0.5.
const x = tf.tensor2d([[1]])
const h = tf.tensor2d([[0.5]])
const row = (...values: number[]) => tf.tensor2d([values])
const sigmoid = (a: number) => 1 / (1 + Math.exp(-a))
const only = (found: Tensor2D) => numbers(found)[0]
const sizes = (input: number, hidden: number): CellSizes => ({ input: units('I', input), hidden: units('H', hidden) })
const step = (cell: Cell, params: Params, x: Tensor2D, state: Matrices) =>
  cell.step(params, cell.project(params, x), state)

it('takes one elman step by hand', () => {
  const params = { kernel: row(0.5), recurrentKernel: row(-1), bias: tf.tensor1d([0.25]) }
  const cell = (activation: 'tanh' | 'relu' | 'identity') => elman.build({ activation }, sizes(1, 1))
  const output = (activation: 'tanh' | 'relu' | 'identity') => step(cell(activation), params, x, { h }).output
  // 1 · 0.5 + 0.5 · (−1) + 0.25 = 0.25
  expect(only(output('identity'))).toBeCloseTo(0.25, 6)
  expect(only(output('relu'))).toBeCloseTo(0.25, 6)
  expect(only(output('tanh'))).toBeCloseTo(0.244919, 6)
  expect(only(step(cell('relu'), params, tf.neg(x), { h }).output)).toBe(0)
})

it('takes one lstm step by hand', () => {
  const params = {
    kernel: row(1, 0.5, 2, -1), //          i  f  g  o
    recurrentKernel: row(2, -1, -2, 4),
    bias: tf.tensor1d([0, 1, 0, 0]),
  }
  const { output, state } = step(lstm.build({ forgetBias: 1 }, sizes(1, 1)), params, x, { h, c: row(2) })
  // i = σ(1 + 1) = σ(2), f = σ(0.5 − 0.5 + 1) = σ(1), g = tanh(2 − 1) = tanh 1, o = σ(−1 + 2) = σ(1)
  const c = sigmoid(1) * 2 + sigmoid(2) * Math.tanh(1)
  expect(c).toBeCloseTo(2.132927, 5) // 0.731059 · 2 + 0.880797 · 0.761594
  expect(numbers(state.c as Tensor2D)[0]).toBeCloseTo(c, 5)
  expect(only(output)).toBeCloseTo(sigmoid(1) * Math.tanh(c), 5)
  expect(state.h).toBe(output)
})

it('starts the forget gate at its bias', () => {
  const { bias } = lstm.build({ forgetBias: 1 }, sizes(3, 2)).parameters
  expect(bias).toMatchObject({ init: { type: 'given', values: Float32Array.from([0, 0, 1, 1, 0, 0, 0, 0]) } })
})

it('takes one gru step by hand, the reset gate after the product', () => {
  const params = {
    kernel: row(1, 0.5, 2), //           z  r  n
    recurrentKernel: row(2, -1, -2),
    bias: tf.tensor1d([0, 0, 0.5]),
    candidateBias: tf.tensor1d([3]),
  }
  // z = σ(1 + 1), r = σ(0.5 − 0.5) = 0.5, n = tanh(2 + 0.5 + 0.5 (−1 + 3)) = tanh 3.5
  const z = sigmoid(2)
  const next = only(step(gru.build({ reset: 'after' }, sizes(1, 1)), params, x, { h }).output)
  expect(next).toBeCloseTo((1 - z) * Math.tanh(3.5) + z * 0.5, 6)
  expect(next).toBeCloseTo(0.559383, 5)
})

it('takes one gru step by hand, the reset gate before the product', () => {
  const params = {
    kernel: row(1, 0.5, 2),
    recurrentKernel: row(2, -1),
    candidateKernel: row(-2),
    bias: tf.tensor1d([0, 0, 0.5]),
  }
  // r = 0.5, n = tanh(2 + 0.5 + (0.5 · 0.5)(−2)) = tanh 2
  const z = sigmoid(2)
  const next = only(step(gru.build({ reset: 'before' }, sizes(1, 1)), params, x, { h }).output)
  expect(next).toBeCloseTo((1 - z) * Math.tanh(2) + z * 0.5, 6)
  expect(next).toBeCloseTo(0.555313, 5)
})

it('runs aaren as the softmax over all steps so far', () => {
  const cell = aaren.build({}, sizes(1, 1))
  const params = { query: tf.tensor1d([2]), keyKernel: row(1), valueKernel: row(10) }
  let state: Matrices = { a: row(0), c: row(0), m: row(-1e30) }
  const outputs = [1, 0, -1].map((value) => {
    const next = step(cell, params, row(value), state)
    state = next.state
    return only(next.output)
  })
  // Scores 2x are 2, 0, -2; values 10x are 10, 0, -10.
  const e = Math.exp
  expect(outputs[0]).toBeCloseTo(10, 5)
  expect(outputs[1]).toBeCloseTo((10 * e(2)) / (e(2) + e(0)), 5) // 8.807971
  expect(outputs[2]).toBeCloseTo((10 * e(2) - 10 * e(-2)) / (e(2) + e(0) + e(-2)), 5)
})

it('keeps aaren finite where scores are huge', () => {
  const cell = aaren.build({}, sizes(1, 1))
  const params = { query: tf.tensor1d([1]), keyKernel: row(1), valueKernel: row(1) }
  const first = step(cell, params, row(-2000), { a: row(0), c: row(0), m: row(-1e30) })
  expect(only(first.output)).toBeCloseTo(-2000, 3)
  const second = step(cell, params, row(2000), first.state)
  expect(only(second.output)).toBeCloseTo(2000, 3)
  expect(only(step(cell, params, row(-2000), second.state).output)).toBeCloseTo(2000, 3)
})

it('starts aaren from a vector as if it had been read with score 0', () => {
  const cell = aaren.build({}, sizes(1, 1))
  const params = { query: tf.tensor1d([2]), keyKernel: row(1), valueKernel: row(10) }
  const { output } = step(cell, params, row(1), stateFrom(cell, row(3)))
  expect(only(output)).toBeCloseTo((3 + 10 * Math.exp(2)) / (1 + Math.exp(2)), 5)
})

it('takes one feed-forward step by hand', () => {
  const params = { kernel: row(0.5), bias: tf.tensor1d([0.25]) }
  expect(only(step(feedForward.build({ activation: 'identity' }, sizes(1, 1)), params, x, {}).output)).toBeCloseTo(
    0.75,
    6,
  )
  expect(only(step(feedForward.build({ activation: 'tanh' }, sizes(1, 1)), params, x, {}).output)).toBeCloseTo(
    0.635149,
    6,
  )
})

it('takes one min-gru step by hand', () => {
  const params = { kernel: row(1, 2), bias: tf.tensor1d([0, 0.5]) } // z  n
  const next = (candidate: 'linear' | 'positive', input = x) =>
    only(step(minGru.build({ candidate }, sizes(1, 1)), params, input, { h }).output)
  // z = σ(1), n = 2 + 0.5, h' = 0.5 + σ(1) (2.5 − 0.5)
  expect(next('linear')).toBeCloseTo(1.962117, 6)
  // g(2.5) = 3: h' = 0.5 + σ(1) 2.5
  expect(next('positive')).toBeCloseTo(2.327646, 6)
  // x = −1: z = σ(−1) = 0.268941, g(−2 + 0.5) = σ(−1.5) = 0.182426
  expect(next('positive', tf.neg(x))).toBeCloseTo(0.5 + 0.268941 * (0.182426 - 0.5), 5)
})

it('takes one min-lstm step by hand', () => {
  const params = { kernel: row(1, 0, 2), bias: tf.tensor1d([0, 0, 0]) } // f  i  n
  const cell = minLstm.build({ candidate: 'linear' }, sizes(1, 1))
  // f = σ(1) = 0.731059, i = 0.5: the shares are 0.593846 and 0.406154; n = 2
  expect(only(step(cell, params, x, { h }).output)).toBeCloseTo(0.593846 * 0.5 + 0.406154 * 2, 5)
})

it('keeps the shares of min-lstm apart where both gates are shut', () => {
  const cell = minLstm.build({ candidate: 'linear' }, sizes(1, 1))
  const of = (forget: number, input: number) =>
    only(step(cell, { kernel: row(0, 0, 2), bias: tf.tensor1d([forget, input, 0]) }, x, { h }).output)
  expect(of(-200, -300)).toBeCloseTo(0.5, 6)
  expect(of(-300, -200)).toBeCloseTo(2, 6)
  expect(of(-200, -200)).toBeCloseTo(1.25, 6)
})

it('takes one sru step by hand', () => {
  const params = {
    kernel: row(2, 1, -1), // candidate  f  r
    forgetWeights: tf.tensor1d([4]),
    resetWeights: tf.tensor1d([2]),
    bias: tf.tensor1d([0, -1, 1]),
  }
  const cell = sru.build({ highwayBias: 0 }, sizes(1, 1))
  const { output, state } = step(cell, params, x, { c: row(0.5) })
  // f = σ(1 + 2 − 1) = σ(2), r = σ(−1 + 1 + 1) = σ(1), c' = σ(2) 0.5 + (1 − σ(2)) 2
  const c = sigmoid(2) * 0.5 + (1 - sigmoid(2)) * 2
  expect(only(state.c as Tensor2D)).toBeCloseTo(c, 6)
  expect(c).toBeCloseTo(0.678804, 6)
  // What passes by is x √(1 + 2 e⁰) = √3.
  expect(only(output)).toBeCloseTo(sigmoid(1) * c + (1 - sigmoid(1)) * Math.sqrt(3), 6)
})

it('starts the reset gate of sru at its bias, and it alone', () => {
  const { bias } = sru.build({ highwayBias: -2 }, sizes(3, 2)).parameters
  expect(bias).toMatchObject({ init: { type: 'given', values: Float32Array.from([0, 0, 0, 0, -2, -2]) } })
})

it('brings an input of another size around sru by a product', () => {
  const params = {
    kernel: tf.zeros([2, 3]),
    forgetWeights: tf.tensor1d([0]),
    resetWeights: tf.tensor1d([0]),
    bias: tf.tensor1d([0, 0, 0]),
    skipKernel: tf.tensor2d([[3], [5]]),
  }
  const cell = sru.build({ highwayBias: 0 }, sizes(2, 1))
  // f = r = ½, c' = ½ · 0.5; half of it, and half of (3 + 2 · 5) √3
  const { output } = step(cell, params, row(1, 2), { c: row(0.5) })
  expect(only(output)).toBeCloseTo(0.125 + 6.5 * Math.sqrt(3), 4)
})

// [a, b] less its mean, over its deviation with 1e-5 added to the variance.
function standardised(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return values.map((value) => (value - mean) / Math.sqrt(variance + 1e-5))
}

it('normalises the products inside lstm', () => {
  const params = {
    kernel: row(1, 0.5, 2, -1), //  i  f  o  g
    recurrentKernel: row(2, -1, -2, 4),
    bias: tf.tensor1d([0, 1, 0, 0]),
    inputGain: tf.tensor1d([1, 2, 1, 1]),
    recurrentGain: tf.tensor1d([1, 1, 1, 3]),
    cellNorm: { gain: tf.tensor1d([2]), bias: tf.tensor1d([0.3]) },
  }
  const { output, state } = step(lstm.build({ forgetBias: 1, layerNorm: true }, sizes(1, 1)), params, x, {
    h,
    c: row(2),
  })
  const input = standardised([1, 0.5, 2, -1])
  const recurrent = standardised([1, -0.5, -1, 2]) // h = 0.5
  const sums = [0, 1, 2, 3].map(
    (gate) => at(input, gate) * at([1, 2, 1, 1], gate) + at(recurrent, gate) * at([1, 1, 1, 3], gate),
  )
  const [i = 0, f = 0, o = 0, g = 0] = sums
  const c = sigmoid(f + 1) * 2 + sigmoid(i) * Math.tanh(g)
  expect(only(state.c as Tensor2D)).toBeCloseTo(c, 5)
  // LN of a single number is 0: what is left is β.
  expect(only(output)).toBeCloseTo(sigmoid(o) * Math.tanh(0.3), 5)
})

it.each(['after', 'before'] as const)('normalises the products inside gru, the reset gate %s', (reset) => {
  const size = 2
  const kernel = tf.tensor2d([[1, 0.5, 2, -1, 3, 0.25]]) //  z z r r n n
  const gates = [
    [2, -1, -2, 4],
    [1, 1, 0.5, -3],
  ]
  const candidate = [
    [1, -2],
    [0.5, 3],
  ]
  const params = {
    kernel,
    bias: tf.tensor1d([0, 1, 0, -1, 0.5, 0]),
    inputGain: tf.tensor1d([1, 2, 1, 1, 2, 1]),
    recurrentGain: tf.tensor1d(reset === 'after' ? [1, 1, 3, 1, 1, 2] : [1, 1, 3, 1]),
    ...(reset === 'after'
      ? {
          recurrentKernel: tf.tensor2d(gates.map((line, at) => [...line, ...(candidate[at] ?? [])])),
          candidateBias: tf.tensor1d([0.1, 0.2]),
        }
      : {
          recurrentKernel: tf.tensor2d(gates),
          candidateKernel: tf.tensor2d(candidate),
          candidateGain: tf.tensor1d([1, 2]),
        }),
  }
  const before = [0.5, -1]
  const found = step(gru.build({ reset, layerNorm: true }, sizes(1, size)), params, x, { h: row(...before) }).output

  const times = (vector: readonly number[], matrix: readonly (readonly number[])[]) =>
    (matrix[0] ?? []).map((_, column) =>
      vector.reduce((sum, value, at) => sum + value * (matrix[at]?.[column] ?? 0), 0),
    )
  const plus = (...vectors: readonly (readonly number[])[]) =>
    (vectors[0] ?? []).map((_, at) => vectors.reduce((sum, vector) => sum + (vector[at] ?? 0), 0))
  const by = (vector: readonly number[], gain: readonly number[]) => vector.map((value, at) => value * (gain[at] ?? 0))
  const gateSums = plus(
    by(standardised([1, 0.5, 2, -1]), [1, 2, 1, 1]),
    by(standardised(times(before, gates)), [1, 1, 3, 1]),
    [0, 1, 0, -1],
  )
  const [z0 = 0, z1 = 0, r0 = 0, r1 = 0] = gateSums.map(sigmoid)
  const entering = plus(by(standardised([3, 0.25]), [2, 1]), [0.5, 0])
  const recurring =
    reset === 'after'
      ? by(plus(by(standardised(times(before, candidate)), [1, 2]), [0.1, 0.2]), [r0, r1])
      : by(standardised(times(by(before, [r0, r1]), candidate)), [1, 2])
  const n = plus(entering, recurring).map(Math.tanh)
  const expected = plus(by(n, [1 - z0, 1 - z1]), by(before, [z0, z1]))
  for (const [at, value] of numbers(found).entries()) expect(value).toBeCloseTo(expected[at] ?? Number.NaN, 5)
})
