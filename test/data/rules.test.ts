import { expect, test } from 'vitest'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { dataProblems, resolveData } from '../../src/data/rules.js'
import { byWords, pairs } from '../support/data.js'

const one: DataOptions = { source: { type: 'inline', examples: [['a', 'b']] } }
const three: DataOptions = {
  source: { type: 'inline', train: [['a', 'b']], dev: [['a', 'b']], test: [['a', 'b']] },
}
const series = {
  source: { type: 'series', values: [1, 2, 3], window: 1, horizon: 1, stride: 1, scale: 'none', season: 1 },
} satisfies DataOptions
const text: DataOptions = { source: { type: 'text', unit: 'line', text: 'a' } }
const label = { source: 'tokens', target: 'label' } as const
const labels = { source: 'tokens', target: 'labels' } as const
const values = { source: 'values', target: 'values' } as const
const none = { source: 'tokens', target: 'none' } as const
const split = { seed: 1, keepTogether: 'source' } as const
const paths = (options: DataOptions, sides: Parameters<typeof dataProblems>[1] = pairs) =>
  dataProblems(options, sides).map((problem) => problem.path)

test('a split is refused where the source brings its sets', () => {
  expect(paths(one)).toEqual([])
  expect(paths(three)).toEqual([])
  expect(paths({ ...three, split })).toEqual(['data.split'])
  const noDev: DataOptions = { source: { type: 'inline', train: [['a', 'b']], test: [['a', 'b']] } }
  expect(paths({ ...noDev, split: { ...split, dev: 3 } })).toEqual([])
  expect(paths({ ...noDev, split: { ...split, test: 3 } })).toEqual(['data.split.test'])
  expect(dataProblems({ ...one, split: { ...split, dev: 1.5, test: 0.5 } }, pairs)).toEqual([
    {
      ...{ path: 'data.split.dev', message: 'neither a count nor a fraction' },
      ...{ expected: 'a whole number, or one below 1', received: '1.5' },
    },
  ])
  expect(paths({ ...one, split: { ...split, dev: 1, test: 2 } })).toEqual([])
})

test('a source names one set or given sets, not both and not none', () => {
  expect(paths({ source: { type: 'inline' } })).toEqual(['data.source'])
  expect(paths({ source: { type: 'inline', examples: [['a', 'b']], dev: [['a', 'b']] } })).toEqual(['data.source.dev'])
})

test('options of tokens are refused where there are none', () => {
  expect(paths({ ...one, targetTokens: byWords }, label)).toEqual(['data.targetTokens'])
  const folded = { ...one, targetTokens: { ...byWords, minFrequency: 2, maxLength: 4 } }
  expect(paths(folded, labels)).toEqual(['data.targetTokens.minFrequency', 'data.targetTokens.maxLength'])
  const numbers = { ...series, sourceTokens: byWords, references: 'grouped' } as const
  expect(paths(numbers, values)).toEqual(['data.sourceTokens', 'data.references'])
  const running = { ...text, sourceTokens: { ...byWords, maxLength: 9 }, targetTokens: byWords }
  expect(paths(running, none)).toEqual(['data.sourceTokens.maxLength', 'data.targetTokens'])
})

test('word vectors are for symbols that are embedded', () => {
  const vectors = { source: 'a.vec', target: 'b.vec' }
  expect(paths({ ...one, vectors })).toEqual([])
  expect(dataProblems({ ...one, vectors }, label)).toEqual([
    { path: 'data.vectors.target', message: 'the target of this task has no symbols that are embedded' },
  ])
  expect(paths({ ...series, vectors }, values)).toEqual(['data.vectors.source', 'data.vectors.target'])
})

test('labels are never left out', () => {
  const folded = (more: object) => paths({ ...one, targetTokens: { ...byWords, ...more } }, labels)
  expect(folded({})).toEqual([])
  expect(folded({ maxSize: 3 })).toEqual(['data.targetTokens.maxSize'])
})

test('a dataset of options that do not fit its task is an error of the spec', async () => {
  await expect(loadDataset({ ...one, targetTokens: byWords }, label, { baseDir: '.' })).rejects.toMatchObject({
    code: 'spec',
    message: 'the whole target is one label: it is not split into tokens',
    problems: [{ path: 'data.targetTokens' }],
  })
})

test('a source must fit the task', () => {
  expect(paths(one, values)).toEqual(['data.source'])
  expect(dataProblems(one, none)[0]).toMatchObject({ expected: 'text', received: 'inline' })
  expect(paths(text, pairs)).toEqual(['data.source'])
  expect(paths(series, values)).toEqual([])
})

test('a series is split by time: no seed, nothing to keep together', () => {
  expect(paths({ ...series, split: { seed: 1, keepTogether: 'pair', dev: 3 } }, values)).toEqual([
    'data.split.seed',
    'data.split.keepTogether',
  ])
  expect(resolveData(series, values).split).toEqual({ dev: 0.1, test: 0.2 })
  expect(dataProblems(resolveData(series, values), values)).toEqual([])
})

