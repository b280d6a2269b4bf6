import { expect, test } from 'vitest'
import { floats } from '../../../src/core/tensors.js'
import { tf } from '../../../src/core/tf.js'
import { leaves, mapTree } from '../../../src/core/tree.js'
import {
  flatSpecs,
  flatten,
  flattenGradients,
  layoutOf,
  sliceParameters,
  unflatten,
} from '../../../src/train/graph/layout.js'

const zeros = { type: 'zeros' } as const
const specs = {
  table: { shape: [2, 2], init: zeros, decay: true, frozen: true },
  encoder: {
    kernel: { shape: [2, 3], init: zeros, decay: true },
    bias: { shape: [3], init: zeros, decay: false },
  },
  head: { kernel: { shape: [3, 1], init: zeros, decay: true } },
}
const values = {
  table: floats([1, 2, 3, 4], [2, 2]),
  encoder: { kernel: floats([5, 6, 7, 8, 9, 10], [2, 3]), bias: floats([11, 12, 13], [3]) },
  head: { kernel: floats([14, 15, 16], [3, 1]) },
}

test('weights, biases and frozen parameters lie in three vectors, in the order of the tree', () => {
  const flat = flatten(layoutOf(specs), values)
  expect(mapTree(flat, ({ data }) => Array.from(data))).toEqual({
    decayed: [5, 6, 7, 8, 9, 10, 14, 15, 16],
    plain: [11, 12, 13],
    frozen: [1, 2, 3, 4],
  })
  expect(flatSpecs(layoutOf(specs).groups)).toEqual({
    decayed: { dtype: 'float32', shape: [9] },
    plain: { dtype: 'float32', shape: [3] },
    frozen: { dtype: 'float32', shape: [4] },
  })
})

test('unflatten undoes flatten, on the host and inside a graph', () => {
  const layout = layoutOf(specs)
  const flat = flatten(layout, values)
  expect(unflatten(layout, flat)).toEqual(values)
  tf.tidy(() => {
    const tensors = mapTree(flat, ({ data, shape }) => tf.tensor(data, [...shape]))
    const read = mapTree(sliceParameters(layout, tensors), (t) => floats(t.dataSync<'float32'>(), t.shape))
    expect(read).toEqual(values)
  })
})

test('a name pattern freezes more', () => {
  const layout = layoutOf(specs, (path) => path.startsWith('encoder/'))
  expect(layout.trained.map(({ entries }) => entries.map(({ path }) => path))).toEqual([['head/kernel']])
})

test('gradients lie as their parameters do; none is zero', () => {
  const layout = layoutOf(specs)
  tf.tidy(() => {
    const gradients = new Map([['head/kernel', tf.tensor([1, 2, 3], [3, 1])]])
    const flat = flattenGradients(layout, gradients)
    expect(leaves(flat).map(([name, t]) => [name, Array.from(t.dataSync())])).toEqual([
      ['decayed', [0, 0, 0, 0, 0, 0, 1, 2, 3]],
      ['plain', [0, 0, 0]],
    ])
  })
})

test('a parameter that is missing is named', () => {
  expect(() => flatten(layoutOf(specs), { ...values, head: {} })).toThrow(/head\/kernel/)
})
