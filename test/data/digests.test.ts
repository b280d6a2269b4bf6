import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { datasetDigests, testDigest } from '../../src/data/encoding/digest.js'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import type { Dataset, Sides } from '../../src/data/types.js'
import { byWords, pairs } from '../support/data.js'

// Digests identify trials and evaluations, so what they are of is written out here byte by byte.

const load = (options: DataOptions, sides: Sides) => loadDataset(options, sides, { baseDir: '.' })
const ints = (...numbers: number[]) => [`${numbers.length} `, Int32Array.from(numbers)] as const
const floats = (...numbers: number[]) => [`${numbers.length} `, Float32Array.from(numbers)] as const

function sha256(...pieces: readonly (string | Int32Array | Float32Array | Float64Array)[]): string {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(typeof piece === 'string' ? piece : new Uint8Array(piece.buffer))
  return hash.digest('hex')
}

const source: DataOptions['source'] = {
  type: 'inline',
  train: [
    ['a b a', 'Y'],
    ['a', 'X Y'],
  ],
  dev: [['b', 'Y']],
  test: [
    ['a a', 'X'],
    ['a a', 'Y'],
  ],
}

test('of pairs: vocabularies and joiners with sorted keys, then each split', async () => {
  const { digests } = await load({ source }, pairs)
  const symbols = (...own: string[]) =>
    `{"specials":true,"symbols":${JSON.stringify(['<pad>', '<bos>', '<eos>', '<unk>', ...own])}}`
  const vocabularies = `"sourceVocabulary":${symbols('a', 'b')},"targetVocabulary":${symbols('Y', 'X')}`
  expect(digests).toEqual({
    training: sha256(
      `{"joiners":{"source":" ","target":" "},${vocabularies}}`,
      ...['split 2 ', 'ids  ', ...ints(0, 3, 4), ...ints(4, 5, 4, 4), 'ids  ', ...ints(0, 1, 3), ...ints(4, 5, 4)],
      '[null,null]',
      ...['split 1 ', 'ids  ', ...ints(0, 1), ...ints(5), 'ids  ', ...ints(0, 1), ...ints(4)],
      ...['[[["b"]],[["Y"]]]', ...ints(0, 1)],
      ...['vectors 0 ', 'vectors 0 '],
    ),
    test: sha256(
      ...['split 1 ', 'ids  ', ...ints(0, 2), ...ints(4, 4), 'ids  ', ...ints(0, 1), ...ints(5)],
      ...['[[["a","a"]],[["X"],["Y"]]]', ...ints(0, 2)],
    ),
  })
})

test('of a series: widths, scaling and numbers', async () => {
  const steps = { window: 2, horizon: 1, stride: 1, scale: 'none', season: 1 } as const
  const series: DataOptions['source'] = { type: 'series', ...steps, values: [1, 2, 4, 8, 16] }
  const { digests } = await load({ source: series, split: { dev: 1, test: 1 } }, { source: 'values', target: 'values' })
  const split = (...numbers: readonly [number, number, number]) => [
    ...['split 1 ', 'values 1 ', ...ints(0, 2), ...floats(...numbers.slice(0, 2))],
    ...['values 1 ', ...ints(0, 1), ...floats(numbers[2]), '[null,null]'],
  ]
  const scaling = '[{"mean":0,"naiveError":1.5,"name":"series 1","scale":1}]'
  expect(digests).toEqual({
    training: sha256(
      `{"joiners":{"source":" ","target":" "},"scaling":${scaling},"sourceWidth":1,"targetWidth":1}`,
      ...[...split(1, 2, 4), ...split(2, 4, 8), 'vectors 0 ', 'vectors 0 '],
    ),
    test: sha256(...split(4, 8, 16)),
  })
})

/** Whether the training digest is another one after a change to what was encoded. */
async function changes(change: (dataset: Dataset) => Partial<Dataset>, options: Partial<DataOptions> = {}) {
  const { digests, ...encoded } = await load({ source, ...options }, pairs)
  return datasetDigests({ ...encoded, ...change({ digests, ...encoded }) }).training !== digests.training
}

