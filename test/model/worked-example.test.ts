import { expect, it } from 'vitest'
import { type Tensor3D, tf } from '../../src/core/tf.js'
import { buildEncoder } from '../../src/model/encoder/index.js'
import { initialise } from '../../src/model/initialise.js'
import type { EncoderOptions } from '../../src/model/options.js'
import { buildRepresentation } from '../../src/model/representation/index.js'
import { sideOf } from '../../src/model/sizes.js'
import { encoderOptions } from '../support/options.js'
import { numbers, upload } from '../support/tensors.js'

// 我去郑州 ("I go to Zhengzhou") against 我离开郑州 ("I leave Zhengzhou"): word i is [i, i], hidden size 2, all weights one,
// biases zero, h0 = 0, so that every unit of a state holds the same number:
//   h_t = φ(2 i_t + 2 h_{t−1})
// | word | 我 | 去   | 郑州 |     | word | 我 | 离开 | 郑州 |
// | i    | 1  | 2    | 4    |     | i    | 1  | 3    | 4    |
// | h    | 2  | 8    | 24   |     | h    | 2  | 10   | 28   |
// Without recurrence 郑州 gives 2 · 4 = 8 in both: nothing distinguishes the destination from the origin.
const vectors = { 我: [1, 1], 去: [2, 2], 离开: [3, 3], 郑州: [4, 4] }
const symbols = ['<pad>', '<bos>', '<eos>', '<unk>', ...Object.keys(vectors)]

const space = { vocabulary: symbols.length }
const sizes = { source: space, target: space, longestSource: 3, longestTarget: 3, known: { source: { symbols } } }
const side = sideOf(sizes, 'source')

function states(cell: EncoderOptions['cell'], words: readonly string[]): number[][] {
  const representation = buildRepresentation({ type: 'vectors', vectors }, side)
  const options = encoderOptions({ cell, hidden: 2, initialiser: { type: 'constant', value: 1 } })
  const encoder = buildEncoder(options, representation.output)
  const parameters = { source: representation.parameters, encoder: encoder.parameters }
  const { source, encoder: weights } = upload(initialise(parameters, 1)) as Record<string, never>
  const ids = tf.tensor2d([words.map((word) => symbols.indexOf(word))], undefined, 'int32')
  const mask = tf.onesLike(ids).toFloat() as typeof ids
  const embedded: Tensor3D = representation.embed(source ?? {}, { ids, mask })
  const { outputs } = encoder.run(weights ?? {}, embedded, mask, undefined)
  return (outputs.arraySync() as number[][][])[0] ?? []
}

const go = ['我', '去', '郑州']
const leave = ['我', '离开', '郑州']

it('distinguishes the two sentences by their states', () => {
  const identity = { type: 'elman', activation: 'identity' } as const
  expect(states(identity, go)).toEqual([
    [2, 2],
    [8, 8],
    [24, 24],
  ])
  expect(states(identity, leave)).toEqual([
    [2, 2],
    [10, 10],
    [28, 28],
  ])
})

it('gives one and the same 郑州 without recurrence', () => {
  const feedForward = { type: 'feed-forward', activation: 'identity' } as const
  expect(states(feedForward, go)[2]).toEqual([8, 8])
  expect(states(feedForward, leave)[2]).toEqual([8, 8])
})

it('saturates with tanh: both are 1 in float32, so these weights distinguish nothing', () => {
  const tanh = { type: 'elman', activation: 'tanh' } as const
  // h: tanh 2 = 0.964, tanh(4 + 1.93) = 0.99999 (离开: tanh 7.93), tanh(8 + 2.00) = 1 − 4e-9, which rounds to 1.
  expect(states(tanh, go)[0]?.[0]).toBeCloseTo(0.964028, 5)
  expect(states(tanh, go)[2]).toEqual(states(tanh, leave)[2])
  expect(states(tanh, go)[2]?.[0]).toBeCloseTo(1, 6)
})

it('uses the vectors as they are given', () => {
  const representation = buildRepresentation({ type: 'vectors', vectors }, side)
  const table = upload(initialise(representation.parameters, 1))
  const embedded = representation.embed(table, { ids: tf.tensor2d([[6, 0]], [1, 2], 'int32'), mask: tf.ones([1, 2]) })
  expect(numbers(embedded)).toEqual([3, 3, 0, 0])
})
