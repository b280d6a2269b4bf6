import { describe, expect, it } from 'vitest'
import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, tf } from '../../../src/core/tf.js'
import { crossEntropySum as sumOf } from '../../../src/model/heads/cross-entropy.js'
import type { OutputLayer } from '../../../src/model/heads/output-layer.js'
import { numbers } from '../../support/tensors.js'

const logits = tf.tensor2d([
  [Math.log(1), Math.log(2), Math.log(1)],
  [Math.log(5), Math.log(1), Math.log(4)],
  [0, 0, 0],
])
const labels = tf.tensor1d([1, 2, 0], 'int32')
const weights = tf.tensor1d([1, 1, 0])

/** A layer that changes nothing: what comes in are the logits. */
const plain: OutputLayer = { kernel: tf.eye(3), bias: tf.zeros([3]), transposed: false }
const crossEntropySum = (x: Tensor2D, ids: Tensor1D, rows: Tensor1D, smoothing: number) =>
  sumOf(plain, x, ids, rows, smoothing)

describe('crossEntropySum', () => {
  it('sums −log p over the weighted rows: p = 2/4 and 4/10', () => {
    const expected = -Math.log(1 / 2) - Math.log(4 / 10)
    expect(numbers(crossEntropySum(logits, labels, weights, 0))[0]).toBeCloseTo(expected, 5)
  })

  it('smooths towards all symbols', () => {
    const first = 0.9 * Math.log(1 / 2) + (0.1 / 3) * (Math.log(1 / 4) + Math.log(1 / 2) + Math.log(1 / 4))
    const second = 0.9 * Math.log(4 / 10) + (0.1 / 3) * (Math.log(5 / 10) + Math.log(1 / 10) + Math.log(4 / 10))
    expect(numbers(crossEntropySum(logits, labels, weights, 0.1))[0]).toBeCloseTo(-first - second, 5)
  })

  it('has the gradient p − onehot on weighted rows and 0 on the others', () => {
    const gradient = tf.grad((x) => crossEntropySum(x as Tensor2D, labels, weights, 0))(logits)
    const expected = [0.25, -0.5, 0.25, 0.5, 0.1, -0.6, 0, 0, 0]
    for (const [index, value] of expected.entries()) expect(numbers(gradient)[index]).toBeCloseTo(value, 5)
  })

  it.each([0, 0.2])('has the gradient that finite differences give (smoothing %f)', (smoothing) => {
    const loss = (x: Tensor2D) => numbers(crossEntropySum(x, labels, weights, smoothing))[0] as number
    const gradient = numbers(tf.grad((x) => crossEntropySum(x as Tensor2D, labels, weights, smoothing))(logits))
    const values = numbers(logits)
    for (const index of values.keys()) {
      const moved = (by: number) =>
        tf.tensor2d(
          values.map((v, i) => (i === index ? v + by : v)),
          [3, 3],
        )
      expect((loss(moved(1e-2)) - loss(moved(-1e-2))) / 2e-2).toBeCloseTo(gradient[index] as number, 3)
    }
  })

  it.each([
    [0, false],
    [0.2, false],
    [0.2, true],
  ])('has the gradients of kernel and bias that autodiff gives (smoothing %f, tied %s)', (smoothing, transposed) => {
    const x = tf.randomNormal([3, 2], 0, 1, 'float32', 1) as Tensor2D
    const kernel = tf.randomNormal(transposed ? [3, 2] : [2, 3], 0, 1, 'float32', 2) as Tensor2D
    const bias = tf.tensor1d([0.1, -0.2, 0.3])
    const written = (from: Tensor2D, by: Tensor2D, add: Tensor1D) =>
      sumOf({ kernel: by, bias: add, transposed }, from, labels, tf.tensor1d([1, 0.5, 0]), smoothing)
    const plainly = (from: Tensor2D, by: Tensor2D, add: Tensor1D) => {
      const logProbs = tf.logSoftmax(tf.add(tf.matMul(from, by, false, transposed), add) as Tensor2D)
      const smooth = tf.add(tf.mul(tf.oneHot(labels, 3), 1 - smoothing), smoothing / 3)
      return tf.neg(tf.sum(tf.mul(tf.sum(tf.mul(smooth, logProbs), 1), tf.tensor1d([1, 0.5, 0]))))
    }
    const gradients = (of: typeof written | typeof plainly) =>
      tf.grads((...args) => of(...(args as [Tensor2D, Tensor2D, Tensor1D])) as Scalar)([x, kernel, bias])
    const expected = gradients(plainly)
    for (const [index, gradient] of gradients(written).entries()) {
      expect(gradient.shape).toEqual(expected[index]?.shape)
      for (const [place, value] of numbers(gradient).entries()) {
        expect(value).toBeCloseTo(numbers(expected[index] as Tensor)[place] as number, 5)
      }
    }
  })
})