test('training reads vectors and what heads copy, and nothing of test or of the counts', async () => {
  const vectors = (data: number[]) => ({ width: 1, data: Float32Array.from(data), missing: 0 })
  expect(await changes(() => ({ vectors: { source: vectors([1, 2]) } }))).toBe(true)
  expect(await changes(() => ({ vectors: { target: vectors([1, 2]) } }))).toBe(true)
  expect(await changes(({ train }) => ({ test: train }))).toBe(false)
  expect(await changes(({ counts }) => ({ counts: { ...counts, read: 99 } }))).toBe(false)
  const none = new Map<number, string>()
  const rare = { sourceTokens: { ...byWords, minFrequency: 2 }, targetTokens: { ...byWords, minFrequency: 2 } }
  const unknown = (change: (from: NonNullable<Dataset['train']['unknown']>) => Dataset['train']['unknown']) =>
    changes(({ train }) => {
      const from = train.unknown ?? { source: none, target: none }
      const { unknown: _, ...rest } = train
      const to = change(from)
      return { train: { ...rest, ...(to && { unknown: to }) } }
    }, rare)
  // `b` of the first source and `X` of the second target are unknown.
  expect(await unknown((from) => from)).toBe(false)
  expect(await unknown(() => undefined)).toBe(true)
  expect(await unknown(({ target }) => ({ source: none, target }))).toBe(true)
  expect(await unknown(({ source }) => ({ source, target: none }))).toBe(true)
  expect(await unknown(({ source }) => ({ source, target: new Map([[1, 'Z']]) }))).toBe(true)
  expect(await changes(({ train: { unknown: _, ...rest } }) => ({ train: rest }))).toBe(false)
})

test('one unknown token is told from another one, and from none', async () => {
  // `b` alone is unknown: the first source's second token.
  const rare = { sourceTokens: { ...byWords, minFrequency: 2 } }
  const to = (unknown: Dataset['train']['unknown'] & object) =>
    changes(({ train }) => ({ train: { ...train, unknown } }), rare)
  expect(await to({ source: new Map([[1, 'b']]), target: new Map() })).toBe(false)
  expect(await to({ source: new Map([[1, 'c']]), target: new Map() })).toBe(true)
  expect(await to({ source: new Map(), target: new Map() })).toBe(true)
})

test('data that training has no unknown tokens of are the same with and without their (empty) list', async () => {
  const { train } = await load({ source }, pairs)
  expect(train.unknown).toEqual({ source: new Map(), target: new Map() })
})

test('true alignments of test and of dev are of what is tested, each by itself', async () => {
  const { test: split } = await load({ source }, pairs)
  const pieces = [
    ...['split 1 ', 'ids  ', ...ints(0, 2), ...ints(4, 4), 'ids  ', ...ints(0, 1), ...ints(5)],
    ...['[[["a","a"]],[["X"],["Y"]]]', ...ints(0, 2)],
  ]
  const alignments: NonNullable<Dataset['test']['alignments']> = [{ sure: [[0, 1]], possible: [] }]
  const text = JSON.stringify(alignments)
  expect(testDigest(split)).toBe(sha256(...pieces))
  expect(testDigest({ ...split, alignments })).toBe(sha256(...pieces, `alignments ${text}`))
  expect(testDigest(split, alignments)).toBe(sha256(...pieces, `alignments of dev ${text}`))
})

test('numbers as their file has them are of what is tested where float32 loses changes: references, and naive forecasts', async () => {
  const steps = { window: 2, horizon: 2, stride: 1, scale: 'none', season: 1 } as const
  // From 16384 on numbers of float32 are 0.002 apart.
  const series: DataOptions['source'] = { type: 'series', ...steps, values: [1, 2, 3, 4, 5, 6, 16384, 16384.0001] }
  const { test: split } = await load(
    { source: series, split: { dev: 2, test: 2 } },
    { source: 'values', target: 'values' },
  )
  const column = [
    ...['split 1 ', 'values 1 ', ...ints(0, 2), ...floats(5, 6)],
    ...['values 1 ', ...ints(0, 2), ...floats(16384, 16384), '[null,null]'],
  ]
  const reference = Float64Array.of(16384, 16384.0001)
  const references = [...column, 'exact numbers ', '2 ', reference]
  expect(testDigest(split)).toBe(sha256(...references, '2 ', Float64Array.of(6, 6)))
  expect(testDigest({ ...split, exact: { reference } })).toBe(sha256(...references))
})
