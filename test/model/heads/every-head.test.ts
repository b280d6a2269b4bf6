import { describe, expect, it } from 'vitest'
import { at } from '../../../src/core/lists.js'
import { randomStream } from '../../../src/core/random.js'
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../../src/core/tf.js'
import { leaves, mapTree, type Tree } from '../../../src/core/tree.js'
import { nats } from '../../../src/decode/chain/sums.js'
import { units } from '../../../src/model/axes.js'
import type { Transducer } from '../../../src/model/decoder/types.js'
import { buildHead, type HeadChoice, heads } from '../../../src/model/heads/index.js'
import type { HeadPart, HeadSeries } from '../../../src/model/heads/types.js'
import { initialise } from '../../../src/model/initialise.js'
import type { ModelOptions } from '../../../src/model/options.js'
import { buildTransducer, transducerProblems } from '../../../src/model/transducer.js'
import { chainPrediction } from '../../../src/task/models/chain-predictor.js'
import { chainsOf } from '../../support/chains.js'
import { attentionOptions, decoderOptions, embedded, encoderOptions } from '../../support/options.js'
import { everyChoice } from '../../support/parts.js'
import { gradients, numbers, upload } from '../../support/tensors.js'

const registered = everyChoice<HeadChoice>(heads)
const every = registered.map(([name, choice]) => ({ name, choice, part: heads.get(choice.type) as HeadPart }))

it('fits a decoder, a series of labels, or both', () => {
  for (const { name, choice, part } of every) {
    const refused = [true, false].flatMap((decoder) =>
      [true, false].map((alignment) =>
        part.refuse?.(choice, { decoder, alignment: decoder && alignment, series: true, source: decoder }),
      ),
    )
    expect(refused.includes(undefined), name).toBe(true)
  }
})

// ---- over a decoder ----------------------------------------------------------------------------------------------

const sizes = {
  source: { vocabulary: 7 },
  target: { vocabulary: 6 },
  longestSource: 3,
  longestTarget: 2,
  unknown: 3,
}
const contexts = { attention: attentionOptions(), 'last state': { from: 'last-state' } as const }
const decoders = every.flatMap(({ name, choice }) =>
  Object.entries(contexts).flatMap(([context, formed]): [string, ModelOptions][] => {
    const decoder = decoderOptions({ hidden: 4 })
    const encoder = encoderOptions({ hidden: 4 })
    const model = { source: embedded(3), target: embedded(2), encoder, context: formed, decoder, head: choice }
    return transducerProblems(model).length === 0 ? [[`${name} under ${context}`, model]] : []
  }),
)

/** Two examples of 3 and 2 source symbols; of 3 and 1 target symbols with eos (id 2; bos is 1). */
function batchOf(steps: { readonly source: number; readonly target: number }, copies: boolean) {
  const rows = (length: number, dtype: 'int32' | 'float32', ...values: number[][]) =>
    tf.tensor2d(
      values.map((row) => [...row, ...Array<number>(length - row.length).fill(0)]),
      [2, length],
      dtype,
    )
  const source = {
    ids: rows(steps.source, 'int32', [4, 5, 6], [6, 4]),
    mask: rows(steps.source, 'float32', [1, 1, 1], [1, 1]),
    // The source's 6 is no target symbol: 6 target symbols, and it comes first at step 2, and at step 0.
    ...(copies ? { copies: rows(steps.source, 'int32', [4, 5, 6 + 2], [6 + 0, 4]) } : {}),
  }
  const third = copies ? 6 + 2 : 5
  return {
    source,
    target: {
      input: rows(steps.target, 'int32', [1, 3, third], [1]),
      output: rows(steps.target, 'int32', [3, third, 2], [2]),
      mask: rows(steps.target, 'float32', [1, 1, 1], [1]),
    },
  }
}

const settings = { labelSmoothing: 0, teacherForcing: 1, perExample: true }

describe.each(decoders)('a decoder with the head %s', (_, model) => {
  const transducer = buildTransducer(model, sizes)
  const params = upload(initialise(transducer.parameters, 1))
  const batch = batchOf({ source: 3, target: 3 }, transducer.copies)
  const losses = (own: Tree<Tensor> = params, of = batch) =>
    transducer.loss(own, of.source, of.target, undefined, settings)

  it('gives the loss that its own steps give, of each example', () => {
    const { crossEntropy, perExample } = losses()
    const expected = bySteps(transducer, params, batch)
    close(numbers(perExample as Tensor), expected)
    close(numbers(crossEntropy), [expected[0] + expected[1]])
  })

  it('shares all probability among the symbols of a step', () => {
    const { memory, state } = transducer.start(params, batch.source, undefined)
    const { logProbs } = transducer.step(params, tf.tensor1d([1, 1], 'int32'), memory, state)
    close(numbers(tf.sum(tf.exp(logProbs), 1)), [1, 1])
    expect(logProbs.shape[1]).toBe(transducer.copies ? 6 + 3 : 6)
  })

  it('does not see padding', () => {
    const padded = batchOf({ source: 5, target: 4 }, transducer.copies)
    close(numbers(losses(params, padded).crossEntropy), numbers(losses().crossEntropy))
  })

  it('trains every parameter, its own too', () => {
    const slopes = leaves(gradients(params, (own) => losses(own).objective))
    for (const [path, slope] of slopes) {
      expect(numbers(slope).every(Number.isFinite), path).toBe(true)
      expect(
        numbers(slope).some((value) => value !== 0),
        path,
      ).toBe(true)
    }
  })
})

