import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Tensor2D, tf } from '../../../src/core/tf.js'
import { normalisers } from '../../../src/model/normalisers/index.js'
import type { NormaliserPart } from '../../../src/model/normalisers/types.js'
import { smallestOptions } from '../../support/parts.js'
import { numbers } from '../../support/tensors.js'

const [softmax, sparsemax] = [normalisers.build({ type: 'softmax' }), normalisers.build({ type: 'sparsemax' })]
const PADDING = -1e9
const scores = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 1, maxLength: 6 })

describe.each(Object.entries<NormaliserPart>(normalisers.parts))('normaliser %s', (_, part) => {
  const normaliser = part.build(smallestOptions(part))

  it('sums to 1 without negative numbers, exactly 0 on padding, in any order', () => {
    fc.assert(
      fc.property(scores, fc.nat(3), (real, padding) => {
        const padded = [...real, ...Array<number>(padding).fill(PADDING)]
        const alignment = numbers(normaliser.normalise(tf.tensor2d([padded])))
        expect(alignment.reduce((sum, a) => sum + a, 0)).toBeCloseTo(1, 4)
        expect(alignment.every((a) => a >= 0)).toBe(true)
        expect(alignment.slice(real.length).every((a) => a === 0)).toBe(true)
        const turned = numbers(normaliser.normalise(tf.tensor2d([[...padded].reverse()])))
        for (const [i, a] of turned.reverse().entries()) expect(a).toBeCloseTo(alignment[i] as number, 5)
      }),
      { numRuns: 50, seed: 1 },
    )
  })

  it('is finite on a row that is all padding', () => {
    expect(numbers(normaliser.normalise(tf.tensor2d([[PADDING, PADDING, PADDING]]))).every(Number.isFinite)).toBe(true)
  })

  it('has the gradient that finite differences give', () => {
    const at = [0.3, 1.1, -0.4, 0.9]
    const weights = tf.tensor2d([[1, -2, 3, 0.5]])
    const value = (x: number[]) => numbers(tf.sum(tf.mul(normaliser.normalise(tf.tensor2d([x])), weights)))[0] ?? 0
    const gradient = tf.grad((x) => tf.sum(tf.mul(normaliser.normalise(x as Tensor2D), weights)))(tf.tensor2d([at]))
    for (const [i, slope] of numbers(gradient).entries()) {
      const moved = (by: number) => value(at.map((x, j) => (i === j ? x + by : x)))
      expect((moved(1e-2) - moved(-1e-2)) / 2e-2).toBeCloseTo(slope, 2)
    }
  })

  it('has a handwritten gradient that is that of autodiff, where it has one', () => {
    const [at, direction] = [tf.tensor2d([[0.3, 1.1, -0.4, 0.9]]), tf.tensor2d([[1, -2, 3, 0.5]])]
    const expected = tf.grad((x) => tf.sum(tf.mul(normaliser.normalise(x as Tensor2D), direction)))(at)
    const actual = normaliser.backward?.(normaliser.normalise(at), direction) ?? expected
    for (const [i, slope] of numbers(expected).entries()) expect(numbers(actual)[i]).toBeCloseTo(slope, 5)
  })
})

describe('sparsemax', () => {
  it.each([
    // One score leads by 1 or more: it takes all.
    [
      [2, 1, 0],
      [1, 0, 0],
    ],
    // (0.5 + 1 − 1) / 2 = 0.25 is taken off the two that are supported.
    [
      [1, 0.5, -1],
      [0.75, 0.25, 0],
    ],
    // Ties share.
    [
      [1, 1, 0.5],
      [0.5, 0.5, 0],
    ],
    [
      [0, 0, 0, 0],
      [0.25, 0.25, 0.25, 0.25],
    ],
  ])('of %j is %j', (given, expected) => {
    expect(numbers(sparsemax.normalise(tf.tensor2d([given])))).toEqual(expected)
  })
})

describe('softmax', () => {
  it('of [ln 1, ln 3] is a quarter and three quarters', () => {
    const [a, b] = numbers(softmax.normalise(tf.tensor2d([[0, Math.log(3)]])))
    expect(a).toBeCloseTo(0.25, 6)
    expect(b).toBeCloseTo(0.75, 6)
  })
})
