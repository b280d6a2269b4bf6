import { expect, it } from 'vitest'
import { type Tensor2D, tf } from '../../../src/core/tf.js'
import { units } from '../../../src/model/axes.js'
import { aaren } from '../../../src/model/cells/aaren.js'
import { elman } from '../../../src/model/cells/elman.js'
import { feedForward } from '../../../src/model/cells/feed-forward.js'
import { gru } from '../../../src/model/cells/gru.js'
import { lstm } from '../../../src/model/cells/lstm.js'
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
