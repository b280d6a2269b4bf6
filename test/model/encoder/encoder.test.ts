import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Tensor, type Tensor2D, type Tensor3D, tf } from '../../../src/core/tf.js'
import { leaf, leaves, type Tree } from '../../../src/core/tree.js'
import { units } from '../../../src/model/axes.js'
import { isRecurrent } from '../../../src/model/cells/index.js'
import { buildEncoder } from '../../../src/model/encoder/index.js'
import { initialise } from '../../../src/model/initialise.js'
import { drawNoise } from '../../../src/model/noise.js'
import { everyCell } from '../../support/every-cell.js'
import { encoderOptions } from '../../support/options.js'
import { gradients, numbers, upload } from '../../support/tensors.js'

const recurrent = everyCell.filter(([, choice]) => isRecurrent(choice))
const choices = recurrent.map(([, choice]) => choice)

/** Rows of real lengths, padded to `steps` with whatever `filler` says. */
function padded(lengths: readonly number[], steps: number, size: number, filler: number) {
  const value = (row: number, t: number, i: number) => Math.sin(1 + row * 31 + t * 7 + i * 3)
  const at = (row: number, length: number) =>
    Array.from({ length: steps }, (_, t) =>
      Array.from({ length: size }, (_, i) => (t < length ? value(row, t, i) : filler)),
    )
  const xs = tf.tensor3d(lengths.map((length, row) => at(row, length)))
  const mask = tf.tensor2d(lengths.map((length) => Array.from({ length: steps }, (_, t) => (t < length ? 1 : 0))))
  return { xs, mask }
}

it('says its sizes and parameters', () => {
  const encoder = buildEncoder(encoderOptions({ layers: 2, bidirectional: true }), units('E', 5))
  expect(encoder.output.size).toBe(6)
  const shapes = leaves(encoder.parameters).map(([path, { shape }]) => `${path} ${shape}`)
  expect(shapes).toContain('layer1/backward/kernel 5,9')
  expect(shapes).toContain('layer2/forward/kernel 6,9')
  const built = expect.anything()
  expect(encoder.layers[1]?.[1]).toMatchObject({
    cell: 'gru',
    built,
    hidden: 3,
    output: { size: 6 },
    direction: 'backward',
  })
  expect(buildEncoder(encoderOptions({ cell: { type: 'lstm', forgetBias: 1 } }), units('E', 5)).carrySizes).toEqual({
    layer1: { h: { shape: [3], initial: 0 }, c: { shape: [3], initial: 0 } },
  })
})

describe.each(recurrent)('%s', (_, cell) => {
  it.each([false, true])('padding more changes nothing (bidirectional %s)', (bidirectional) => {
    const encoder = buildEncoder(encoderOptions({ cell, layers: 2, bidirectional }), units('E', 2))
    const params = upload(initialise(encoder.parameters, 1))
    const run = (steps: number, filler: number) => {
      const { xs, mask } = padded([3, 1, 2], steps, 2, filler)
      return encoder.run(params, xs, mask, undefined)
    }
    const [short, long] = [run(3, 0), run(6, 9)]
    expect(numbers(long.outputs.slice([0, 0, 0], [3, 3, encoder.output.size]))).toEqual(numbers(short.outputs))
    expect(numbers(long.outputs.slice([0, 3, 0], [3, 3, encoder.output.size])).every((x) => x === 0)).toBe(true)
    expect(numbers(long.last as Tensor)).toEqual(numbers(short.last as Tensor))
    expect(states(long.layers)).toEqual(states(short.layers))
  })

  it('has the gradient of its differences', () => {
    const encoder = buildEncoder(encoderOptions({ cell, layers: 2, bidirectional: true }), units('E', 2))
    const params = upload(initialise(encoder.parameters, 1))
    const { xs, mask } = padded([3, 2], 3, 2, 5)
    const loss = (tree: Tree<Tensor>) => {
      const { outputs, last, layers } = encoder.run(tree, xs, mask, undefined)
      const state = Object.values(layers[0]?.[1]?.state ?? {})[0] as Tensor
      return tf.add(tf.sum(tf.square(outputs)), tf.add(tf.sum(last as Tensor2D), tf.sum(state)))
    }
    // TF.js computes in float32: central differences with a step of 3e-3 are good to about three digits.
    const exact = gradients(params, loss)
    for (const [path, gradient] of leaves(exact)) {
      const direction = tf.randomStandardNormal(gradient.shape, 'float32', 5)
      const moved = (by: number) =>
        numbers(loss(replace(params, path, (leaf) => tf.add(leaf, tf.mul(direction, by)))))[0] as number
      const difference = (moved(3e-3) - moved(-3e-3)) / 6e-3
      const expected = numbers(tf.sum(tf.mul(gradient, direction)))[0] as number
      expect(Math.abs(difference - expected), path).toBeLessThan(5e-3 * Math.max(1, Math.abs(expected)))
    }
  })
})

