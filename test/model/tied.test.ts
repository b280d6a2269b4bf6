import { describe, expect, it } from 'vitest'
import { type Tensor2D, tf } from '../../src/core/tf.js'
import { leaves } from '../../src/core/tree.js'
import { buildOutput } from '../../src/model/heads/output.js'
import { logitsOf } from '../../src/model/heads/softmax.js'
import { numbers } from '../support/tensors.js'

const table = tf.tensor2d([
  [1, 2],
  [0, 1],
  [-1, 1],
])
const x = tf.tensor2d([[3, 1]])

describe('the output layer', () => {
  it('tied to the target embedding scores each symbol by its own vector', () => {
    const output = buildOutput(2, 3, true)
    expect(leaves(output.parameters).map(([path, { shape }]) => [path, shape])).toEqual([['bias', [3]]])
    const params = { target: { table }, head: { bias: tf.tensor1d([0, 10, 0]) } }
    expect(numbers(logitsOf(output.layer(params), x))).toEqual([5, 11, -2])
  })

  it('sends its gradient into the embedding', () => {
    const output = buildOutput(2, 3, true)
    const head = { bias: tf.zeros([3]) }
    const gradient = tf.grad((t) => tf.sum(logitsOf(output.layer({ target: { table: t }, head }), x)))(table)
    expect(numbers(gradient)).toEqual([3, 1, 3, 1, 3, 1])
  })

  it('has a kernel of its own otherwise', () => {
    const output = buildOutput(2, 3, false)
    const kernel = tf.transpose(table) as Tensor2D
    expect(numbers(logitsOf(output.layer({ head: { kernel, bias: tf.zeros([3]) } }), x))).toEqual([5, 1, -2])
  })
})
