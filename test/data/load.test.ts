import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { SeqlabError } from '../../src/core/errors.js'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { shareDataset } from '../../src/data/share.js'
import { cmudict } from '../../src/data/sources/cmudict.js'
import { byCharacters, byWords, folder, pairs, rowsOf } from '../support/data.js'

const here = { baseDir: '.' }

/** Loads with files of its own. */
async function load(files: Record<string, string | Uint8Array>, options: DataOptions, sides = pairs) {
  const made = await folder(files)
  return loadDataset(options, sides, made).finally(made.remove)
}

async function failure(files: Record<string, string | Uint8Array>, options: DataOptions, sides = pairs) {
  const error = await load(files, options, sides).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(SeqlabError)
  return error as SeqlabError
}

const tsvOf = (source: { file?: string; train?: string; dev?: string; test?: string }): DataOptions['source'] => ({
  type: 'tsv',
  sourceColumn: 1,
  targetColumn: 2,
  header: false,
  ...source,
})
const smallSplit = { seed: 1, keepTogether: 'source', dev: 1, test: 1 } as const

describe('three given sets', () => {
  const files = {
    'train.tsv': 'b a\tX Y\nb\tX\n\n\u{1F600} b\tY\n',
    'dev.tsv': 'a b\tX\na b\tY\na b\tX\nq\tZ\n',
    'test.tsv': 'b\tX\r\n',
  }
  const options: DataOptions = { source: tsvOf({ train: 'train.tsv', dev: 'dev.tsv', test: 'test.tsv' }) }

  test('vocabularies come from training: by frequency, then by code points', async () => {
    const data = await load(files, options)
    // b three times; a (U+0061) before the smiley (U+1F600), once each.
    expect(data.sourceVocabulary?.symbols).toEqual(['<pad>', '<bos>', '<eos>', '<unk>', 'b', 'a', '\u{1F600}'])
    expect(data.targetVocabulary?.symbols).toEqual(['<pad>', '<bos>', '<eos>', '<unk>', 'X', 'Y'])
    expect(rowsOf(data.train.source)).toEqual([[4, 5], [4], [6, 4]])
    expect(rowsOf(data.train.target)).toEqual([[4, 5], [4], [5]])
  })

  test('held-out readings of one source are one example with several references', async () => {
    const { dev, counts } = await load(files, options)
    expect(dev.size).toBe(2)
    expect(dev.sourceTexts).toEqual([['a', 'b'], ['q']])
    expect(dev.references?.texts).toEqual([['X'], ['Y'], ['Z']])
    expect([...(dev.references?.offsets ?? [])]).toEqual([0, 2, 3])
    expect(rowsOf(dev.source)).toEqual([[5, 4], [3]])
    expect(rowsOf(dev.target)).toEqual([[4], [3]])
    expect(counts).toEqual({
      read: 9,
      kept: { train: 3, dev: 2, test: 1 },
      dropped: { 'empty source': 1 },
      cut: {},
      seenInTraining: { test: 1 },
      unknownTokens: { 'dev source': 1, 'dev target': 1 },
      merged: { dev: { read: 4, examples: 2 } },
    })
    expect((await load(files, { ...options, references: 'separate' })).counts).not.toHaveProperty('merged')
  })

  test('separate references keep every line', async () => {
    const { dev } = await load(files, { ...options, references: 'separate' })
    expect(dev.references?.texts).toEqual([['X'], ['Y'], ['X'], ['Z']])
  })

  test('gzipped files give the same digest, one changed token another', async () => {
    const plain = await load(files, options)
    const zipped = await load({ ...files, 'train.tsv': gzipSync(files['train.tsv']) }, options)
    const changed = await load({ ...files, 'test.tsv': 'b\tY\n' }, options)
    expect(zipped.digests).toEqual(plain.digests)
    expect(changed.digests.test).not.toBe(plain.digests.test)
    expect(changed.digests.training).toBe(plain.digests.training)
    for (const digest of Object.values(plain.digests)) expect(digest).toMatch(/^[0-9a-f]{64}$/)
  })

  test('long training examples are left out, held-out ones are cut, references stay whole', async () => {
    const short: DataOptions = { ...options, sourceTokens: { ...byWords, maxLength: 1 }, targetTokens: byWords }
    const { train, dev, counts } = await load(files, short)
    expect(rowsOf(train.source)).toEqual([[4]])
    expect(dev.sourceTexts?.[0]).toEqual(['a', 'b'])
    expect(rowsOf(dev.source)[0]).toHaveLength(1)
    expect(counts.dropped).toEqual({ 'empty source': 1, 'train source longer than 1': 2 })
    expect(counts.cut).toEqual({ 'dev source longer than 1': 1 })
  })

  test('rare tokens fold into unk: minFrequency, maxSize, lowercase', async () => {
    const fold = { ...byWords, minFrequency: 2 }
    const { sourceVocabulary, counts } = await load(files, { ...options, sourceTokens: fold })
    expect(sourceVocabulary?.symbols.slice(4)).toEqual(['b'])
    expect(counts.unknownTokens['train source']).toBe(2)
    const small = await load(files, { ...options, targetTokens: { ...byWords, maxSize: 1, lowercase: true } })
    expect(small.targetVocabulary?.symbols.slice(4)).toEqual(['x'])
  })

  test('a token spelt like a special symbol is an unknown token', async () => {
    const data = await load({ ...files, 'train.tsv': 'a <pad>\tX\n' }, options)
    expect(rowsOf(data.train.source)).toEqual([[4, 3]])
    expect(data.counts.unknownTokens['train source']).toBe(1)
  })
})

