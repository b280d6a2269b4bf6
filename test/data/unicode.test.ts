import { expect, test } from 'vitest'
import { sourceKeyOf } from '../../src/data/encoding/split.js'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { linesOf } from '../../src/data/reading/files.js'
import { byCharacters, byWords, folder, pairs } from '../support/data.js'

const words = ['caf\u00e9', 'na\u00efve', 'se\u00f1or', '\u00fcber', 'd\u00e9j\u00e0', 'p\u00e2t\u00e9']
const twins = words.flatMap((word): [string, string][] => [
  [word, 'X'],
  [word.normalize('NFD'), 'Y'],
])
const here = { baseDir: '.' }
const load = (options: Partial<DataOptions>) =>
  loadDataset({ source: { type: 'inline', examples: twins }, targetTokens: byWords, ...options }, pairs, here)

test.each([byWords, byCharacters])('canonically equal sources are never split: %o', async (sourceTokens) => {
  const { train, dev, test } = await load({ sourceTokens, split: { seed: 1, keepTogether: 'source', dev: 1, test: 2 } })
  // Both forms of a word are one example with two references.
  expect([train.size, dev.size, test.size]).toEqual([6, 1, 2])
  expect(test.references?.texts).toEqual([['X'], ['Y'], ['X'], ['Y']])
})

test('what tells sources apart is composed: characters below U+0300 are so next to any other of them', () => {
  const key = sourceKeyOf('')
  expect(key({ source: ['e', '\u0301'] })).toBe('\u00e9')
  expect(key({ source: ['\u0340'] })).toBe('\u0300')
  const all = Array.from({ length: 0x300 }, (_, code) => String.fromCharCode(code))
  for (const first of all) {
    const after = all.map((second) => first + second).join('')
    expect(key({ source: [after] })).toBe(after.normalize('NFC'))
  }
})

test('held-out sources that are in training in another form are counted, and so are such tokens', async () => {
  const [first, second] = [twins.slice(0, 2), twins.slice(2, 4)]
  const source: DataOptions['source'] = { type: 'inline', train: first.slice(0, 1), dev: first.slice(1), test: second }
  const { counts } = await load({ source, sourceTokens: byWords })
  expect(counts.seenInTraining).toEqual({ dev: 1 })
  expect(counts.unknownTokens['dev source']).toBe(1)
  expect(counts.otherForm).toEqual({ 'dev source': 1 })
  const composed = await load({ source, sourceTokens: { ...byWords, normalise: 'NFC' } })
  expect(composed.counts.unknownTokens['dev source']).toBeUndefined()
  expect(composed.counts.otherForm).toBeUndefined()
})

test.each([
  // The letter without its mark is no character of training.
  ['decomposed', 'caf\u00e9', 'cafe\u0301', 2],
  ['composed', 'cafe\u0301', 'caf\u00e9', 1],
  ['really unknown', 'caf\u00e9', 'cafx', undefined],
])(
  'characters that are %s in held-out texts are counted by what their text is in training',
  async (_, train, held, forms) => {
    const source: DataOptions['source'] = {
      type: 'inline',
      train: [[train, train]],
      dev: [[held, held]],
      test: [[held, held]],
    }
    const { counts } = await load({ source, sourceTokens: byCharacters, targetTokens: byCharacters })
    expect(counts.unknownTokens['dev source']).toBe(forms ?? 1)
    expect(counts.otherForm).toEqual(
      forms && { 'dev source': forms, 'dev target': forms, 'test source': forms, 'test target': forms },
    )
  },
)

test('canonically equal labels are one label', async () => {
  const source: DataOptions['source'] = {
    type: 'inline',
    train: [['a', '\u00e9']],
    dev: [['b', 'e\u0301']],
    test: [['c', 'e\u0301']],
  }
  for (const target of ['label', 'labels'] as const) {
    const { targetVocabulary, counts } = await loadDataset({ source }, { source: 'tokens', target }, here)
    expect(targetVocabulary?.symbols).toEqual(['\u00e9'])
    expect(counts.unknownTokens['dev target']).toBeUndefined()
  }
})

test('where ICU decides what a token is, its version is part of the data', async () => {
  const split = { seed: 1, keepTogether: 'source', dev: 1, test: 2 } as const
  const of = async (sourceTokens: DataOptions['sourceTokens']) =>
    (await load({ split, ...(sourceTokens && { sourceTokens }) })).segmentation
  const { icu, unicode } = process.versions
  expect(await of(byWords)).toBeUndefined()
  expect(await of(byCharacters)).toBeUndefined()
  expect(await of({ ...byWords, type: 'characters', unit: 'grapheme' })).toBe(`icu ${icu}, unicode ${unicode}`)
  expect(await of({ ...byWords, type: 'words' })).toBe(`icu ${icu}, unicode ${unicode}`)
})

test('lines end with LF, CRLF, or CR where there is no LF', () => {
  const lines = (text: string) => linesOf(Buffer.from(text), 'f')
  expect(lines('a\rb\r\rc\r')).toEqual(['a', 'b', '', 'c'])
  expect(lines('a\r\nb\nc\rd\n')).toEqual(['a', 'b', 'c\rd'])
  expect(() => linesOf(Buffer.from([97, 13, 98, 13, 255, 13]), 'f')).toThrow('f:3: this line is not valid UTF-8')
})

test('tokens with spaces in them stay whole', async () => {
  const made = await folder({ 'f.iob': 'New York\tB-X\n10\u00a0000\tO\n\n\u3000\tO\n\nnew york\tB-X\n' })
  const source: DataOptions['source'] = { type: 'tagged', file: 'f.iob', format: 'columns', target: 'tags' }
  const options: DataOptions = { source, split: { seed: 1, dev: 1, test: 1 } }
  const data = await loadDataset(options, { source: 'tokens', target: 'labels' }, made).finally(made.remove)
  const { train, dev, test } = data
  const held = [...(dev.sourceTexts ?? []), ...(test.sourceTexts ?? [])]
  const trained = data.sourceVocabulary?.symbols.slice(4) ?? []
  expect([...held.flat(), ...trained].sort()).toEqual(['10\u00a0000', 'New York', 'new york', '\u3000'].sort())
  expect(train.size).toBe(1)
})