test('options of a file need a file', () => {
  const source = { ...series.source, file: 'a.csv' }
  expect(paths({ source }, values)).toEqual(['data.source'])
  expect(paths({ source: { ...series.source, header: true } }, values)).toEqual(['data.source.header'])
  expect(paths({ source: { type: 'text', unit: 'line', text: 'a', file: 'b' } }, none)).toEqual(['data.source.file'])
})

test('a column of a file is read once', () => {
  const { values: _, ...rest } = series.source
  const source = { ...rest, file: 'a.csv', columns: ['x', 'y', 'x'] }
  expect(dataProblems({ source }, values)).toEqual([
    { path: 'data.source.columns.2', message: '`x` is in the list twice' },
  ])
})

test('tags and intents', () => {
  const tagged = (target: 'tags' | 'intent', format: 'columns' | 'atis'): DataOptions => ({
    source: { type: 'tagged', file: 'a', format, target },
  })
  expect(paths(tagged('intent', 'columns'), label)).toEqual(['data.source.target'])
  expect(paths(tagged('intent', 'atis'), label)).toEqual([])
  expect(paths(tagged('tags', 'atis'), label)).toEqual(['data.source.target'])
  expect(paths(tagged('intent', 'atis'), { source: 'tokens', target: 'labels' })).toEqual(['data.source.target'])
})

test('resolving fills in what applies, and is idempotent', () => {
  const resolved = resolveData(one, pairs)
  expect(resolved.split).toEqual({ seed: 13, keepTogether: 'source', dev: 1000, test: 2000 })
  expect(resolved.targetTokens).toEqual({ ...byWords, maxLength: 256 })
  expect(resolved.references).toBe('grouped')
  expect(resolveData(resolved, pairs)).toEqual(resolved)
  expect(resolveData(three, pairs)).not.toHaveProperty('split')
  expect(dataProblems(resolveData(three, pairs), pairs)).toEqual([])
  expect(resolveData(one, label)).not.toHaveProperty('targetTokens')
  expect([resolveData(one, labels).references, resolveData(one, label).references]).toEqual(['separate', 'separate'])
  const noDev: DataOptions = { source: { type: 'inline', train: [['a', 'b']], test: [['a', 'b']] } }
  expect(resolveData(noDev, pairs).split).toEqual({ seed: 13, keepTogether: 'source', dev: 1000 })
  const noTest: DataOptions = { source: { type: 'inline', train: [['a', 'b']], dev: [['a', 'b']] } }
  expect(resolveData(noTest, pairs).split).toEqual({ seed: 13, keepTogether: 'source', test: 2000 })
  const [inText, inSeries] = [resolveData(text, none), resolveData(series, values)]
  expect([inText.split, 'references' in inText]).toEqual([{ seed: 13, dev: 1000, test: 2000 }, false])
  expect([inSeries.split, 'references' in inSeries]).toEqual([{ dev: 0.1, test: 0.2 }, false])
})

test.each([
  ['pairs', one, pairs],
  ['given sets', three, pairs],
  ['tags', one, { source: 'tokens', target: 'labels' }],
  ['classes', one, label],
  ['running text', text, none],
  ['series', series, values],
] as const)('what is resolved is valid, and resolving it again changes nothing: %s', (_, options, sides) => {
  const resolved = resolveData({ ...options, limit: { train: 5 } }, sides)
  expect(resolved.limit).toEqual({ train: 5, seed: 13 })
  expect(dataProblems(resolved, sides)).toEqual([])
  expect(resolveData(resolved, sides)).toEqual(resolved)
})

test('pieces of words: no other size than their own, and no labels', () => {
  const source = { type: 'inline' as const, examples: [['a', 'b']] satisfies [string, string][] }
  const piecesOf = (more: object) => ({
    ...{ type: 'bpe' as const, byteFallback: true, lowercase: false, normalise: 'none' as const, minFrequency: 1 },
    ...more,
  })
  const transduce = { source: 'tokens', target: 'tokens' } as const
  const tag = { source: 'tokens', target: 'labels' } as const
  expect(dataProblems({ source, sourceTokens: piecesOf({}), targetTokens: piecesOf({}) }, transduce)).toEqual([])
  expect(dataProblems({ source, sourceTokens: piecesOf({ minFrequency: 2, maxSize: 9 }) }, transduce)).toEqual(
    ['minFrequency', 'maxSize'].map((option) => ({
      path: `data.sourceTokens.${option}`,
      message: 'every piece is in the vocabulary: vocabularySize says how many',
    })),
  )
  expect(dataProblems({ source, sourceTokens: piecesOf({}) }, tag)).toEqual([
    { path: 'data.sourceTokens', message: 'each source token has one label, and bpe cuts words into pieces' },
  ])
})
