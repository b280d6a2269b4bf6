import { describe, expect, it } from 'vitest'
import { type Tensor2D, tf } from '../../src/core/tf.js'
import { leaf } from '../../src/core/tree.js'
import { exportFunction } from '../../src/engine/compiled/export.js'
import { openFlexible } from '../../src/engine/compiled/flexible-session.js'
import { sizeName, sizeOf } from '../../src/engine/compiled/symbolic/sizes.js'
import type { PureFunction } from '../../src/engine/types.js'

const axes = { B: [11, 17, 13], S: [4, 5, 7] }

describe('a number that is a size', () => {
  it.each([
    [[3, 3, 3], 3],
    [[11, 17, 13], 'B'],
    [[22, 34, 26], '2*B'],
    [[5, 6, 8], 'S+1'],
    [[44, 85, 91], 'B*S'],
    [[-5, -6, -8], '-1*S-1'],
  ])('%j is %s', (values, name) => {
    const size = sizeOf(values, axes)
    expect(size && sizeName(size)).toBe(name)
  })

  it('is none where no multiple of sizes fits in all traces', () => {
    expect(sizeOf([4, 5, 8], axes)).toBeUndefined()
  })
})

const signatures = [0, 1, 2].map((trace) => ({
  state: {},
  inputs: { x: { dtype: 'float32' as const, shape: [axes.B[trace] ?? 0, axes.S[trace] ?? 0] } },
}))

function exported(pure: (x: Tensor2D) => object) {
  const wrapped: PureFunction = (_, inputs) => ({ outputs: { y: pure(leaf(inputs, 'x') as Tensor2D) as Tensor2D } })
  return exportFunction('example', wrapped, signatures, axes, {})
}

describe('a function of any size', () => {
  it('makes constants, shapes and positions of the size that it is given', async () => {
    // y = x + (position of the column) + 1, as one vector.
    const { model, outputs } = exported((x) => {
      const [rows, columns] = x.shape
      const positions = tf.range(0, columns, 1, 'float32')
      return tf.reshape(tf.add(tf.add(x, positions), tf.ones([rows, columns])), [rows * columns])
    })
    expect(outputs).toMatchObject([{ name: 'y', path: 'y', dtype: 'float32', shape: ['B*S'] }])
    const session = await openFlexible('example', model)
    const x = { dtype: 'float32' as const, shape: [2, 3], data: Float32Array.from([0, 0, 0, 10, 20, 30]) }
    const { data, shape } = (await session.run(() => x)).get('y') ?? {}
    expect(shape).toEqual([6])
    expect([...(data ?? [])]).toEqual([1, 2, 3, 11, 22, 33])
    await session.release()
  })

  it('is reshaped by its own sizes, whether they stay, follow or are worked out', async () => {
    const { model } = exported((x) => {
      const [rows, columns] = x.shape
      const turned = tf.transpose(tf.reshape(x, [rows, 1, columns]), [2, 1, 0])
      return tf.reshape(tf.reshape(turned, [columns * rows]), [1, columns, rows])
    })
    const session = await openFlexible('example', model)
    const x = { dtype: 'float32' as const, shape: [2, 3], data: Float32Array.from([1, 2, 3, 4, 5, 6]) }
    const { data, shape } = (await session.run(() => x)).get('y') ?? {}
    expect(shape).toEqual([1, 3, 2])
    expect([...(data ?? [])]).toEqual([1, 4, 2, 5, 3, 6])
    await session.release()
  })

  it.each([
    ['whole vectors', 2, (x: Tensor2D) => tf.tanh(tf.tile(x, [1, 16]))],
    ['halves of vectors', 2, (x: Tensor2D) => tf.tanh(tf.tile(x, [1, 8]))],
    ['quarters of vectors', 4, (x: Tensor2D) => tf.exp(tf.tile(x, [1, 12]))],
    ['any sizes', 16, (x: Tensor2D) => tf.exp(x)],
    ['any sizes, of operators that do not care', 2, (x: Tensor2D) => tf.relu(tf.add(x, 1))],
  ] as const)('of %s is for multiples of %i rows', (_, rows, pure) => {
    expect(exported(pure).rowsStep).toBe(rows)
  })

  it('is refused where its numbers depend on a size otherwise', () => {
    expect(() => exported((x) => tf.mul(x, Math.sqrt(x.shape[0])))).toThrow('depends on sizes otherwise than by sizes')
  })

  it('is refused where its operations do', () => {
    expect(() => exported((x) => (x.shape[1] > 4 ? tf.exp(x) : x))).toThrow('depends on sizes otherwise than by sizes')
  })
})
