import { expect, test } from 'vitest'
import { textTokens } from '../../src/data/encoding/tokenise.js'
import { buildVocabulary, canonicalForms, encoder } from '../../src/data/encoding/vocabulary.js'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { BOS, EOS, PAD, type Sides, sameDigests, UNK } from '../../src/data/types.js'
import { byCharacters, byWords, folder, pairs, rowsOf } from '../support/data.js'

const here = { baseDir: '.' }
const label = { source: 'tokens', target: 'label' } as const
const labels = { source: 'tokens', target: 'labels' } as const
const none = { source: 'tokens', target: 'none' } as const

type Pair = [source: string, target: string]
type Given = { train: Pair[]; dev?: Pair[]; test?: Pair[] }

const load = (sets: Given, more: Partial<DataOptions> = {}, sides: Sides = pairs) =>
  loadDataset({ source: { type: 'inline', ...sets }, ...more }, sides, here)
const failure = (...parameters: Parameters<typeof load>) => load(...parameters).catch((error: unknown) => error)

/** Loads a tagged file split into one sentence each for dev and test. */
async function loadTagged(file: string, more: Partial<DataOptions> = {}) {
  const made = await folder({ 'f.iob': file })
  const source: DataOptions['source'] = { type: 'tagged', file: 'f.iob', format: 'columns', target: 'tags' }
  const split = { seed: 1, keepTogether: 'source', dev: 1, test: 1 } as const
  return loadDataset({ source, split, ...more }, labels, made).finally(made.remove)
}

test('a vocabulary: by falling frequency, equal ones by code points (the order of UTF-8 bytes)', () => {
  const tokens = ['\u{1F600}', '\uFF5E', 'b', 'ab', 'a', 'aa', 'Z', '\u00e9', '\u{1F600}a', 'abc', '10', '9']
  const bytes = tokens.toSorted((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)))
  expect(buildVocabulary([tokens], { specials: false, minFrequency: 1 }).symbols).toEqual(bytes)
  expect(buildVocabulary([tokens.toReversed()], { specials: false, minFrequency: 1 }).symbols).toEqual(bytes)
  const rows = [['c', 'a', 'a'], ['b', 'b', 'a'], ['d']]
  expect(buildVocabulary(rows, { specials: false, minFrequency: 1 }).symbols).toEqual(['a', 'b', 'c', 'd'])
  expect(buildVocabulary(rows, { specials: false, minFrequency: 2 }).symbols).toEqual(['a', 'b'])
  expect(buildVocabulary(rows, { specials: true, minFrequency: 1, maxSize: 1 })).toEqual({
    ...{ symbols: ['<pad>', '<bos>', '<eos>', '<unk>', 'a'], specials: true },
  })
})

test('labels may be spelt like special symbols; tokens that are become unknown', () => {
  const ofLabels = buildVocabulary([['<unk>', 'O', '<pad>', 'O']], { specials: false, minFrequency: 1 })
  expect(ofLabels).toEqual({ symbols: ['O', '<pad>', '<unk>'], specials: false })
  const missing: string[] = []
  expect(['<pad>', 'X', '<unk>'].map(encoder(ofLabels, (token) => missing.push(token)))).toEqual([1, -1, 2])
  const ofTokens = buildVocabulary([['<pad>', 'a']], { specials: true, minFrequency: 1 })
  expect(['a', '<pad>', 'X'].map(encoder(ofTokens, (token) => missing.push(token)))).toEqual([4, 3, 3])
  expect(missing).toEqual(['X', '<pad>', 'X'])
})

test('symbols by their canonical forms, special ones left out', () => {
  expect([...canonicalForms({ symbols: ['<pad>', '<bos>', '<eos>', '<unk>', 'e\u0301'], specials: true })]).toEqual([
    '\u00e9',
  ])
  expect([...canonicalForms({ symbols: ['O', 'e\u0301'], specials: false })]).toEqual(['O', '\u00e9'])
})

test('where tokens became unknown, what they were is kept by place, for heads that copy', async () => {
  const rare = { ...byWords, minFrequency: 2 }
  const sets: Given = {
    train: [
      ['a q a', 'X X'],
      ['r a', 'Y X'],
    ],
    dev: [['s a t', 'X Z']],
    test: [['u', 'V']],
  }
  const { train, dev, test: held } = await load(sets, { sourceTokens: rare, targetTokens: rare })
  expect(rowsOf(train.source)).toEqual([
    [4, 3, 4],
    [3, 4],
  ])
  expect(train.unknown).toEqual({
    source: new Map([
      [1, 'q'],
      [3, 'r'],
    ]),
    target: new Map([[2, 'Y']]),
  })
  expect(dev.unknown).toEqual({
    source: new Map([
      [0, 's'],
      [2, 't'],
    ]),
    target: new Map([[1, 'Z']]),
  })
  expect(held.unknown).toEqual({ source: new Map([[0, 'u']]), target: new Map([[0, 'V']]) })
  const one: Given = { train: [['a', 'X']], dev: [['b', 'X']], test: [['b', 'X']] }
  expect((await load(one, {}, label)).dev).not.toHaveProperty('unknown')
})

