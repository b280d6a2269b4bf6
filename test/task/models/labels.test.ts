import { expect, test } from 'vitest'
import type { HostTensor } from '../../../src/core/tensors.js'
import { tf } from '../../../src/core/tf.js'
import { leaf, mapTree, subtree, type Tree } from '../../../src/core/tree.js'
import type { Split } from '../../../src/data/types.js'
import { initialise } from '../../../src/model/initialise.js'
import type { ModelOptions } from '../../../src/model/options.js'
import { classify } from '../../../src/task/classify.js'
import { forecast } from '../../../src/task/forecast.js'
import { tag } from '../../../src/task/tag.js'
import { embedded, encoderOptions } from '../../support/options.js'
import { numbers, upload } from '../../support/tensors.js'
import { toColumn } from '../../train/toy.js'

const sizes = { source: { vocabulary: 7 }, target: { vocabulary: 3 }, longestSource: 3, longestTarget: 3 }
const encoder = encoderOptions({ hidden: 4 })
const model: ModelOptions = { source: embedded(3), encoder, context: { from: 'last-state' } }
const settings = { labelSmoothing: 0, teacherForcing: 1 }
const shape = { batch: 3, source: 4, target: 4 }
const rows = (tree: Tree<HostTensor>, side: string, name: string) => [...leaf(subtree(tree, side), name).data]

test('tags: padding and labels that training never saw take no part; a zero head costs ln L a tag', () => {
  const split: Split = { size: 2, source: toColumn([[4, 5, 6], [5]]), target: toColumn([[2, -1, 0], [1]]) }
  const built = tag.build({}).build(model, sizes)
  const batch = built.collate(split, [0, 1], shape)
  expect(rows(batch, 'target', 'labels')).toEqual([2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
  expect(rows(batch, 'target', 'mask')).toEqual([1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0])
  expect(rows(batch, 'source', 'mask')).toEqual([1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0])
  const params = upload(initialise(built.parameters, 1))
  const zero = { ...params, head: mapTree(subtree(params, 'head'), tf.zerosLike) }
  const { objective, count } = built.loss(zero, upload(batch), undefined, settings)
  expect(numbers(count)).toEqual([3])
  expect(numbers(objective)[0]).toBeCloseTo(3 * Math.log(3), 5)
})

test('classes: one label a source', () => {
  const split: Split = { size: 2, source: toColumn([[4, 5, 6], [5]]), target: toColumn([[2], [-1]]) }
  const built = classify.build({}).build(model, sizes)
  const batch = built.collate(split, [0, 1], shape)
  expect(rows(batch, 'target', 'label')).toEqual([2, 0, 0])
  expect(rows(batch, 'target', 'mask')).toEqual([1, 0, 0])
  const params = upload(initialise(built.parameters, 1))
  const head = { kernel: tf.zeros([4, 3]), bias: tf.tensor1d([0, 0, Math.log(2)]) }
  const { objective, count } = built.loss({ ...params, head }, upload(batch), undefined, settings)
  expect(numbers(count)).toEqual([1])
  // The label's probability is 2 / (1 + 1 + 2).
  expect(numbers(objective)[0]).toBeCloseTo(Math.log(2), 5)
})

test('forecasts: squared and absolute errors over all of the horizon, none for rows of padding', () => {
  const values = (steps: number, ...data: number[]) =>
    ({ kind: 'values', width: 1, data: Float32Array.from(data), offsets: Int32Array.of(0, steps, 2 * steps) }) as const
  const split: Split = { size: 2, source: values(2, 1, 2, 3, 4), target: values(3, 1, 2, 3, 0, -1, 0.5) }
  const spaces = { source: { width: 1 }, target: { width: 1 }, longestSource: 2, longestTarget: 3 }
  const source = { representation: { type: 'numbers' } } as const
  const error = (loss: 'squared' | 'absolute') => {
    const built = forecast.build({ loss }).build({ ...model, source }, spaces)
    const params = upload(initialise(built.parameters, 1))
    // The forecast is the bias: 0, 0, 1.
    const head = { kernel: tf.zeros([4, 3]), bias: tf.tensor1d([0, 0, 1]) }
    const batch = built.collate(split, [0, 1], { batch: 3, source: 2, target: 3 })
    const { objective, count } = built.loss({ ...params, head }, upload(batch), undefined, settings)
    return [...numbers(objective), ...numbers(count)]
  }
  expect(error('squared')).toEqual([1 + 4 + 4 + 0 + 1 + 0.25, 6])
  expect(error('absolute')).toEqual([1 + 2 + 2 + 0 + 1 + 0.5, 6])
})

test('without a decoder, attention and a former that needs a last state of a feed-forward encoder are refused', () => {
  const { problems: problemsOf } = classify.build({})
  const problems = (more: Partial<ModelOptions>) => problemsOf({ ...model, ...more }).map(({ path }) => path)
  expect(problems({})).toEqual([])
  const attention = { from: 'attention', scorer: { type: 'additive', size: 3 } } as unknown as ModelOptions['context']
  expect(problems(attention === undefined ? {} : { context: attention })).toEqual(['model.context.from'])
  const feedForward = encoderOptions({ cell: { type: 'feed-forward', activation: 'tanh' }, hidden: 4 })
  expect(problems({ encoder: feedForward })).toEqual(['model.context.from'])
})
