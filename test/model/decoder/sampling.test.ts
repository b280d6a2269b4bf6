import { describe, expect, it } from 'vitest'
import { type Tensor, type Tensor2D, tf } from '../../../src/core/tf.js'
import { leaves } from '../../../src/core/tree.js'
import type { LossSettings } from '../../../src/model/decoder/types.js'
import { initialise } from '../../../src/model/initialise.js'
import type { Sequence } from '../../../src/model/representation/types.js'
import { buildTransducer } from '../../../src/model/transducer.js'
import { attentionOptions, decoderOptions, embedded, encoderOptions } from '../../support/options.js'
import { gradients, numbers, upload } from '../../support/tensors.js'

const sizes = { source: { vocabulary: 7 }, target: { vocabulary: 6 }, longestSource: 3, longestTarget: 3 }
const transducer = buildTransducer(
  {
    source: embedded(3),
    target: embedded(2),
    encoder: encoderOptions(),
    context: attentionOptions(),
    decoder: decoderOptions(),
  },
  sizes,
)
const params = upload(initialise(transducer.parameters, 4))
const source: Sequence = { ids: tf.tensor2d([[4, 5, 6]], [1, 3], 'int32'), mask: tf.ones([1, 3]) as Tensor2D }
const inputs = [1, 3, 5, 4]
const outputs = [3, 5, 4, 2]
const target = {
  input: tf.tensor2d([inputs], [1, 4], 'int32'),
  output: tf.tensor2d([outputs], [1, 4], 'int32'),
  mask: tf.ones([1, 4]) as Tensor2D,
}
const uniform = [0.9, 0.2, 0.6, 0.4]

function loss(teacherForcing: LossSettings['teacherForcing'], of = params) {
  const noise = { encoder: {}, decoder: {}, sampling: tf.tensor2d([uniform]) }
  return transducer.loss(of, source, target, noise, { labelSmoothing: 0, teacherForcing }).objective
}

/** The same by `step`, feeding the true symbol where `keep` says so, and else the most probable one. */
function byStep(keep: readonly boolean[]): number {
  let { memory, state } = transducer.start(params, source, undefined)
  let chosen = inputs[0] as number
  let total = 0
  for (const [t, label] of outputs.entries()) {
    const previous = t === 0 || keep[t] ? (inputs[t] as number) : chosen
    const stepped = transducer.step(params, tf.tensor1d([previous], 'int32'), memory, state)
    const logProbs = numbers(stepped.logProbs)
    chosen = logProbs.indexOf(Math.max(...logProbs))
    total -= logProbs[label] as number
    state = stepped.state
  }
  return total
}

const value = (scalar: Tensor) => numbers(scalar)[0] as number

describe('scheduled sampling', () => {
  it('feeds the true symbol where the drawn number is below the ratio', () => {
    expect(value(loss(0.5))).toBeCloseTo(byStep([true, true, false, true]), 4)
    expect(value(loss(0))).toBeCloseTo(byStep([true, false, false, false]), 4)
    expect(value(loss(0.95))).toBeCloseTo(byStep([true, true, true, true]), 4)
  })

  it('takes the ratio as a tensor too, so that a schedule can move it', () => {
    expect(value(loss(tf.scalar(0.5)))).toBeCloseTo(value(loss(0.5)), 6)
  })

  it('asks for numbers to draw by only where it samples', () => {
    const shape = { batch: 2, source: 3, target: 4 }
    expect(transducer.noise(shape, { teacherForcing: 0.5 }).sampling).toEqual({ kind: 'uniform', shape: [2, 4] })
    expect(transducer.noise(shape, { teacherForcing: 1 }).sampling).toBeUndefined()
    expect(transducer.noise(shape).sampling).toBeUndefined()
  })

  it('has finite gradients for every parameter', () => {
    for (const [path, slope] of leaves(gradients(params, (p) => loss(0.3, p)))) {
      expect(numbers(slope).every(Number.isFinite), path).toBe(true)
    }
  })
})