test('tokens that are unknown one after the other are all kept', async () => {
  const sets: Given = { train: [['a', 'X']], dev: [['a s t', 'X']], test: [['u v', 'Y Z']] }
  const { dev, test: held } = await load(sets)
  expect(dev.unknown?.source).toEqual(
    new Map([
      [1, 's'],
      [2, 't'],
    ]),
  )
  expect([...(held.unknown?.source.values() ?? []), ...(held.unknown?.target.values() ?? [])].join('')).toBe('uvYZ')
})

test('the versions of ICU and Unicode are named where they split words, and only there', async () => {
  const sets: Given = { train: [['a', 'X']], dev: [['a', 'X']], test: [['a', 'X']] }
  expect(await load(sets, {}, label)).not.toHaveProperty('segmentation')
  const { icu, unicode } = process.versions
  const words = { type: 'words', lowercase: false, normalise: 'none', minFrequency: 1 } as const
  expect((await load(sets, { sourceTokens: words }, label)).segmentation).toBe(`icu ${icu}, unicode ${unicode}`)
})

test('without a tokenizer a whole text is one token, also one of several words', () => {
  expect(textTokens(undefined)([' a', 'b '])).toEqual(['a b'])
  expect(textTokens(undefined)(' ')).toEqual([])
})

test('special symbols are the first of a vocabulary, in this order', () => {
  expect([PAD, BOS, EOS, UNK]).toEqual([0, 1, 2, 3])
  const { symbols } = buildVocabulary([['a']], { specials: true, minFrequency: 1 })
  expect([PAD, BOS, EOS, UNK].map((id) => symbols[id])).toEqual(['<pad>', '<bos>', '<eos>', '<unk>'])
})

test('running text: one column, one joiner, no tokens to copy', async () => {
  const source: DataOptions['source'] = { type: 'text', text: 'ab\nba\ncab', unit: 'line' }
  const options: DataOptions = { source, sourceTokens: byCharacters, split: { seed: 2, dev: 1, test: 1 } }
  const { train, dev, joiners, counts } = await loadDataset(options, none, here)
  expect(joiners).toEqual({ source: '', target: '' })
  expect(dev.target).toBe(dev.source)
  expect(train).not.toHaveProperty('unknown')
  expect(counts).not.toHaveProperty('tags')
})

test('held-out tags are cut with their source, and that is counted once', async () => {
  const sets: Given = { train: [['a b', 'O X']], dev: [['a b a b', 'O X O X']], test: [['a b', 'O X']] }
  const { dev, counts } = await load(sets, { sourceTokens: { ...byWords, maxLength: 3 } }, labels)
  expect([rowsOf(dev.source), rowsOf(dev.target)]).toEqual([[[4, 5, 4]], [[0, 1, 0]]])
  expect(dev.references?.texts).toEqual([['O', 'X', 'O', 'X']])
  expect(counts.cut).toEqual({ 'dev source longer than 3': 1 })
  expect(counts.tags).toMatchObject({ plain: { O: 1, X: 1 } })
})

test('what is as long as allowed stays; longer targets are left out of training, and cut in held-out sets', async () => {
  const sets: Given = {
    train: [
      ['a', 'X X'],
      ['a a', 'X'],
      ['a', 'X X X'],
    ],
    dev: [['a', 'X X X']],
    test: [['a', 'X']],
  }
  const two = { ...byWords, maxLength: 2 }
  const { train, dev, counts } = await load(sets, { sourceTokens: two, targetTokens: two })
  expect(train.size).toBe(2)
  expect(counts.dropped).toEqual({ 'train target longer than 2': 1 })
  expect(counts.cut).toEqual({ 'dev target longer than 2': 1 })
  expect(rowsOf(dev.target)).toEqual([[4, 4]])
})

