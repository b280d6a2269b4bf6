import { expect, test } from 'vitest'
import { floats, ints } from '../../src/core/tensors.js'
import type { Tensor } from '../../src/core/tf.js'
import { leaf, mapTree, subtree } from '../../src/core/tree.js'
import type { Split } from '../../src/data/types.js'
import { initialise } from '../../src/model/initialise.js'
import type { ModelOptions } from '../../src/model/options.js'
import { chunkBatch, placesOf, strandsOf, streamOf } from '../../src/task/batches/streams.js'
import { languageModel } from '../../src/task/language-model.js'
import type { RunPure, TaskModel } from '../../src/task/types.js'
import { embedded, encoderOptions } from '../support/options.js'
import { upload } from '../support/tensors.js'
import { toColumn } from '../train/toy.js'

// Three examples over ids 4..6; 2 is the end, 1 the beginning.
const column = toColumn([[4, 5, 6], [5], [6, 4]])
const split: Split = { size: 3, source: column, target: column }
const sizes = { source: { vocabulary: 7 }, target: { vocabulary: 7 }, longestSource: 3, longestTarget: 3 }
const model: ModelOptions = {
  source: embedded(4),
  encoder: encoderOptions({ cell: { type: 'lstm', forgetBias: 1 }, hidden: 5, layers: 2 }),
}

test('examples become one stream with an end after each, cut into strands and chunks', () => {
  const stream = streamOf(column)
  expect([...stream]).toEqual([4, 5, 6, 2, 5, 2, 6, 4, 2])
  expect(placesOf(split)).toEqual([
    { start: 0, length: 4 },
    { start: 4, length: 2 },
    { start: 6, length: 3 },
  ])
  const strands = strandsOf(stream.length, 2, 3)
  expect(strands).toEqual({ batch: 2, strand: 5, chunk: 3, count: 2 })
  const rows = (chunk: number, side: string, name: string) => [
    ...leaf(subtree(chunkBatch(stream, strands, chunk), side), name).data,
  ]
  expect(rows(0, 'source', 'ids')).toEqual([1, 4, 5, 5, 2, 6])
  expect(rows(0, 'target', 'labels')).toEqual([4, 5, 6, 2, 6, 4])
  expect(rows(1, 'source', 'ids')).toEqual([6, 2, 0, 4, 0, 0])
  expect(rows(1, 'target', 'labels')).toEqual([2, 5, 0, 2, 0, 0])
  expect(rows(1, 'target', 'mask')).toEqual([1, 1, 0, 1, 0, 0])
  expect(strandsOf(9, 100, 4)).toEqual({ batch: 2, strand: 5, chunk: 4, count: 2 })
})

/** Runs pure functions on the CPU backend, with fixed parameters. */
function running(built: TaskModel): RunPure {
  const params = upload(initialise(built.parameters, 3))
  return async (_, pure, inputs) => mapTree(pure(params, upload(inputs)), download)
}

function download(tensor: Tensor) {
  const data = tensor.dataSync()
  return tensor.dtype === 'float32'
    ? floats(Float32Array.from(data), tensor.shape)
    : ints(Int32Array.from(data), tensor.shape)
}

async function costs(options: { chunk?: number; carryState?: boolean }): Promise<number[]> {
  const built = languageModel.build(options).build(model, sizes)
  const [batch] = built.chunks?.evaluation(split, 2) ?? [
    { indices: [0, 1, 2], shape: { batch: 3, source: 3, target: 3 } },
  ]
  if (batch === undefined) throw new Error('no batch')
  const search = { decode: { type: 'greedy' }, maxLength: 9, alignments: 0, seed: 1 } as const
  const found = await built.predictor.evaluate(running(built), { split, ...batch }, search)
  expect(found.map(({ crossEntropyTokens }) => crossEntropyTokens)).toEqual([4, 2, 3])
  expect(found.map(({ ids }) => ids?.length)).toEqual([3, 1, 2])
  return found.map(({ crossEntropyNats }) => crossEntropyNats)
}

test('where the state is carried, it does not matter where the text is cut', async () => {
  const whole = await costs({ chunk: 9 })
  for (const chunk of [1, 2, 4, 7]) {
    const cut = await costs({ chunk })
    whole.forEach((cost, row) => {
      expect(cut[row]).toBeCloseTo(cost, 5)
    })
  }
})

test('where it is not, or examples are read one by one, every chunk or example starts from zeros', async () => {
  const [whole, restarted, single] = [
    await costs({ chunk: 9 }),
    await costs({ chunk: 4, carryState: false }),
    await costs({}),
  ]
  expect(restarted[0]).toBeCloseTo(whole[0] ?? 0, 5)
  expect(restarted[1]).not.toBeCloseTo(whole[1] ?? 0, 5)
  expect(single[0]).toBeCloseTo(whole[0] ?? 0, 5)
  expect(single[1]).not.toBeCloseTo(whole[1] ?? 0, 5)
})

test('combinations that cannot work are refused', () => {
  const paths = (options: object, encoder: Partial<ModelOptions['encoder']> = {}) =>
    languageModel
      .build(options)
      .problems({ ...model, encoder: encoderOptions({ hidden: 5, ...encoder }) })
      .map(({ path }) => path)
  expect(paths({})).toEqual([])
  expect(paths({ carryState: true })).toEqual(['task.carryState'])
  expect(paths({}, { bidirectional: true })).toEqual(['model.encoder.bidirectional'])
  expect(paths({ chunk: 4 }, { initialState: 'learned' })).toEqual(['model.encoder.initialState'])
  expect(paths({ chunk: 4, carryState: false }, { initialState: 'learned' })).toEqual([])
})
