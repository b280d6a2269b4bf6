import { expect, test } from 'vitest'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { dataProblems, resolveData } from '../../src/data/rules.js'
import { byCharacters, folder, pairs, rowsOf } from '../support/data.js'

const tokens = { sourceTokens: byCharacters, targetTokens: byCharacters }
const tsv = { type: 'tsv', sourceColumn: 1, targetColumn: 2, header: false } as const

async function load(text: string, options: Partial<DataOptions>) {
  const { baseDir, remove } = await folder({ 'all.tsv': text })
  try {
    const written = { ...tokens, split: { dev: 1, test: 1, seed: 1, keepTogether: 'pair' }, ...options } as DataOptions
    return await loadDataset(written, pairs, { baseDir })
  } finally {
    await remove()
  }
}

const lines = ['gel\tgeldi\tV;PST', 'gel\tgelir\tV;AOR', 'git\tgitti\tV;PST', 'ev\tevler\tN;PL']

test('SIGMORPHON has lemma, form, features, Yoyodyne lemma, features, form: columns by number read both', async () => {
  const sigmorphon = await load(`${lines.join('\n')}\n`, {
    source: { ...tsv, file: 'all.tsv', featuresColumn: 3 },
  })
  const swapped = lines.map((line) => line.replace(/^(.*)\t(.*)\t(.*)$/, '$1\t$3\t$2'))
  const yoyodyne = await load(`${swapped.join('\n')}\n`, {
    source: { ...tsv, file: 'all.tsv', targetColumn: 3, featuresColumn: 2 },
  })
  expect(yoyodyne.digests).toEqual(sigmorphon.digests)
  const symbols = yoyodyne.featureVocabulary?.symbols ?? []
  const read = rowsOf(yoyodyne.train.features ?? yoyodyne.train.source).map((row) => row.map((id) => symbols[id]))
  const left = yoyodyne.train.size
  expect(left).toBe(2)
  for (const row of read) expect(['V;PST', 'V;AOR', 'N;PL']).toContain(row.join(';'))
})

const inline = (train: string[][], held: string[][], more: Partial<DataOptions> = {}): DataOptions =>
  ({ source: { type: 'inline', train, dev: held, test: held }, ...tokens, ...more }) as DataOptions

test('FEATS of CoNLL-U split at a bar; an underscore and an empty text are none; unknown ones are counted', async () => {
  const data = inline(
    [
      ['a', 'x', 'Case=Nom|Number=Sing'],
      ['b', 'y', '_'],
      ['c', 'z', ''],
    ],
    [['a', 'x', 'Case=Gen| Number=Sing ']],
    { features: { separator: '|', minFrequency: 1 } },
  )
  const { train, dev, featureVocabulary, counts } = await loadDataset(data, pairs, { baseDir: '.' })
  expect(featureVocabulary?.symbols.slice(4)).toEqual(['Case=Nom', 'Number=Sing'])
  expect(train.features && rowsOf(train.features)).toEqual([[4, 5], [], []])
  expect(dev.features && rowsOf(dev.features)).toEqual([[3, 5]])
  expect(dev.featureTexts).toEqual([['Case=Gen', 'Number=Sing']])
  expect(counts.unknownTokens).toEqual({ 'dev features': 1, 'test features': 1 })
})

test('one source with other features is another example: references are grouped by both', async () => {
  const train = [['a', 'x', 'F']]
  const held = [
    ['a', 'x', 'F'],
    ['a', 'y', 'F'],
    ['a', 'z', 'G'],
  ]
  const { dev, counts } = await loadDataset(inline(train, held), pairs, { baseDir: '.' })
  expect(dev.references).toEqual({ texts: [['x'], ['y'], ['z']], offsets: Int32Array.from([0, 2, 3]) })
  expect(counts.seenInTraining).toEqual({ dev: 1, test: 1 })
})

test('features are a part of what training reads', async () => {
  const digest = async (feature: string) => {
    const { digests } = await loadDataset(inline([['a', 'x', feature]], [['a', 'x', 'F']]), pairs, { baseDir: '.' })
    return digests
  }
  const [own, other] = [await digest('F'), await digest('G')]
  expect(other.training).not.toBe(own.training)
  expect(other.test).not.toBe(own.test)
})

test('what cannot be is refused in its place', () => {
  const without = { source: { type: 'inline', examples: [['a', 'x']] }, features: { separator: ';' } }
  expect(dataProblems(without as unknown as DataOptions, pairs)).toMatchObject([
    { path: 'data.features', message: 'the source gives no features' },
  ])
  const mixed = inline([['a', 'x', 'F']], [['a', 'x']])
  expect(dataProblems(mixed, pairs)).toMatchObject([{ path: 'data.source' }])
  expect(resolveData(inline([['a', 'x', 'F']], [['a', 'x', 'F']]), pairs).features).toEqual({
    separator: ';',
    minFrequency: 1,
  })
})
