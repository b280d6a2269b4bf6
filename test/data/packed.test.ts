import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { packDataset, unpackDataset } from '../../src/data/packed.js'
import type { Dataset, Sides } from '../../src/data/types.js'
import { byCharacters, byWords, folder, pairs } from '../support/data.js'

const files = await folder({
  'words.vec': '2 2\nich 0.5 -0.25\nhaus 1 2\n',
  'words.tsv': 'ich gehe\tI go\t0-0 1-1\nein haus\ta house\t0-0\ndas haus\tthe house\t1-1\nein wort\ta word\t0p0\n',
  'tags.txt': 'a DET D\ndog NOUN N\n\nthe DET D\ncat NOUN N\n\nbirds NOUN N\n\nsing VERB V\n',
  'inflected.tsv': 'gehen\tgeht\tV;3;SG\nsehen\tsieht\tV;3;SG\nhaus\tHäuser\tN;PL\nbaum\tBäume\tN;PL\n',
})
afterAll(() => rmSync(files.baseDir, { recursive: true }))

const split = { dev: 1, test: 1, seed: 3 }

async function load(data: DataOptions, sides: Sides = pairs): Promise<Dataset> {
  return loadDataset(data, sides, { baseDir: files.baseDir })
}

function repacked(dataset: Dataset): Dataset {
  return unpackDataset(Buffer.concat(packDataset(dataset)), 'it')
}

const tsv = { type: 'tsv', train: 'words.tsv', sourceColumn: 1, targetColumn: 2, header: false } as const

const datasets: Readonly<Record<string, () => Promise<Dataset>>> = {
  'pairs with word vectors and alignments': () =>
    load({
      source: { ...tsv, alignmentColumn: 3 },
      sourceTokens: byWords,
      targetTokens: byWords,
      vectors: { source: join(files.baseDir, 'words.vec') },
      split,
    }),
  'true alignments of some pairs, and none of others': () =>
    load({
      source: {
        ...{ type: 'inline', train: [['a', 'A']], dev: [{ source: 'a', target: 'A', alignment: '0-0' }] },
        test: [['a a', 'A A'], { source: 'a b', target: 'A B', alignment: '0-1 1p0' }],
      },
      sourceTokens: byWords,
      targetTokens: byWords,
    }),
  'tokens with factors and characters': () =>
    load(
      {
        source: {
          type: 'tagged',
          format: 'columns',
          train: 'tags.txt',
          tagColumn: 3,
          target: 'tags',
          factors: { pos: 2 },
        },
        sourceTokens: byWords,
        targetTokens: byWords,
        factors: { pos: { minFrequency: 1 } },
        characters: { minFrequency: 1, maxLength: 5 },
        split,
      },
      { source: 'tokens', target: 'labels' },
    ),
  'features beside the source': () =>
    load({
      source: { ...tsv, train: 'inflected.tsv', featuresColumn: 3 },
      sourceTokens: byCharacters,
      targetTokens: byCharacters,
      split,
    }),
  'running text, whose source is its target': () =>
    load(
      { source: { type: 'text', text: 'ab\nba\ncab\nabc', unit: 'line' }, sourceTokens: byCharacters, split },
      { source: 'tokens', target: 'none' },
    ),
  'a series of numbers': () =>
    load(
      {
        source: {
          ...{ type: 'series', window: 2, horizon: 1, stride: 1, scale: 'standard', season: 1 },
          values: [0.5, 1.25, 2.75, 3.5, 4.25, 1, 2, 3, 8, 13],
        },
        split: { dev: 2, test: 2 },
      },
      { source: 'values', target: 'values' },
    ),
}

test.each(Object.entries(datasets))('%s are the same dataset as bytes and back', async (_, made) => {
  const dataset = await made()
  const again = repacked(dataset)
  expect(again).toEqual(dataset)
  expect(again.train.target === again.train.source).toBe(dataset.train.target === dataset.train.source)
  expect(Buffer.concat(packDataset(again)).equals(Buffer.concat(packDataset(dataset)))).toBe(true)
})

test('what is cut off, added to or changed anywhere is refused', async () => {
  const bytes = Buffer.concat(
    packDataset(await load({ source: tsv, sourceTokens: byWords, targetTokens: byWords, split })),
  )
  const refused = (changed: Uint8Array) => expect(() => unpackDataset(changed, 'it'))
  expect(() => unpackDataset(bytes, 'it')).not.toThrow()
  refused(bytes.subarray(0, 3)).toThrow('it is damaged: it is too short')
  refused(bytes.subarray(0, 40)).toThrow('it is damaged: it is too short')
  // One byte of the header is missing, and none.
  const length = 4 + bytes.readUInt32LE()
  refused(bytes.subarray(0, length - 1)).toThrow('it is damaged: it is too short')
  refused(bytes.subarray(0, length)).toThrow('it has fewer numbers than it says')
  refused(bytes.subarray(0, -4)).toThrow('it has fewer numbers than it says')
  refused(Buffer.concat([bytes, Buffer.alloc(4)])).toThrow('it has more numbers than it says')
  const last = Buffer.from(bytes)
  last[last.length - 4] = (last[last.length - 4] ?? 0) ^ 1
  refused(last).toThrow('its contents have other digests')
  const header = Buffer.from(bytes.toString('latin1').replace('"joiners"', '"jesters"'), 'latin1')
  refused(header).toThrow('unexpected content')
})
