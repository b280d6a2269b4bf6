import { describe, expect, it } from 'vitest'
import { type Tensor, type Tensor2D, tf } from '../../../src/core/tf.js'
import { leaves } from '../../../src/core/tree.js'
import { units } from '../../../src/model/axes.js'
import { buildEncoder } from '../../../src/model/encoder/index.js'
import { encoderProblems } from '../../../src/model/encoder/problems.js'
import { initialise } from '../../../src/model/initialise.js'
import { finishLayer } from '../../../src/model/layers.js'
import type { EncoderOptions } from '../../../src/model/options.js'
import { encoderOptions } from '../../support/options.js'
import { numbers, upload } from '../../support/tensors.js'

const xs = tf.tensor3d([0, 1].map((row) => [0, 1, 2].map((t) => [Math.sin(row + 2 * t), Math.cos(t)])))
const mask = tf.tensor2d([
  [1, 1, 1],
  [1, 1, 0],
])
const around = { layers: 2, dropout: 0, variational: false, layerNorm: false, residual: false }

it('normalises over the last axis', () => {
  const params = { norm: { gain: tf.tensor1d([1, 2]), bias: tf.tensor1d([0, 5]) } }
  const x = tf.tensor2d([[1, 3]]) // mean 2, variance 1
  const found = numbers(finishLayer({ ...around, layerNorm: true }, 0, params, x, x))
  expect(found[0]).toBeCloseTo(-1, 4)
  expect(found[1]).toBeCloseTo(7, 4)
})

it("adds a layer's input from the second layer on", () => {
  const [output, input] = [tf.tensor2d([[1, 3]]), tf.tensor2d([[10, 20]])]
  expect(numbers(finishLayer({ ...around, residual: true }, 0, {}, output, input))).toEqual([1, 3])
  expect(numbers(finishLayer({ ...around, residual: true }, 1, {}, output, input))).toEqual([11, 23])
})

const variants: [string, Partial<EncoderOptions>][] = [
  ['layer norm', { layerNorm: true }],
  ['residual', { residual: true }],
  ['residual, both directions', { residual: true, bidirectional: true }],
  ['sum', { bidirectional: true, combine: 'sum' }],
  ['residual, sum, layer norm', { bidirectional: true, combine: 'sum', residual: true, layerNorm: true }],
  ['learned start', { initialState: 'learned', bidirectional: true }],
  ['feed-forward', { cell: { type: 'feed-forward', activation: 'tanh' }, residual: true }],
]
describe.each(variants)('%s', (_, more) => {
  const encoder = buildEncoder(encoderOptions({ layers: 2, ...more }), units('E', 2))
  const params = upload(initialise(encoder.parameters, 1))

  it('padding more changes nothing', () => {
    const short = encoder.run(params, xs, mask, undefined)
    const wider = tf.concat([xs, tf.fill([2, 2, 2], 7)], 1) as typeof xs
    const long = encoder.run(params, wider, tf.concat([mask, tf.zeros([2, 2])], 1) as Tensor2D, undefined)
    const size = encoder.output.size
    expect(short.outputs.shape).toEqual([2, 3, size])
    expect(numbers(long.outputs.slice([0, 0, 0], [2, 3, size]))).toEqual(numbers(short.outputs))
    expect(numbers(long.outputs.slice([1, 2, 0], [1, 3, size])).every((x) => x === 0)).toBe(true)
    if (short.last !== undefined) expect(numbers(long.last as Tensor)).toEqual(numbers(short.last))
  })
})

it("the last output is the outputs' where one direction reads", () => {
  for (const more of [{ layerNorm: true }, { residual: true }]) {
    const encoder = buildEncoder(encoderOptions({ layers: 2, ...more }), units('E', 2))
    const { outputs, last } = encoder.run(upload(initialise(encoder.parameters, 1)), xs, mask, undefined)
    const expected = [outputs.slice([0, 2, 0], [1, 1, 3]), outputs.slice([1, 1, 0], [1, 1, 3])].flatMap(numbers)
    numbers(last as Tensor).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] as number, 6)
    })
  }
})

it('a feed-forward encoder has no last output, and its steps do not see each other', () => {
  const encoder = buildEncoder(encoderOptions({ cell: { type: 'feed-forward', activation: 'tanh' } }), units('E', 2))
  const params = upload(initialise(encoder.parameters, 1))
  const { outputs, last } = encoder.run(params, xs, mask, undefined)
  const alone = encoder.run(params, xs.slice([0, 1, 0], [2, 1, 2]), tf.ones([2, 1]), undefined)
  expect(last).toBeUndefined()
  expect(numbers(outputs.slice([0, 1, 0], [2, 1, 3]))).toEqual(numbers(alone.outputs))
})

