import { expect, test } from 'vitest'
import { describeData } from '../../src/data/description.js'
import { datasetFacts } from '../../src/data/facts.js'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { byCharacters, byWords, pairs } from '../support/data.js'

// What `seqlab check` says it read, and what a model's folder says its numbers are about: by hand from a few examples.

const here = { baseDir: '.' }
const values = { source: 'values', target: 'values' } as const

test('sizes, lengths and unknown tokens of pairs', async () => {
  const source: DataOptions['source'] = {
    type: 'inline',
    train: [
      ['a b c', 'X'],
      ['a', 'X Y Y'],
      ['b a', 'Y'],
    ],
    dev: [['a q', 'X']],
    test: [['a a a a', 'Z']],
  }
  const data = await loadDataset({ source }, pairs, here)
  expect(datasetFacts(data)).toEqual({
    splits: [
      {
        ...{ name: 'train', examples: 3 },
        source: { mean: 2, longest: 3, unknown: 0 },
        target: { mean: 5 / 3, longest: 3, unknown: 0 },
      },
      {
        ...{ name: 'dev', examples: 1 },
        source: { mean: 2, longest: 2, unknown: 1 / 2 },
        target: { mean: 1, longest: 1, unknown: 0 },
      },
      {
        ...{ name: 'test', examples: 1 },
        source: { mean: 4, longest: 4, unknown: 0 },
        target: { mean: 1, longest: 1, unknown: 1 },
      },
    ],
    counts: data.counts,
  })
})

test('labels: their shares, the most frequent first, and those that training does not have', async () => {
  const source: DataOptions['source'] = {
    type: 'inline',
    train: [
      ['a b', 'O X'],
      ['a b c', 'X Y X'],
    ],
    dev: [['a b c d', 'O Q X R']],
    test: [['a', 'Y']],
  }
  const data = await loadDataset({ source }, { source: 'tokens', target: 'labels' }, here)
  const { splits, labels, series } = datasetFacts(data)
  expect(labels).toEqual([
    { label: 'X', share: 3 / 5 },
    { label: 'O', share: 1 / 5 },
    { label: 'Y', share: 1 / 5 },
  ])
  expect(splits.map(({ unseenLabels }) => unseenLabels)).toEqual([0, 2 / 4, 0])
  expect(splits.map((split) => 'target' in split)).toEqual([false, false, false])
  expect(series).toBeUndefined()
})

test('running text has one side', async () => {
  const source: DataOptions['source'] = { type: 'text', text: 'ab\nba\ncab', unit: 'line' }
  const options: DataOptions = { source, sourceTokens: byCharacters, split: { seed: 2, dev: 1, test: 1 } }
  const { splits, labels } = datasetFacts(await loadDataset(options, { source: 'tokens', target: 'none' }, here))
  expect(splits.map((split) => Object.keys(split))).toEqual(Array(3).fill(['name', 'examples', 'source']))
  expect(labels).toBeUndefined()
})

test('series: those whose training part is constant, and no unknown numbers', async () => {
  const steps = { window: 2, horizon: 1, stride: 1, scale: 'none', season: 1 } as const
  const load = (numbers: number[]) =>
    loadDataset({ source: { type: 'series', ...steps, values: numbers }, split: { dev: 1, test: 1 } }, values, here)
  const { splits, series } = datasetFacts(await load([1, 2, 3, 4, 5, 6]))
  expect(series).toEqual({ names: ['series 1'], constant: [] })
  expect(splits[0]).toEqual({
    ...{ name: 'train', examples: 2 },
    ...{ source: { mean: 2, longest: 2 }, target: { mean: 1, longest: 1 } },
  })
  expect(datasetFacts(await load([3, 3, 3, 3, 5, 6])).series).toEqual({ names: ['series 1'], constant: ['series 1'] })
})

test('a description has vocabularies, tokenizers and scales where there are any', async () => {
  const source: DataOptions['source'] = { type: 'inline', train: [['a', 'X']], dev: [['a', 'X']], test: [['a', 'X']] }
  const symbols = (...own: string[]) => ({ symbols: ['<pad>', '<bos>', '<eos>', '<unk>', ...own], specials: true })
  const tokens = { sourceTokens: byCharacters, targetTokens: byWords }
  expect(describeData(await loadDataset({ source, ...tokens }, pairs, here), tokens)).toEqual({
    vocabularies: { source: symbols('a'), target: symbols('X') },
    tokenizers: { source: byCharacters, target: byWords },
    joiners: { source: '', target: ' ' },
  })
  const label = { source: 'tokens', target: 'label' } as const
  expect(describeData(await loadDataset({ source }, label, here), { sourceTokens: byWords })).toEqual({
    vocabularies: { source: symbols('a'), target: { symbols: ['X'], specials: false } },
    tokenizers: { source: byWords },
    joiners: { source: ' ', target: ' ' },
  })
  const steps = { window: 1, horizon: 1, stride: 1, scale: 'minmax', season: 1 } as const
  const series: DataOptions = { source: { type: 'series', ...steps, values: [1, 3, 5, 7] }, split: { dev: 1, test: 1 } }
  expect(describeData(await loadDataset(series, values, here), {})).toEqual({
    vocabularies: {},
    tokenizers: {},
    joiners: { source: ' ', target: ' ' },
    scaling: [{ name: 'series 1', mean: 1, scale: 2, naiveError: 2 }],
  })
})
