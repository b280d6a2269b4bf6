import { expect, it } from 'vitest'
import { type Tensor2D, tf } from '../../../src/core/tf.js'
import { leaf } from '../../../src/core/tree.js'
import { initialise } from '../../../src/model/initialise.js'
import {
  buildRepresentation,
  type RepresentationChoice,
  representationProblems,
} from '../../../src/model/representation/index.js'
import type { KnownSymbols } from '../../../src/model/representation/types.js'
import { sideOf } from '../../../src/model/sizes.js'
import { numbers, upload } from '../../support/tensors.js'

const symbols = ['<pad>', '<bos>', '<eos>', '<unk>', 'a', 'b']
const sizes = { source: { vocabulary: 6 }, target: { vocabulary: 6 }, longestSource: 4, longestTarget: 4 }
const side = (source: KnownSymbols | undefined) =>
  sideOf(source === undefined ? sizes : { ...sizes, known: { source } }, 'source')
const ids = tf.tensor2d([[4, 5, 4, 0]], undefined, 'int32')
const mask: Tensor2D = tf.tensor2d([[1, 1, 1, 0]])

function embedded(choice: RepresentationChoice, known?: KnownSymbols) {
  const representation = buildRepresentation(choice, side(known))
  return representation.embed(upload(initialise(representation.parameters, 1)), { ids, mask })
}

it('one-hot: 1 at the symbol', () => {
  const found = embedded({ type: 'one-hot' })
  expect(found.shape).toEqual([1, 4, 6])
  expect(numbers(found.slice([0, 1, 0], [1, 1, 6]))).toEqual([0, 0, 0, 0, 0, 1])
})

it('bag-of-words: the same counts at every step, padding not among them', () => {
  const found = embedded({ type: 'bag-of-words' })
  expect(found.shape).toEqual([1, 4, 6])
  for (const step of [0, 1, 2]) expect(numbers(found.slice([0, step, 0], [1, 1, 6]))).toEqual([0, 0, 0, 0, 2, 1])
})

it('embedding: rows of a table, from a file where it has them', () => {
  const data = new Float32Array(12).fill(Number.NaN)
  data.set([7, 8], 8) // the file has "a" alone
  const known = { symbols, vectors: { width: 2, data } }
  const choice = { type: 'embedding', size: 2, start: 'vectors', frozen: true } as const
  const found = numbers(embedded(choice, known))
  expect(found.slice(0, 2)).toEqual([7, 8])
  expect(found.slice(4, 6)).toEqual([7, 8])
  expect(found.every(Number.isFinite)).toBe(true)
  const random = numbers(embedded({ ...choice, start: 'random', frozen: false }))
  expect(found.slice(2, 4)).toEqual(random.slice(2, 4)) // "b" starts as it would without a file
  expect(leaf(buildRepresentation(choice, side(known)).parameters, 'table').frozen).toBe(true)
  expect(() => embedded(choice, { symbols })).toThrow('data.vectors has no word-vector file')
  expect(() => embedded({ ...choice, size: 3 }, known)).toThrow('The word vectors have 2 numbers, the embedding 3')
})

it('embedding: random vectors start as chosen, also those that a file lacks', () => {
  const data = new Float32Array(12).fill(Number.NaN)
  data.set([7, 8], 8) // the file has "a" alone
  const table = (more: Omit<RepresentationChoice & { type: 'embedding' }, 'type' | 'size' | 'frozen'>) => {
    const choice: RepresentationChoice = { type: 'embedding', size: 2, frozen: false, ...more }
    return [
      ...leaf(
        initialise(buildRepresentation(choice, side({ symbols, vectors: { width: 2, data } })).parameters, 1),
        'table',
      ).data,
    ]
  }
  const standard = table({ start: 'random' })
  const wide = table({ start: 'random', initialiser: { type: 'normal', deviation: 1 } })
  // The same draws, and a deviation of 1 instead of 0.1.
  for (const [i, value] of wide.entries()) expect(value).toBeCloseTo((standard[i] ?? Number.NaN) * 10, 5)
  const missing = table({ start: 'vectors', initialiser: { type: 'constant', value: 0.25 } })
  expect(missing).toEqual([0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 7, 8, 0.25, 0.25])
})

it('vectors: every symbol needs one of the same length, specials aside', () => {
  const some: RepresentationChoice = { type: 'vectors', vectors: { a: [1, 2] } }
  expect(() => embedded(some, { symbols })).toThrow('No vector is given for "b"')
  const unequal: RepresentationChoice = { type: 'vectors', vectors: { a: [1, 2], b: [3] } }
  expect(representationProblems(unequal, 'model.source.representation', { kind: 'ids', stepByStep: false })).toEqual([
    { path: 'model.source.representation', message: 'the vectors have 2 and 1 numbers; all must have the same' },
  ])
  const large: RepresentationChoice = { type: 'vectors', vectors: { a: [1, 3.4e38], b: [3, -1e39] } }
  expect(representationProblems(large, 'model.source.representation', { kind: 'ids', stepByStep: false })).toEqual([
    {
      path: 'model.source.representation',
      message: 'the vector of "b" has -1e+39; float32 holds numbers up to 3.4e38',
    },
  ])
})

it('refuses what does not fit its side', () => {
  const messages = (choice: RepresentationChoice, kind: 'ids' | 'values', stepByStep: boolean) =>
    representationProblems(choice, 'p', { kind, stepByStep }).map(({ message }) => message)
  expect(messages({ type: 'numbers' }, 'ids', false)).toEqual(['numbers represents numbers, but this side has symbols'])
  expect(messages({ type: 'one-hot' }, 'values', true)).toEqual([
    'one-hot represents symbols, but this side has numbers',
  ])
  expect(messages({ type: 'bag-of-words' }, 'ids', true)).toEqual([
    'bag-of-words needs the whole sequence at once, but here symbols come one by one',
  ])
  expect(messages({ type: 'bag-of-words' }, 'ids', false)).toEqual([])
  expect(messages({ type: 'numbers' }, 'values', true)).toEqual([])
})
