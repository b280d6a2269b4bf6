import { expect, it } from 'vitest'
import { SeqlabError } from '../../../src/core/errors.js'
import { floats, type HostTensor } from '../../../src/core/tensors.js'
import { type Tensor, tf } from '../../../src/core/tf.js'
import { leaves, mapTree, type Tree } from '../../../src/core/tree.js'
import { units } from '../../../src/model/axes.js'
import { buildEncoder } from '../../../src/model/encoder/index.js'
import { copiesDistance, mergeCopies, type UnrollChoice } from '../../../src/model/encoder/unroll.js'
import { initialise } from '../../../src/model/initialise.js'
import { encoderOptions } from '../../support/options.js'
import { gradients, numbers, upload } from '../../support/tensors.js'

const T = 4
const xs = tf.tensor3d([0, 1].map((row) => Array.from({ length: T }, (_, t) => [Math.sin(row + 2 * t), Math.cos(t)])))
const mask = tf.tensor2d([
  [1, 1, 1, 1],
  [1, 1, 1, 0],
])

/** Some steps of plain SGD on the sum of squared outputs, with the copies' gradients merged as the options say. */
function trained(unroll: UnrollChoice, bidirectional = false, rate = 0.05): Tree<Tensor> {
  const encoder = buildEncoder(encoderOptions({ unroll, bidirectional }), units('E', 2))
  const specs = new Map(leaves(encoder.parameters))
  let params = upload(initialise(encoder.parameters, 3))
  for (let step = 0; step < 5; step++) {
    const moves = new Map(
      leaves(
        gradients(params, (tree) => tf.sum(tf.square(tf.sub(encoder.run(tree, xs, mask, undefined).outputs, 0.3)))),
      ).map(([path, gradient]) => [path, mergeCopies(specs.get(path) as never, gradient)]),
    )
    params = mapTree(params, (leaf, path) => tf.sub(leaf, tf.mul(moves.get(path) as Tensor, rate)))
  }
  return params
}

function expectEveryCopy(untied: Tree<Tensor>, shared: Tree<Tensor>) {
  const once = new Map(leaves(shared))
  for (const [path, copies] of leaves(untied)) {
    const expected = numbers(once.get(path) as Tensor)
    for (const copy of tf.unstack(copies)) {
      numbers(copy).forEach((value, i) => {
        expect(value, path).toBeCloseTo(expected[i] as number, 5)
      })
    }
  }
}

it.each([false, true])('untied + sum from equal starts is shared, to 1e-5 (bidirectional %s)', (bidirectional) => {
  const shared = trained({ type: 'shared' }, bidirectional)
  expectEveryCopy(trained({ type: 'untied', length: T, merge: 'sum' }, bidirectional), shared)
})

it('untied + mean is shared with the gradient over T', () => {
  const mean = trained({ type: 'untied', length: T, merge: 'mean' })
  expectEveryCopy(mean, trained({ type: 'shared' }, false, 0.05 / T))
})

it('lets copies drift apart without merging, and measures it', () => {
  const { parameters } = buildEncoder(
    encoderOptions({ unroll: { type: 'untied', length: T, merge: 'none' } }),
    units('E', 2),
  )
  const start = initialise(parameters, 3)
  expect(copiesDistance(parameters, start)).toBe(0)
  const none = mapTree(trained({ type: 'untied', length: T, merge: 'none' }), download)
  expect(copiesDistance(parameters, none)).toBeGreaterThan(0.01)
  const sum = mapTree(trained({ type: 'untied', length: T, merge: 'sum' }), download)
  expect(copiesDistance(parameters, sum)).toBeLessThan(1e-6)
  expect(copiesDistance(buildEncoder(encoderOptions(), units('E', 2)).parameters, start)).toBeUndefined()
})

it('measures the distance as the root mean square from the mean copy', () => {
  const axes = [units('T', 2), units('N', 2)]
  const spec = { shape: [2, 2], axes, init: { type: 'zeros' }, decay: true, copies: 'none' } as const
  // Mean [1, 0]; both copies are at distance 1 from it.
  expect(copiesDistance({ w: spec }, { w: floats([0, 0, 2, 0], [2, 2]) })).toBe(1)
})

it('starts all copies equal to the shared weights', () => {
  const shared = upload(initialise(buildEncoder(encoderOptions(), units('E', 2)).parameters, 3))
  const unroll = { type: 'untied', length: T, merge: 'none' } as const
  expectEveryCopy(upload(initialise(buildEncoder(encoderOptions({ unroll }), units('E', 2)).parameters, 3)), shared)
})

it('refuses an input of more steps than there are copies', () => {
  const encoder = buildEncoder(encoderOptions({ unroll: { type: 'untied', length: 3, merge: 'sum' } }), units('E', 2))
  const params = upload(initialise(encoder.parameters, 3))
  expect(() => encoder.run(params, xs, mask, undefined)).toThrow(SeqlabError)
  expect(() => encoder.run(params, xs, mask, undefined)).toThrow(
    'An input of 4 steps meets weights untied over 3 steps',
  )
})

function download(tensor: Tensor): HostTensor {
  return floats(numbers(tensor), tensor.shape)
}