it('reads the last real step forwards and the first one backwards', () => {
  const encoder = buildEncoder(
    encoderOptions({ cell: { type: 'elman', activation: 'identity' }, hidden: 1, bidirectional: true }),
    units('E', 1),
  )
  // h' = x + 2 h, both ways.
  const direction = { kernel: tf.ones([1, 1]), recurrentKernel: tf.fill([1, 1], 2), bias: tf.zeros([1]) }
  const params = { layer1: { forward: direction, backward: direction } }
  const xs = tf.tensor3d([[[1], [3], [7]]])
  const { outputs, last } = encoder.run(params, xs, tf.tensor2d([[1, 1, 0]]), undefined)
  // Forwards 1, 3 + 2·1 = 5; backwards 3, then 1 + 2·3 = 7.
  expect(numbers(outputs)).toEqual([1, 7, 5, 3, 0, 0])
  expect(numbers(last as Tensor)).toEqual([5, 7])
})

it('goes on from a carry as if there had been no cut', () => {
  fc.assert(
    fc.property(fc.constantFrom(...choices), fc.integer({ min: 1, max: 4 }), (cell, cut) => {
      const encoder = buildEncoder(encoderOptions({ cell, layers: 2 }), units('E', 2))
      const params = upload(initialise(encoder.parameters, 1))
      const { xs, mask } = padded([5, 5], 5, 2, 0)
      const part = (from: number, to: number) =>
        [
          xs.slice([0, from, 0], [2, to - from, 2]) as Tensor3D,
          mask.slice([0, from], [2, to - from]) as Tensor2D,
        ] as const
      const whole = encoder.run(params, xs, mask, undefined)
      const first = encoder.run(params, ...part(0, cut), undefined)
      const second = encoder.run(params, ...part(cut, 5), undefined, first.carry)
      expectClose(second.last as Tensor, whole.last as Tensor)
      const nothing = encoder.run(params, ...padding(), undefined, first.carry)
      for (const [path, leaf] of leaves(first.carry ?? {})) {
        expectClose(leaves(nothing.carry ?? {}).find(([other]) => other === path)?.[1] as Tensor, leaf)
      }
    }),
    { numRuns: 12, seed: 1 },
  )
})

it('drops between layers and from what the last gives, by noise alone', () => {
  const encoder = buildEncoder(encoderOptions({ layers: 2, dropout: 0.5 }), units('E', 2))
  const params = upload(initialise(encoder.parameters, 1))
  const { xs, mask } = padded([3, 3], 3, 2, 0)
  const specs = encoder.noise({ batch: 2, steps: 3 })
  expect(leaves(specs).map(([path, { shape }]) => `${path} ${shape}`)).toEqual([
    'layer2 2,3,3',
    'outputs 2,3,3',
    'last 2,3',
  ])
  const plain = encoder.run(params, xs, mask, undefined)
  const noise = drawNoise(specs, 1, 1)
  const dropped = encoder.run(params, xs, mask, upload({ ...noise, layer2: drawnOnes([2, 3, 3]) }))
  const expected = tf.mul(plain.outputs, leaf(upload(noise), 'outputs'))
  expect(numbers(dropped.outputs)).toEqual(numbers(expected))
  expect(numbers(encoder.run(params, xs, mask, upload(noise)).last as Tensor)).not.toEqual(
    numbers(dropped.last as Tensor),
  )
})

function states(layers: readonly (readonly { state: Tree<Tensor> }[])[]) {
  return layers.map((layer) => layer.map(({ state }) => leaves(state).map(([path, leaf]) => [path, numbers(leaf)])))
}

function replace(tree: Tree<Tensor>, path: string, change: (leaf: Tensor) => Tensor): Tree<Tensor> {
  const [name = '', ...rest] = path.split('/')
  const node = tree[name]
  const next = rest.length === 0 ? change(node as Tensor) : replace(node as Tree<Tensor>, rest.join('/'), change)
  return { ...tree, [name]: next }
}

function expectClose(found: Tensor, expected: Tensor) {
  const other = numbers(expected)
  numbers(found).forEach((value, i) => {
    expect(value).toBeCloseTo(other[i] as number, 6)
  })
}

function padding() {
  const { xs, mask } = padded([0, 0], 2, 2, 3)
  return [xs, mask] as const
}

function drawnOnes(shape: readonly number[]) {
  return { dtype: 'float32' as const, shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1) }
}
