import { describe, expect, it } from 'vitest'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { tagged } from '../support/characters.js'

const load = (more: Partial<DataOptions> = {}) =>
  loadDataset({ ...tagged, ...more }, { source: 'tokens', target: 'labels' }, { baseDir: '.' })

describe('the characters inside tokens', () => {
  it('are a row for each token, of unknown tokens too, by the characters of training', async () => {
    const { train, dev, attributeVocabularies, counts } = await load()
    const { symbols = [] } = attributeVocabularies?.characters ?? {}
    expect(symbols.slice(4)).toEqual(['a', 'b', 'c', 'é', '😀'])
    const { characters } = train.attributes ?? {}
    expect([...(characters?.offsets ?? [])]).toEqual([0, 2, 3, 7, 9])
    expect([...(characters?.data ?? [])].map((id) => symbols[id]).join('')).toBe('abcaaaaé😀')
    // `cab` is no token of training.
    expect(dev.source.data).toContain(3)
    const held = dev.attributes?.characters
    expect([...(held?.data ?? [])].map((id) => symbols[id])).toEqual(['c', 'a', 'b', '<unk>', 'a'])
    expect(counts.unknownTokens).toEqual({ 'dev source': 2, 'dev characters': 1, 'test source': 1 })
  })

  it('are cut where a token is longer, and left out of the vocabulary where they are rare', async () => {
    const { train, attributeVocabularies } = await load({ characters: { minFrequency: 2, maxLength: 3 } })
    expect([...(train.attributes?.characters?.offsets ?? [])]).toEqual([0, 2, 3, 6, 8])
    expect(attributeVocabularies?.characters?.symbols.slice(4)).toEqual(['a'])
  })

  it('are of the digests, and nothing where they are not asked for', async () => {
    const { characters: _, ...without } = tagged
    const plain = await loadDataset(without, { source: 'tokens', target: 'labels' }, { baseDir: '.' })
    const [all, cut] = [await load(), await load({ characters: { minFrequency: 1, maxLength: 1 } })]
    expect(new Set([plain, all, cut].map(({ digests }) => digests.training)).size).toBe(3)
    expect(new Set([plain, all, cut].map(({ digests }) => digests.test)).size).toBe(3)
    expect(plain.train.attributes).toBeUndefined()
  })
})