describe('one set, split by seed', () => {
  const lines = Array.from({ length: 60 }, (_, at) => `w${at % 40}\tt${at}`).join('\n')
  const options: DataOptions = { source: tsvOf({ file: 'all.tsv' }), split: { ...smallSplit, dev: 5, test: 0.25 } }

  test('no held-out source is in training; counts and shares are kept to', async () => {
    const data = await load({ 'all.tsv': lines }, options)
    expect(data.dev.size).toBe(5)
    expect(data.test.size).toBe(10)
    const trained = new Set(data.sourceVocabulary?.symbols)
    for (const [word = ''] of [...(data.dev.sourceTexts ?? []), ...(data.test.sourceTexts ?? [])]) {
      expect(trained.has(word)).toBe(false)
    }
    const held = (data.dev.references?.texts.length ?? 0) + (data.test.references?.texts.length ?? 0)
    expect(data.train.size + held).toBe(60)
  })

  test('the seed decides, and nothing else', async () => {
    const digests = [13, 13, 14].map(async (seed) => {
      const split = { ...smallSplit, dev: 5, test: 10, seed }
      return (await load({ 'all.tsv': lines }, { ...options, split })).digests
    })
    const [first, again, other] = await Promise.all(digests)
    expect(again).toEqual(first)
    expect(other?.training).not.toBe(first?.training)
    expect(other?.test).not.toBe(first?.test)
  })

  test('limits take seeded subsets; the larger contains the smaller', async () => {
    const limited = async (train: number) => {
      const data = await load({ 'all.tsv': lines }, { ...options, limit: { seed: 3, train, test: 4 } })
      expect(data.test.size).toBe(4)
      expect(data.train.size).toBe(train)
      const { read, kept, dropped } = data.counts
      expect([read, kept.train, dropped['test beyond the limit']]).toEqual([60, train, 10 - 4])
      return data.targetVocabulary?.symbols.slice(4) ?? []
    }
    const [few, more] = [await limited(5), await limited(9)]
    expect(more).toEqual(expect.arrayContaining(few))
  })

  test('keeping only pairs together lets a source appear in two splits', async () => {
    const source = { type: 'inline' as const, examples: ['1', '2', '3', '4'].map((t): [string, string] => ['x', t]) }
    const data = await loadDataset({ source, split: { ...smallSplit, keepTogether: 'pair' } }, pairs, here)
    expect([data.train.size, data.dev.size, data.test.size]).toEqual([2, 1, 1])
    expect(data.counts.unknownTokens['dev source']).toBeUndefined()
  })
})

describe('labels', () => {
  const source = (target: string): DataOptions['source'] => ({
    type: 'inline',
    train: [['to Oslo from Bergen', target]],
    dev: [['to Bergen', 'O other']],
    test: [['Oslo', 'dest']],
  })
  const tags = { source: 'tokens', target: 'labels' } as const

  test('tags have no specials; one never seen in training is marked and counted', async () => {
    const data = await loadDataset({ source: source('O dest O origin') }, tags, here)
    expect(data.targetVocabulary).toEqual({ symbols: ['O', 'dest', 'origin'], specials: false })
    expect(rowsOf(data.dev.target)).toEqual([[0, -1]])
    expect(data.counts.unknownTokens).toEqual({ 'dev target': 1 })
  })

  test('each token needs its tag', async () => {
    await expect(loadDataset({ source: source('O dest') }, tags, here)).rejects.toThrow(
      'inline train example 1: each source token needs one label; expected 4 labels',
    )
  })

  test('a label is the whole target', async () => {
    const one: DataOptions['source'] = {
      type: 'inline',
      train: [['a', 'New  York']],
      dev: [['a', ' X ']],
      test: [['a', 'X']],
    }
    const data = await loadDataset({ source: one }, { source: 'tokens', target: 'label' }, here)
    expect(data.targetVocabulary?.symbols).toEqual(['New  York'])
    expect(data.dev.references?.texts).toEqual([['X']])
  })
})