test('empty sides are left out and counted; a set without any example is an error', async () => {
  const sets: Given = {
    train: [
      ['a', 'X'],
      [' ', 'X'],
      ['a', ''],
    ],
    dev: [['a', 'X']],
    test: [['a', 'X']],
  }
  expect((await load(sets)).counts).toMatchObject({
    ...{ read: 5, kept: { train: 1, dev: 1, test: 1 } },
    dropped: { 'empty source': 1, 'empty target': 1 },
  })
  expect((await load(sets, {}, label)).counts.dropped).toEqual({ 'empty source': 1, 'empty target': 1 })
  expect(await failure({ ...sets, dev: [['a', ' ']] })).toMatchObject({
    ...{ code: 'data', message: 'data: no dev examples are left', hint: 'every one has an empty side, or is too long' },
  })
})

test('comments and beginnings of documents are no examples: left out, counted, and not read', async () => {
  const file = '-DOCSTART- O\n\n# is one\na O\n\nb O\n\n# is two\nc O\n'
  const { counts } = await loadTagged(file)
  expect(counts.read).toBe(3)
  expect(counts.dropped).toEqual({ '-DOCSTART- line': 1, 'comment line': 2 })
})

test('tokens of a file stay whole; as characters they would be more than their tags', async () => {
  const file = 'ab X\n\ncd X\n\nef X\n'
  expect((await loadTagged(file)).sourceVocabulary?.symbols.slice(4).join()).toMatch(/^(ab|cd|ef)$/)
  await expect(loadTagged(file, { sourceTokens: byCharacters })).rejects.toMatchObject({
    message: 'f.iob:1: each source token needs one label; expected 2 labels for "ab", received 1 in "X"',
  })
})

test('labels are in composed form, unless the decomposed one is asked for; other targets are as written', async () => {
  const [composed, decomposed] = ['\u00e9', 'e\u0301']
  const sets = (target: string): Given => ({ train: [['a', target]], dev: [['a', target]], test: [['a', target]] })
  const symbols = async (target: string, more: Partial<DataOptions>, sides: Sides) =>
    (await load(sets(target), more, sides)).targetVocabulary?.symbols.at(-1)
  expect(await symbols(decomposed, {}, labels)).toBe(composed)
  expect(await symbols(composed, { targetTokens: { ...byWords, normalise: 'NFD' } }, labels)).toBe(decomposed)
  expect(await symbols(decomposed, {}, label)).toBe(composed)
  expect(await symbols(decomposed, {}, pairs)).toBe(decomposed)
})

test('sources of different words are different, whichever letters they make together', async () => {
  const held: Pair[] = [
    ['a bc', 'X'],
    ['ab c', 'Y'],
  ]
  const { dev, counts } = await load({ train: [['abc', 'X']], dev: held, test: held })
  expect(dev.references?.texts).toEqual([['X'], ['Y']])
  expect(dev.size).toBe(2)
  expect(counts.seenInTraining).toEqual({})
})

test('only what is not given is split off', async () => {
  const train = ['a', 'b', 'c', 'd', 'e'].map((source): Pair => [source, 'X'])
  const given: Pair[] = [['z', 'X']]
  const sizes = async (sets: Given, split: NonNullable<DataOptions['split']>) => {
    const data = await load(sets, { split })
    return [data.train.size, data.dev.size, data.test.size]
  }
  expect(await sizes({ train, dev: given }, { test: 2 })).toEqual([3, 1, 2])
  expect(await sizes({ train, test: given }, { dev: 2 })).toEqual([3, 2, 1])
  // A share that would be none is one.
  expect(await sizes({ train }, { dev: 0.01, test: 0.4 })).toEqual([2, 1, 2])
})

test('sources of training are counted in the set that is given, while the other is split off', async () => {
  const train = ['a', 'b', 'c', 'd', 'e'].map((source): Pair => [source, 'X'])
  const seen = async (sets: Given, split: NonNullable<DataOptions['split']>) =>
    (await load(sets, { split })).counts.seenInTraining
  // All five are given once more: of the three that stay in training three are seen.
  expect(await seen({ train, test: train }, { dev: 2 })).toEqual({ test: 3 })
  expect(await seen({ train, dev: train }, { test: 2 })).toEqual({ dev: 3 })
  expect(await seen({ train }, { dev: 2, test: 2 })).toEqual({})
})

test('what would leave nothing for training is an error with both sizes', async () => {
  const train = ['a', 'b', 'c'].map((source): Pair => [source, 'X'])
  const options = { source: { type: 'inline' as const, examples: train }, split: { dev: 1, test: 2 } }
  await expect(loadDataset(options, pairs, here)).rejects.toMatchObject({
    message:
      'data.split: nothing would be left for training; expected dev and test to be fewer than the 3 different sources, received 1 + 2',
    hint: 'set data.split.dev and data.split.test (counts, or fractions below 1)',
  })
})

