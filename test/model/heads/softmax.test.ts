import { describe, expect, it } from 'vitest'
import { type Tensor2D, tf } from '../../../src/core/tf.js'
import { crossEntropySum } from '../../../src/model/heads/softmax.js'
import { numbers } from '../../support/tensors.js'

const logits = tf.tensor2d([
  [Math.log(1), Math.log(2), Math.log(1)],
  [Math.log(5), Math.log(1), Math.log(4)],
  [0, 0, 0],
])
const labels = tf.tensor1d([1, 2, 0], 'int32')
const weights = tf.tensor1d([1, 1, 0])

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
})
