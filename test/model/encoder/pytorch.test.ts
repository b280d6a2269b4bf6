import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Tensor, type Tensor2D, type Tensor3D, tf } from '../../../src/core/tf.js'
import { leaf, type Tree } from '../../../src/core/tree.js'
import { units } from '../../../src/model/axes.js'
import { buildEncoder } from '../../../src/model/encoder/index.js'
import type { EncoderOptions } from '../../../src/model/options.js'
import { encoderOptions } from '../../support/options.js'
import { numbers } from '../../support/tensors.js'

// Made by test/goldens/make_pytorch_goldens.py, which also names its version in the file.
interface Golden {
  readonly name: string
  readonly layers: number
  readonly bidirectional: boolean
  readonly weights: Readonly<Record<string, number[]>>
  readonly x: number[]
  readonly outputs: number[]
  readonly states: Readonly<Record<string, number[]>>
  readonly inputGradient: number[]
}
const file = JSON.parse(readFileSync('test/goldens/pytorch-cells.json', 'utf8')) as {
  readonly generator: string
  readonly input: number
  readonly hidden: number
  readonly lengths: number[]
  readonly cases: Golden[]
}
const { hidden, input, lengths } = file
const steps = Math.max(...lengths)

const cells: Record<string, EncoderOptions['cell']> = {
  'elman tanh': { type: 'elman', activation: 'tanh' },
  'elman relu': { type: 'elman', activation: 'relu' },
  lstm: { type: 'lstm', forgetBias: 0 },
  gru: { type: 'gru', reset: 'after' },
}
/** Where PyTorch has each of our gates: its gru goes r, z, n, ours z, r, n. */
const gates: Record<string, number[]> = { 'elman tanh': [0], 'elman relu': [0], lstm: [0, 1, 3, 2], gru: [1, 0, 2] }

it.each(file.cases.map((golden) => [golden.name, golden.layers, golden.bidirectional, golden] as const))(
  `agrees with ${file.generator}: %s, %i layers, bidirectional %s`,
  (name, layers, bidirectional, golden) => {
    const cell = cells[name] as EncoderOptions['cell']
    const encoder = buildEncoder(encoderOptions({ cell, hidden, layers, bidirectional }), units('E', input))
    const xs = tf.tensor3d(golden.x, [lengths.length, steps, input])
    const mask = tf.tensor2d(lengths.map((length) => Array.from({ length: steps }, (_, t) => (t < length ? 1 : 0))))
    const params = parametersOf(golden)
    const run = (embedded: Tensor3D) => encoder.run(params, embedded, mask, undefined)
    expectClose(run(xs).outputs, golden.outputs)
    for (const state of Object.keys(golden.states)) {
      const own = run(xs).layers.flatMap((layer) => layer.map((direction) => leaf(direction.state, state)))
      expectClose(tf.stack(own), golden.states[state] as number[])
    }
    const gradient = tf.grad((embedded: Tensor) => tf.sum(tf.square(run(embedded as Tensor3D).outputs)))(xs)
    expectClose(gradient, golden.inputGradient)
  },
)

function parametersOf({ name, layers, bidirectional, weights }: Golden): Tree<Tensor> {
  const directions = bidirectional ? ['forward', 'backward'] : ['forward']
  const layer = (index: number) =>
    directions.map((direction) => [direction, cellParameters(name, weights, index, direction === 'backward')])
  return Object.fromEntries(
    Array.from({ length: layers }, (_, index) => [`layer${index + 1}`, Object.fromEntries(layer(index))]),
  )
}

function cellParameters(name: string, weights: Golden['weights'], layer: number, reverse: boolean): Tree<Tensor> {
  const order = gates[name] as number[]
  const suffix = `l${layer}${reverse ? '_reverse' : ''}`
  const of = (kind: string) => tf.tensor(weights[`${kind}_${suffix}`] as number[])
  const blocks = (flat: Tensor) => {
    const parts = tf.split(flat.reshape([order.length, -1]) as Tensor2D, order.length)
    return order.map((gate) => parts[gate] as Tensor2D)
  }
  // PyTorch keeps [gates * H, I]; here it is [I, gates * H].
  const kernel = (kind: string) =>
    tf.concat(
      blocks(of(kind)).map((block) => tf.transpose(block.reshape([hidden, -1]))),
      1,
    )
  const [fromInput, fromState] = [blocks(of('bias_ih')), blocks(of('bias_hh'))]
  // The gru's candidate keeps its two biases apart, as the reset gate acts on one of them.
  const apart = name === 'gru'
  const bias = order.map((_, i) => {
    const own = fromInput[i] as Tensor
    return apart && i === 2 ? own : tf.add(own, fromState[i] as Tensor)
  })
  const whole = {
    kernel: kernel('weight_ih'),
    recurrentKernel: kernel('weight_hh'),
    bias: tf.concat(bias, 1).flatten(),
  }
  return apart ? { ...whole, candidateBias: (fromState[2] as Tensor).flatten() } : whole
}

function expectClose(found: Tensor, expected: readonly number[]) {
  const values = numbers(found)
  expect(values).toHaveLength(expected.length)
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] as number, 5)
  })
}
