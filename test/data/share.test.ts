import { expect, test } from 'vitest'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { shareDataset } from '../../src/data/share.js'
import { byCharacters } from '../support/data.js'

const here = { baseDir: '.' }

test('shared numbers of a series are the same numbers', async () => {
  const steps = { window: 2, horizon: 1, stride: 1, scale: 'none', season: 1 } as const
  const source: DataOptions['source'] = { type: 'series', ...steps, values: [0.5, 1.25, 2.75, 3.5, 4.25] }
  const data = await loadDataset({ source, split: { dev: 1, test: 1 } }, { source: 'values', target: 'values' }, here)
  const { train } = shareDataset(data)
  expect(train).toEqual(data.train)
  expect([...train.source.data]).toEqual([0.5, 1.25])
  expect(train.source.data.buffer).toBeInstanceOf(SharedArrayBuffer)
})

test('running text has one column, which is shared once', async () => {
  const source: DataOptions['source'] = { type: 'text', text: 'ab\nba\ncab', unit: 'line' }
  const options: DataOptions = { source, sourceTokens: byCharacters, split: { seed: 2, dev: 1, test: 1 } }
  const data = await loadDataset(options, { source: 'tokens', target: 'none' }, here)
  for (const { source, target } of [data.train, shareDataset(data).train]) expect(target).toBe(source)
})