/** −Σ log p by `step`, feeding the true previous symbols one by one. */
function bySteps(transducer: Transducer, params: Tree<Tensor>, batch: ReturnType<typeof batchOf>): [number, number] {
  const { input, output, mask } = batch.target
  let { memory, state } = transducer.start(params, batch.source, undefined)
  const totals: [number, number] = [0, 0]
  for (let t = 0; t < 3; t++) {
    const column = (of: Tensor2D) => numbers(tf.slice(of, [0, t], [2, 1]))
    const stepped = transducer.step(params, tf.tensor1d(column(input), 'int32'), memory, state)
    const width = stepped.logProbs.shape[1]
    const [logProbs, labels, real] = [numbers(stepped.logProbs), column(output), column(mask)]
    for (const row of [0, 1] as const) {
      totals[row] -= (real[row] ?? 0) * (logProbs[row * width + (labels[row] ?? 0)] ?? Number.NaN)
    }
    state = stepped.state
  }
  return totals
}

// ---- over rows that are all there --------------------------------------------------------------------------------

const [B, T, R, V] = [2, 3, 4, 5]
const labelling = every.filter(
  ({ choice, part }) =>
    part.refuse?.(choice, { decoder: false, alignment: false, series: true, source: false }) === undefined,
)

describe.each(labelling)('labels by the head $name', ({ choice }) => {
  const head = buildHead(choice, { input: units('R', R), symbols: units('V', V), tied: false })
  const params = upload(initialise(head.parameters, 1))
  const draw = (count: number) => Array.from({ length: count }, randomStream(3, 'test').normal)
  const readout = tf.tensor2d(draw(B * T * R), [B * T, R])
  const real = tf.tensor1d([1, 1, 1, 1, 1, 0])
  const series: HeadSeries<Tree<Tensor>> = { readout, real, batch: B, steps: T, order: 'examples', memory: {} }
  const labels = { ids: tf.tensor1d([1, 4, 0, 2, 2, 0], 'int32'), weights: real }
  const losses = (own: Tree<Tensor> = params, smoothing = 0) =>
    head.loss(own, series, labels, { labelSmoothing: smoothing, perExample: true })

  /** What is predicted, by the head's own function or from its potentials: ids, and log probabilities of whole examples. */
  const predicted = () => {
    const potentials = head.potentials?.(params, series)
    if (potentials === undefined) {
      const { ids, logProbs, nats } = given(head.predict?.(params, series, labels))
      return { ids: numbers(ids), scores: byExample(logProbs), costs: byExample(nats) }
    }
    const chains = chainsOf(potentials, [T, T - 1])
    const found = chains.map((chain) => chainPrediction(chain, { distributions: false }))
    const ids = found.flatMap((one) => [...(one.ids ?? []), 0].slice(0, T))
    const costs = [nats(at(chains, 0), [1, 4, 0]), nats(at(chains, 1), [2, 2])]
    return { ids, scores: found.map(({ score }) => score), costs }
  }
  const byExample = (rows: Tensor1D) => numbers(tf.sum(tf.reshape(tf.mul(rows, real), [B, T]), 1))

  it('predicts with shares of the loss that add up to it, and with probabilities', () => {
    const { crossEntropy, perExample } = losses()
    const { ids, scores, costs } = predicted()
    close([costs.reduce((sum, value) => sum + value, 0)], numbers(crossEntropy))
    close(costs, [...numbers(perExample as Tensor)])
    expect(ids.every((id) => Number.isInteger(id) && id >= 0 && id < V)).toBe(true)
    expect(scores.every((value) => value <= 1e-6)).toBe(true)
  })

  it('scores what it predicts as the loss of those labels', () => {
    const { ids, scores } = predicted()
    const own = { ids: tf.tensor1d(ids, 'int32'), weights: real }
    const { perExample } = head.loss(params, series, own, { labelSmoothing: 0, perExample: true })
    close(
      scores,
      numbers(perExample as Tensor).map((cost) => -cost),
    )
  })

  it('finds nothing less probable than the true labels', () => {
    const { scores, costs } = predicted()
    for (const [row, score] of scores.entries()) expect(score).toBeGreaterThanOrEqual(-(costs[row] ?? 0) - 1e-5)
  })

  it('has the gradient that finite differences give', () => {
    const value = (own: Tree<Tensor>) => losses(own).objective
    for (const [path, slope] of leaves(gradients(params, value))) {
      const direction = tf.randomNormal(slope.shape, 0, 1, 'float32', 7)
      const moved = (by: number) =>
        numbers(value(mapTree(params, (leaf, at) => (at === path ? tf.add(leaf, tf.mul(direction, by)) : leaf))))[0] ??
        0
      const along = numbers(tf.sum(tf.mul(slope, direction)))[0] ?? Number.NaN
      const difference = (moved(1e-2) - moved(-1e-2)) / 2e-2
      expect(Math.abs(along - difference) / Math.max(1, Math.abs(difference)), path).toBeLessThan(5e-3)
    }
  })
})

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('This head labels no rows that are all there')
  return value
}

function close(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length)
  for (const [index, value] of expected.entries()) expect(actual[index]).toBeCloseTo(value, 4)
}
