import { describe, expect, it } from 'vitest'
import { type Tensor, type Tensor2D, tf } from '../../src/core/tf.js'
import { leaves, type Tree } from '../../src/core/tree.js'
import { units } from '../../src/model/axes.js'
import { buildHead } from '../../src/model/heads/index.js'
import { numbers } from '../support/tensors.js'

const table = tf.tensor2d([
  [1, 2],
  [0, 1],
  [-1, 1],
])
const x = tf.tensor2d([[3, 1]])

/** The head's log probabilities of three symbols. */
function logProbs(tied: boolean, params: Tree<Tensor>, embedding: Tensor2D): Tensor {
  const rows = { readout: x, table: embedding, memory: {} }
  const stepped = headOf(tied).step?.(params, rows, {}, tf.tensor1d([1], 'int32'))
  if (stepped === undefined) throw new Error('the head takes no steps')
  return stepped.logProbs
}

function headOf(tied: boolean) {
  return buildHead(undefined, { input: units('R', 2), symbols: units('V', 3), tied })
}

const logSoftmax = (logits: number[]) => numbers(tf.logSoftmax(tf.tensor1d(logits)))

describe('the output layer', () => {
  it('tied to the target embedding scores each symbol by its own vector', () => {
    expect(leaves(headOf(true).parameters).map(([path, { shape }]) => [path, shape])).toEqual([['bias', [3]]])
    expect(numbers(logProbs(true, { bias: tf.tensor1d([0, 10, 0]) }, table))).toEqual(logSoftmax([5, 11, -2]))
  })

  it('sends its gradient into the embedding', () => {
    const bias = tf.zeros([3])
    const gradient = tf.grad((t) => tf.sum(logProbs(true, { bias }, t as Tensor2D)))(table)
    // Σ_v log p(v) has the gradient 1 − 3 p(v) in each logit.
    const slopes = logSoftmax([5, 1, -2]).map((value) => 1 - 3 * Math.exp(value))
    const expected = slopes.flatMap((slope) => [3 * slope, slope])
    for (const [index, value] of numbers(gradient).entries()) expect(value).toBeCloseTo(expected[index] as number, 5)
  })

  it('has a kernel of its own otherwise', () => {
    const kernel = tf.transpose(table)
    expect(numbers(logProbs(false, { kernel, bias: tf.zeros([3]) }, table))).toEqual(logSoftmax([5, 1, -2]))
  })
})