test('pairs whose targets differ in their Unicode form alone are kept together', async () => {
  const examples = ['\u00e9', 'e\u0301', 'X'].map((target): Pair => ['a', target])
  const split = { seed: 1, keepTogether: 'pair', dev: 1, test: 1 } as const
  const error = await loadDataset({ source: { type: 'inline', examples }, split }, pairs, here).catch(
    (thrown: unknown) => thrown,
  )
  expect(error).toMatchObject({ message: expect.stringContaining('the 2 different sources') })
})

test('where pairs are split by themselves, sources of dev and test that are in training too are counted', async () => {
  const seen = async (source: object, split?: DataOptions['split']) => {
    const inline = { type: 'inline', ...source } as DataOptions['source']
    const options = { source: inline, references: 'separate' as const, ...(split && { split }) }
    return (await loadDataset(options, pairs, here)).counts.seenInTraining
  }
  // One source with ten targets: wherever it is split, it is in every set.
  const one = Array.from({ length: 10 }, (_, at): Pair => ['a', `t${at}`])
  expect(await seen({ examples: one }, { seed: 1, keepTogether: 'pair', dev: 3, test: 2 })).toEqual({ dev: 3, test: 2 })
  // Given sets are as they were given.
  expect(await seen({ train: one.slice(0, 7), dev: one.slice(7, 9), test: one.slice(9) })).toEqual({ dev: 2, test: 1 })
  const six = Array.from({ length: 6 }, (_, at): Pair => [`s${at}`, 't'])
  expect(await seen({ examples: six }, { seed: 1, keepTogether: 'source', dev: 1, test: 1 })).toEqual({})
})

test('the seed of a limit decides which examples are taken; other sets stay whole', async () => {
  const all = Array.from({ length: 30 }, (_, at): Pair => [`w${at}`, `t${at}`])
  const taken = async (seed: number) => {
    const limit = { seed, train: 10 }
    const data = await load({ train: all, dev: all.slice(0, 4), test: all.slice(0, 3) }, { limit })
    expect([data.train.size, data.dev.size, data.test.size]).toEqual([10, 4, 3])
    return data.sourceVocabulary?.symbols
  }
  expect(await taken(1)).toEqual(await taken(1))
  expect(await taken(1)).not.toEqual(await taken(2))
})

test('digests are the same only where both parts are', () => {
  const digests = { training: 'a', test: 'b' }
  expect(sameDigests(digests, { ...digests })).toBe(true)
  expect(sameDigests(digests, { ...digests, test: 'c' })).toBe(false)
  expect(sameDigests(digests, { ...digests, training: 'c' })).toBe(false)
})

test('several labels where a task has one are refused with their line, and a list of one is its text', async () => {
  const of = async (written: string) => {
    const lines = ['"x"', written, '["y"]', '"y"'].map((target, at) => `{"source": "s${at}", "target": ${target}}\n`)
    const made = await folder({ 'l.jsonl': lines.join('') })
    const source: DataOptions['source'] = {
      type: 'jsonl',
      file: 'l.jsonl',
      sourceColumn: 'source',
      targetColumn: 'target',
    }
    const split = { seed: 1, keepTogether: 'source', dev: 1, test: 1 } as const
    return loadDataset({ source, sourceTokens: byWords, split }, label, made).finally(made.remove)
  }
  await expect(of('["x", "y"]')).rejects.toThrow(
    'l.jsonl:2: 2 labels for one example; this task has one; expected a text, or a list of one, received ["x","y"]',
  )
  const { counts, train, dev, test: held } = await of('["x"]')
  expect(counts).toMatchObject({ read: 4, dropped: {} })
  const found = [dev, held].flatMap(({ references }) => references?.texts.flat() ?? [])
  expect([...found, ...rowsOf(train.target)].length).toBe(4)
  expect(new Set(found)).not.toContain('["x"]')
  expect((await of('[]')).counts.dropped).toEqual({ 'empty target': 1 })
})

test('data of which nothing is an example are told as that, before they are split', async () => {
  const made = await folder({ 'l.jsonl': '{"source": "", "target": "x"}\n{"source": "a", "target": " "}\n' })
  const source: DataOptions['source'] = {
    type: 'jsonl',
    file: 'l.jsonl',
    sourceColumn: 'source',
    targetColumn: 'target',
  }
  const found = loadDataset({ source, split: { dev: 1, test: 1 } }, label, made).finally(made.remove)
  await expect(found).rejects.toMatchObject({
    message: 'data: there is no example',
    hint: expect.stringContaining('every one has an empty side'),
  })
})