describe('bad data', () => {
  const tsv: DataOptions = { source: tsvOf({ file: 'a.tsv' }), split: smallSplit }
  const cases: [string, Record<string, string | Uint8Array>, string][] = [
    ['a missing file', {}, 'a.tsv: there is no such file'],
    ['an empty file', { 'a.tsv': '\n \n' }, 'a.tsv: the file is empty'],
    [
      'a missing column',
      { 'a.tsv': 'x\ty\nx\n' },
      'a.tsv:2: the line has a wrong number of columns; expected at least 2, received 1',
    ],
    ['a surplus column', { 'a.tsv': 'x\ty\nx\ty\tz\n' }, 'a.tsv:2: the line has a wrong number of columns; expected 2'],
    [
      'invalid UTF-8',
      { 'a.tsv': Buffer.from([0x61, 9, 0x62, 10, 0xff, 9, 0x62]) },
      'a.tsv:2: this line is not valid UTF-8',
    ],
    ['a torn gzip file', { 'a.tsv': gzipSync('x\ty\n').subarray(0, 15) }, 'a.tsv: the gzipped file is cut off'],
    ['an endless line', { 'a.tsv': `x\ty\n${'x'.repeat(1_000_001)}\ty` }, 'a.tsv:2: the line is too long'],
    ['too little to split', { 'a.tsv': 'x\ty\nz\ty\n' }, 'nothing would be left for training'],
    ['nothing but empty sides', { 'a.tsv': 'x\t\nz\t\nw\t \n' }, 'data: there is no example'],
  ]
  test.each(cases)('%s', async (_, files, message) => {
    const error = await failure(files, tsv)
    expect(error.code).toBe('data')
    expect(error.message).toContain(message)
  })

  test('parallel files of different lengths', async () => {
    const options: DataOptions = { source: { type: 'parallel', files: { source: 'a', target: 'b' } } }
    const error = await failure({ a: 'x\ny\nz\n', b: 'x\ny\n' }, options)
    expect(error.message).toBe('b:2: the file ends too early; expected 3 lines, as in a, received 2')
    expect(error.problems[0]?.place).toEqual({ file: 'b', line: 2 })
  })

  test('a name that says gzip for a file that is not', async () => {
    const error = await failure({ 'a.gz': 'x\ty' }, { ...tsv, source: tsvOf({ file: 'a.gz' }) })
    expect(error.message).toContain('is not gzipped')
  })
})

test('cmudict: the text of its package has every entry that its module has', async () => {
  const { train } = await cmudict.build({}).read(here)
  const { dictionary } = await import('cmu-pronouncing-dictionary')
  const withoutComments = Object.entries(dictionary).map(([key, spoken]) => ({
    source: key.replace(/\(\d+\)$/, ''),
    target: spoken.replace(/#.*$/, '').trim().replace(/\d/g, '').split(' '),
    where: `cmudict "${key}"`,
  }))
  const lines = (examples: Iterable<object>) => Array.from(examples, (example) => JSON.stringify(example)).join('\n')
  expect(lines(train) === lines(withoutComments)).toBe(true)
})

test('cmudict: 39 phonemes, no comments, no held-out word in training', async () => {
  const options: DataOptions = {
    source: { type: 'cmudict' },
    sourceTokens: byCharacters,
    split: { seed: 13, keepTogether: 'source', dev: 1000, test: 2000 },
  }
  const data = await loadDataset(options, pairs, here)
  expect(data.targetVocabulary?.symbols).toHaveLength(4 + 39)
  expect(data.dev.size).toBe(1000)
  expect(data.test.size).toBe(2000)
  expect(data.train.size).toBeGreaterThan(130_000)
  const id = new Map(data.sourceVocabulary?.symbols.map((letter, at) => [letter, at]))
  const words = [...(data.dev.sourceTexts ?? []), ...(data.test.sourceTexts ?? [])]
  const held = new Set(words.map((word) => word.map((letter) => id.get(letter)).join()))
  const { data: ids, offsets } = data.train.source
  let seen = 0
  for (let row = 0; row < data.train.size; row++) {
    if (held.has(ids.subarray(offsets[row], offsets[row + 1]).join())) seen += 1
  }
  expect([held.size, seen]).toEqual([3000, 0])
})

test('a shared dataset holds the same numbers in shared memory', async () => {
  const source: DataOptions['source'] = { type: 'inline', train: [['a b', 'X']], dev: [['a', 'X']], test: [['b', 'X']] }
  const data = await loadDataset({ source }, pairs, here)
  const shared = shareDataset(data)
  expect(shared).toEqual(data)
  expect(shared.train.source.data.buffer).toBeInstanceOf(SharedArrayBuffer)
})

test('examples that may be read otherwise than they were meant are counted, with where the first is', async () => {
  const rows = ['"', 'a', '"I came,', '"so', 'end'].map((source, at) => `${source}\t${at === 2 ? 'venu"' : 'x"y"'}`)
  const files = { x: `${rows.join('\n')}\nb\tc\n"d\te"\n` }
  const { counts } = await load(files, { source: tsvOf({ file: 'x' }), split: { dev: 1, test: 1 } })
  // A quote alone opens nothing that a later cell closes, and `x"y"` has quotes in pairs.
  expect(counts.doubted).toEqual({ 'tab between quotes': { examples: 2, first: 'x:3' } })
})
