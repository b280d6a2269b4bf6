import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Tensor, type Tensor1D, type Tensor2D, type Tensor3D, tf } from '../../../src/core/tf.js'
import { units } from '../../../src/model/axes.js'
import { cells } from '../../../src/model/cells/index.js'
import { runLayer } from '../../../src/model/encoder/layer.js'
import type { EncoderOptions } from '../../../src/model/options.js'
import type { Params } from '../../../src/model/parameters.js'
import { numbers } from '../../support/tensors.js'

// Made by test/goldens/make_minimal_cell_goldens.py, which also names the programs' versions in the file.
interface Golden {
  readonly cell: 'min-gru' | 'min-lstm' | 'sru'
  readonly form?: 'scan' | 'steps'
  readonly candidate?: 'linear' | 'positive'
  readonly hidden: number
  readonly highwayBias?: number
  readonly kernel: number[]
  readonly vectors?: number[]
  readonly bias?: number[]
  readonly x: number[]
  readonly start?: number[]
  readonly outputs: number[]
  /** SRU's last state. */
  readonly last?: number[]
  readonly kernelGradient: number[]
  readonly inputGradient: number[]
  readonly startGradient?: number[]
  readonly vectorsGradient?: number[]
  readonly biasGradient?: number[]
}
const file = JSON.parse(readFileSync('test/goldens/minimal-cells.json', 'utf8')) as {
  readonly generator: string
  readonly batch: number
  readonly steps: number
  readonly input: number
  readonly cases: Golden[]
}
const { batch, steps, input } = file

const named = file.cases.map((golden) => {
  const { cell, form = '', candidate = '', hidden, highwayBias, start } = golden
  const options = highwayBias === undefined ? `${candidate} ${form}` : `highwayBias ${highwayBias}, ${hidden} units`
  return [`${cell} ${options}${start === undefined ? '' : ' from a state'}`, golden] as const
})

it.each(named)(`agrees with ${file.generator}: %s`, (_, golden) => {
  const { hidden } = golden
  const cell = cells.build(choiceOf(golden), { input: units('I', input), hidden: units('H', hidden) })
  const [state = ''] = Object.keys(cell.state)
  const mask = tf.ones([batch, steps]) as Tensor2D
  const run = (kernel: Tensor, xs: Tensor, start?: Tensor, vectors?: Tensor, bias?: Tensor) =>
    runLayer({
      ...{ cell, untied: false, mask, direction: 'forward' },
      params: paramsOf(golden, kernel, vectors, bias),
      xs: xs as Tensor3D,
      initial: start === undefined ? undefined : { [state]: start as Tensor2D },
    })
  const given = [
    tf.tensor(golden.kernel),
    tf.tensor(golden.x, [batch, steps, input]),
    ...(golden.start === undefined ? [] : [tf.tensor(golden.start, [batch, hidden])]),
    ...(golden.vectors === undefined ? [] : [tf.tensor(golden.vectors)]),
    ...(golden.bias === undefined ? [] : [tf.tensor(golden.bias)]),
  ]
  const apply = (tensors: Tensor[]) => run(...(tensors as [Tensor, Tensor]))
  expectClose(apply(given).outputs, golden.outputs)
  if (golden.last !== undefined) expectClose(apply(given).state[state] as Tensor, golden.last)
  const gradients = tf.grads((...tensors: Tensor[]) => tf.sum(tf.square(apply(tensors).outputs)))(given)
  const { kernelGradient, inputGradient, startGradient, vectorsGradient, biasGradient } = golden
  const expected = [kernelGradient, inputGradient, startGradient, vectorsGradient, biasGradient]
  expected
    .filter((each) => each !== undefined)
    .forEach((each, index) => {
      expectClose(gradients[index] as Tensor, each)
    })
})

function choiceOf({ cell, candidate = 'linear', highwayBias = 0 }: Golden): EncoderOptions['cell'] {
  return cell === 'sru' ? { type: 'sru', highwayBias } : { type: cell, candidate }
}

/** Of their columns: minGRU has candidate and gate, minLSTM candidate, forget and input, by rows; SRU four or three a unit. */
function paramsOf(golden: Golden, kernel: Tensor, vectors?: Tensor, bias?: Tensor): Params {
  const { cell, hidden } = golden
  if (cell === 'sru') return sruParams(golden, kernel, vectors as Tensor, bias as Tensor)
  const parts = tf.unstack(kernel.reshape([-1, hidden, input])) as Tensor2D[]
  const [candidate, ...gates] = parts.map((part) => tf.transpose(part)) as [Tensor2D, ...Tensor2D[]]
  const own = tf.concat([...gates, candidate], 1)
  return { kernel: own, bias: tf.zeros([parts.length * hidden]) as Tensor1D }
}

/** Their skip kernel is with the scale that the highway has here. */
function sruParams({ hidden, highwayBias = 0 }: Golden, kernel: Tensor, vectors: Tensor, bias: Tensor): Params {
  const parts = tf.unstack(kernel.reshape([input, hidden, -1]) as Tensor3D, 2)
  const [forgetWeights, resetWeights] = tf.split(vectors, 2) as [Tensor, Tensor]
  const [skip] = parts.slice(3)
  return {
    kernel: tf.concat(parts.slice(0, 3), 1),
    ...{ forgetWeights, resetWeights },
    bias: tf.concat([tf.zeros([hidden]), bias], 0),
    ...(skip && { skipKernel: tf.div(skip, Math.sqrt(1 + 2 * Math.exp(highwayBias))) }),
  }
}

function expectClose(found: Tensor, expected: readonly number[]) {
  const values = numbers(found)
  expect(values).toHaveLength(expected.length)
  values.forEach((value, i) => {
    const of = expected[i] as number
    expect(Math.abs(value - of) / (1 + Math.abs(of))).toBeLessThan(1e-5)
  })
}
