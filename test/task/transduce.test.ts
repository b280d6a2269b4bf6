import { expect, test } from 'vitest'
import { tf } from '../../src/core/tf.js'
import { leaf, mapTree, subtree } from '../../src/core/tree.js'
import type { Split } from '../../src/data/types.js'
import { initialise } from '../../src/model/initialise.js'
import type { ModelOptions } from '../../src/model/options.js'
import { transduce } from '../../src/task/transduce.js'
import { attentionOptions, decoderOptions, embedded, encoderOptions } from '../support/options.js'
import { numbers, upload } from '../support/tensors.js'

// Two examples over ids 4.. (0-3 are pad, bos, eos, unk): (4 5 6 -> 7 8) and (5 -> 8).
const split: Split = {
  size: 2,
  source: { kind: 'ids', data: Int32Array.of(4, 5, 6, 5), offsets: Int32Array.of(0, 3, 4) },
  target: { kind: 'ids', data: Int32Array.of(7, 8, 8), offsets: Int32Array.of(0, 2, 3) },
}
const options: ModelOptions = {
  source: embedded(3),
  target: embedded(3),
  encoder: encoderOptions({ hidden: 4, dropout: 0, bidirectional: true }),
  context: attentionOptions({ scorer: { type: 'additive', size: 5 } }),
  decoder: decoderOptions({ hidden: 4, dropout: 0 }),
}
const sizes = { source: { vocabulary: 7 }, target: { vocabulary: 9 }, longestSource: 3, longestTarget: 2 }
const model = transduce.build({}).build(options, sizes)

test('a batch is padded: bos before the input, eos after the output, one row too many is all padding', () => {
  const batch = model.collate(split, [1, 0], { batch: 3, source: 4, target: 2 })
  const rows = (side: string, name: string) => Array.from(leaf(subtree(batch, side), name).data)
  expect(rows('source', 'ids')).toEqual([5, 0, 0, 0, 4, 5, 6, 0, 0, 0, 0, 0])
  expect(rows('source', 'mask')).toEqual([1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0])
  expect(rows('target', 'input')).toEqual([1, 8, 0, 1, 7, 8, 0, 0, 0])
  expect(rows('target', 'output')).toEqual([8, 2, 0, 7, 8, 2, 0, 0, 0])
  expect(rows('target', 'mask')).toEqual([1, 1, 0, 1, 1, 1, 0, 0, 0])
  expect(mapTree(batch, ({ dtype, shape }) => ({ dtype, shape }))).toEqual(
    model.inputs({ batch: 3, source: 4, target: 2 }),
  )
})

test('a row longer than its batch is refused', () => {
  expect(() => model.collate(split, [0], { batch: 1, source: 2, target: 2 })).toThrow(/Row 0 is longer/)
})

test('the loss is a sum over real tokens: padding more changes nothing, a zero head costs ln V a token', () => {
  const params = upload(initialise(model.parameters, 1))
  const settings = { labelSmoothing: 0, teacherForcing: 1 }
  const sums = (shape: { batch: number; source: number; target: number }, values = params) => {
    const { objective, crossEntropy, count } = model.loss(
      values,
      upload(model.collate(split, [0, 1], shape)),
      undefined,
      settings,
    )
    return [objective, crossEntropy, count].map((scalar) => numbers(scalar)[0] ?? Number.NaN)
  }
  const tight = sums({ batch: 2, source: 3, target: 2 })
  const loose = sums({ batch: 4, source: 6, target: 5 })
  expect(tight[2]).toBe(5)
  expect(loose[2]).toBe(5)
  expect(Math.abs((tight[0] ?? 0) - (loose[0] ?? 0))).toBeLessThan(1e-5)
  const zeroHead = { ...params, head: mapTree(subtree(params, 'head'), tf.zerosLike) }
  expect(sums({ batch: 2, source: 3, target: 2 }, zeroHead)[1]).toBeCloseTo(5 * Math.log(9), 5)
})

// With a vocabulary of its own for each side: the source's 4, 5, 6 are a, q and b, the target's 4 is a. The target q a is known by
// what is written: q is in its source alone.
const specials = ['<pad>', '<bos>', '<eos>', '<unk>']
const copying: Split = {
  size: 1,
  source: { kind: 'ids', data: Int32Array.of(4, 5, 6), offsets: Int32Array.of(0, 3) },
  target: { kind: 'ids', data: Int32Array.of(3, 4), offsets: Int32Array.of(0, 2) },
  unknown: { source: new Map(), target: new Map([[0, 'q']]) },
}
const pointing = transduce.build({}).build(
  { ...options, head: { type: 'pointer-generator' } },
  {
    ...{ source: { vocabulary: 7 }, target: { vocabulary: 5 }, longestSource: 3, longestTarget: 2, unknown: 3 },
    known: { source: { symbols: [...specials, 'a', 'q', 'b'] }, target: { symbols: [...specials, 'a'] } },
  },
)

test('a head that copies has the ids of the source in its batches, of the input a step after those of the output', () => {
  const batch = pointing.collate(copying, [0], { batch: 1, source: 3, target: 2 })
  expect(Array.from(leaf(subtree(batch, 'source'), 'copies').data)).toEqual([4, 5 + 1, 5 + 2])
  expect(Array.from(leaf(subtree(batch, 'target'), 'input').data)).toEqual([1, 5 + 1, 4])
  expect(Array.from(leaf(subtree(batch, 'target'), 'output').data)).toEqual([5 + 1, 4, 2])
})

test('a symbol that is copied is embedded as the unknown one when the next is written', () => {
  const params = upload(initialise(pointing.parameters, 1))
  const batch = upload(pointing.collate(copying, [0], { batch: 1, source: 3, target: 2 }))
  const lossWith = (ids: readonly number[]) => {
    const target = { ...subtree(batch, 'target'), input: tf.tensor2d([[...ids]], [1, 3], 'int32') }
    const settings = { labelSmoothing: 0, teacherForcing: 1 }
    return numbers(pointing.loss(params, { ...batch, target }, undefined, settings).crossEntropy)[0]
  }
  expect(lossWith([1, 5 + 1, 4])).toBe(lossWith([1, 3, 4]))
  expect(lossWith([1, 2, 4])).not.toBe(lossWith([1, 3, 4]))
})