it('starts from what is learned', () => {
  const cell = { type: 'lstm', forgetBias: 1 } as const
  const learned = buildEncoder(encoderOptions({ cell, initialState: 'learned' }), units('E', 2))
  const paths = leaves(learned.parameters).map(([path, { shape }]) => `${path} ${shape}`)
  expect(paths).toContain('layer1/start/forward/c 3')
  const params = upload(initialise(learned.parameters, 1))
  const layer1 = params.layer1 as Record<string, never>
  const start = { h: tf.tensor1d([0.1, 0.2, 0.3]), c: tf.tensor1d([1, -1, 0]) }
  const moved = { layer1: { ...layer1, start: { forward: start } } }
  const plain = buildEncoder(encoderOptions({ cell }), units('E', 2))
  const rows = (vector: Tensor) => tf.stack([vector, vector])
  const carry = { layer1: { h: rows(start.h), c: rows(start.c) } }
  const expected = plain.run({ layer1: { forward: layer1.forward ?? {} } }, xs, mask, undefined, carry)
  expect(numbers(learned.run(moved, xs, mask, undefined).outputs)).toEqual(numbers(expected.outputs))
})

it('variational dropout draws one mask for all steps', () => {
  const options = encoderOptions({ layers: 2, dropout: 0.5, variational: true })
  const specs = buildEncoder(options, units('E', 2)).noise({ batch: 2, steps: 3 })
  expect(leaves(specs).map(([path, { shape }]) => `${path} ${shape}`)).toEqual([
    'layer2 2,1,3',
    'outputs 2,1,3',
    'last 2,3',
  ])
})

it('drops what goes into the first layer, where that is asked for', () => {
  const encoder = buildEncoder(encoderOptions({ inputDropout: 0.25 }), units('E', 2))
  expect(encoder.noise({ batch: 2, steps: 3 })).toEqual({ layer1: { kind: 'dropout', shape: [2, 3, 2], rate: 0.25 } })
  const params = upload(initialise(encoder.parameters, 1))
  const factors = tf.tensor3d([0, 1].map(() => [0, 1, 2].map((t) => [t === 1 ? 0 : 4 / 3, 4 / 3])))
  const noisy = encoder.run(params, xs, mask, { layer1: factors })
  const expected = encoder.run(params, xs.mul(factors), mask, undefined)
  expect(numbers(noisy.outputs)).toEqual(numbers(expected.outputs))
  const both = buildEncoder(encoderOptions({ layers: 2, dropout: 0.5, inputDropout: 0.25 }), units('E', 2))
  expect(Object.keys(both.noise({ batch: 2, steps: 3 }))).toEqual(['layer1', 'layer2', 'outputs', 'last'])
})

it('starts every weight as chosen, and no bias', () => {
  const options = encoderOptions({ cell: { type: 'lstm', forgetBias: 1 }, initialiser: { type: 'constant', value: 1 } })
  const values = new Map(
    leaves(initialise(buildEncoder(options, units('E', 2)).parameters, 1)).map(([path, { data }]) => [path, data]),
  )
  const ones = (count: number) => new Float32Array(count).fill(1)
  expect(values.get('layer1/forward/kernel')).toEqual(ones(24))
  expect(values.get('layer1/forward/recurrentKernel')).toEqual(ones(36))
  expect([...(values.get('layer1/forward/bias') ?? [])]).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])
})

it('names options that would do nothing', () => {
  const paths = (more: Partial<EncoderOptions>) => encoderProblems(encoderOptions(more)).map(({ path }) => path)
  expect(paths({})).toEqual([])
  expect(paths({ residual: true })).toEqual(['model.encoder.residual'])
  expect(paths({ variational: true })).toEqual(['model.encoder.variational'])
  expect(paths({ variational: true, inputDropout: 0.1 })).toEqual([])
  expect(paths({ combine: 'sum' })).toEqual(['model.encoder.combine'])
  const feedForward = { type: 'feed-forward', activation: 'tanh' } as const
  expect(paths({ cell: feedForward, initialState: 'learned' })).toEqual(['model.encoder.initialState'])
})
