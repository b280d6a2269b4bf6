import { expect, test } from 'vitest'
import { joinTokens } from '../../src/core/pieces.js'
import { textTokens } from '../../src/data/encoding/tokenise.js'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { comparable, scoredExample } from '../../src/task/examples.js'
import { byWords, pairs, rowsOf } from '../support/data.js'

const words = ['haus', 'hausboot', 'boot', 'bootshaus', 'garten', 'gartenhaus', 'hausgarten', 'bootgarten']
const pair = (word: string): [string, string] => [`das ${word}`, `the  ${word}`]
const common = { lowercase: false, normalise: 'none', minFrequency: 1 } as const
const bpe = { type: 'bpe', byteFallback: false, ...common } as const

function load(more: Partial<DataOptions> = {}, held = 'zwölf') {
  const sets = { train: words.map(pair), dev: [pair('haus')], test: [pair(held), pair('bootshaus')] }
  const options = { source: { type: 'inline' as const, ...sets }, sourceTokens: bpe, targetTokens: bpe, ...more }
  return loadDataset(options, pairs, { baseDir: '' })
}

test('pieces are learned from the training split alone, and are part of its digest', async () => {
  const [one, other] = [await load(), await load({}, 'something else')]
  expect(one.learned?.source?.pieces.join('')).not.toContain('z')
  expect(other.digests.training).toBe(one.digests.training)
  const fewer = await load({ sourceTokens: { ...bpe, vocabularySize: 20 } })
  expect(fewer.digests.training).not.toBe(one.digests.training)
  expect(fewer.sourceVocabulary?.symbols).toHaveLength(24)
})

test('every set is cut into the pieces that were learned: each side that learns some', async () => {
  const small = { ...bpe, vocabularySize: 14 }
  const dataset = await load({ sourceTokens: small, targetTokens: byWords }, 'hausboot')
  const symbolsOf = (side: 'source' | 'target') => dataset[`${side}Vocabulary`]?.symbols ?? []
  const rows = (set: 'train' | 'dev' | 'test', side: 'source' | 'target') =>
    rowsOf(dataset[set][side]).map((row) => row.map((id) => symbolsOf(side)[id] ?? ''))
  const sets = { train: words, dev: ['haus'], test: ['hausboot', 'bootshaus'] }
  for (const [set, texts] of Object.entries(sets)) {
    const cut = rows(set as keyof typeof sets, 'source')
    expect(cut.map((pieces) => pieces.join(''))).toEqual(texts.map((text) => `▁das▁${text}`))
    expect(cut.every((pieces) => pieces.length > 2)).toBe(true)
  }
  expect(rows('train', 'target')).toEqual(words.map((word) => ['the', word]))
  expect(rows('test', 'target')).toEqual([
    ['the', 'hausboot'],
    ['the', 'bootshaus'],
  ])
})

test('pieces are learned from the examples that a limit leaves', async () => {
  const limited = await load({ limit: { train: 1, seed: 13 } })
  expect(limited.train.size).toBe(1)
  const [text = ''] = words.filter((word) => limited.learned?.source?.pieces.includes(`▁${word}`))
  expect(new Set(limited.learned?.source?.pieces.join(''))).toEqual(new Set(`▁das▁${text}`))
  expect(limited.counts.dropped).toEqual({ 'train beyond the limit': words.length - 1 })
})

test('examples of a set without tokenizers that learn have no learned state', async () => {
  const whitespace = { type: 'whitespace', ...common } as const
  expect(await load({ sourceTokens: whitespace, targetTokens: whitespace })).not.toHaveProperty('learned')
})

test('references keep their text, and metrics compare its words', async () => {
  const dataset = await load()
  const { test: split, targetVocabulary, joiners } = dataset
  expect(joiners).toEqual({ source: '▁', target: '▁' })
  const texts = split.references?.texts.map((tokens) => joinTokens(tokens, joiners.target))
  expect(texts).toEqual(['the  zwölf', 'the  bootshaus'])
  // Another way of cutting the same text is no error.
  const symbols = targetVocabulary?.symbols ?? []
  const ids = [...'▁the▁▁bootshaus'].map((character) => symbols.indexOf(character))
  const prediction = { ids, score: 0, crossEntropyNats: 1, crossEntropyTokens: 1 }
  const scored = comparable(dataset, scoredExample(dataset, split, 1, prediction), prediction)
  expect(scored.hypothesis).toEqual(['the', 'bootshaus'])
  expect(scored.references).toEqual([['the', 'bootshaus']])
  expect(scored.joiner).toBe(' ')
})

test('tokens that a source keeps apart, lowercase and normalisation are as for other tokenizers', async () => {
  const { learned } = await load({ sourceTokens: { ...bpe, normalise: 'NFD', lowercase: true } })
  const upper = await load({ sourceTokens: { ...bpe, normalise: 'NFC', lowercase: true } })
  expect(learned?.source?.pieces).toEqual(upper.learned?.source?.pieces)
})

test('a size that cannot be learned is an error with its place', async () => {
  await expect(load({ targetTokens: { ...bpe, vocabularySize: 5000 } })).rejects.toThrow(
    /^data\.targetTokens\.vocabularySize: so many pieces cannot be learned .*expected at most \d+, received 5000$/,
  )
})

test('a text that is read later is normalised as those of training were', async () => {
  const composed = { ...bpe, normalise: 'NFC' } as const
  const { learned } = await load({ sourceTokens: composed, targetTokens: composed }, 'boot')
  const cut = textTokens(composed, learned?.source)
  expect(cut('zwo\u0308lf')).toEqual(cut('zw\u00f6lf'))
  expect(cut('zwo\u0308lf').join('')).toContain('\u00f6')
})
