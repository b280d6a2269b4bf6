import { describe, expect, it } from 'vitest'
import { type Tensor, type Tensor2D, type Tensor3D, tf } from '../../../src/core/tf.js'
import { units } from '../../../src/model/axes.js'
import { type FormerChoice, formers } from '../../../src/model/context/index.js'
import { numbers } from '../../support/tensors.js'

const allStates = (choice: Omit<Extract<FormerChoice, { from: 'all-states' }>, 'from'>, outputs = 2) =>
  formers.build({ from: 'all-states', ...choice }, { outputs: units('D', outputs) })
// Three steps; the last is padding in the first source; none is real in the second.
const outputs = tf.tensor3d([
  [
    [1, -4],
    [3, -2],
    [0, 0],
  ],
  [
    [0, 0],
    [0, 0],
    [0, 0],
  ],
])
const mask = tf.tensor2d([
  [1, 1, 0],
  [0, 0, 0],
])
const encoded = { outputs, mask, layers: [] }

describe('all-states', () => {
  it.each([
    ['mean', [2, -3]],
    ['sum', [4, -6]],
    // Not 0, which is the value of the padding.
    ['max', [3, -2]],
  ] as const)('%s sees the real steps alone', (pool, expected) => {
    // Adding 0 makes −0 into 0.
    expect(numbers(allStates({ pool }).form({}, encoded)).map((x) => x + 0)).toEqual([...expected, 0, 0])
  })

  it('weights by a learned score: scores ln 1 and ln 3 give a quarter and three quarters', () => {
    const v = tf.tensor2d([[Math.log(3) / 2], [0]])
    const [a, b] = numbers(allStates({ pool: 'learned' }).form({ v }, encoded))
    expect(a).toBeCloseTo(0.25 * 1 + 0.75 * 3, 5)
    expect(b).toBeCloseTo(0.25 * -4 + 0.75 * -2, 5)
  })

  it('maps each output before pooling, and padding still counts for nothing', () => {
    const map = { kernel: tf.tensor2d([[1], [1]]) as Tensor2D, bias: tf.tensor1d([10]) }
    const choice = { pool: 'sum', map: { type: 'linear', size: 1 } } as const
    expect(numbers(allStates(choice).form({ map }, encoded))).toEqual([7 + 11, 0])
    expect(allStates(choice).output.size).toBe(1)
  })
})

it('max: steps that hold the maximum together share its gradient', () => {
  const mask = tf.ones([1, 3]) as Tensor2D
  const pooled = (outputs: Tensor) =>
    tf.sum(allStates({ pool: 'max' }, 1).form({}, { outputs: outputs as Tensor3D, mask, layers: [] }))
  const gradient = tf.grad(pooled)(tf.tensor3d([[[5], [5], [1]]]))
  expect(numbers(gradient)).toEqual([0.5, 0.5, 0])
})
