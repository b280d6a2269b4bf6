// True alignments: read from files, known by generators, kept out of what training reads.
import { expect, test } from 'vitest'
import { readLinks } from '../../src/data/alignment.js'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { addition } from '../../src/data/sources/generated/addition.js'
import { associativeRecall } from '../../src/data/sources/generated/associative-recall.js'
import { copy } from '../../src/data/sources/generated/copy.js'
import { dates } from '../../src/data/sources/generated/dates.js'
import { dyck } from '../../src/data/sources/generated/dyck.js'
import { reverse } from '../../src/data/sources/generated/reverse.js'
import { scanGrammar } from '../../src/data/sources/generated/scan-grammar.js'
import { selectiveCopying } from '../../src/data/sources/generated/selective-copying.js'
import { sort } from '../../src/data/sources/generated/sort.js'
import type { RawExample } from '../../src/data/sources/types.js'
import { folder, pairs } from '../support/data.js'

const small = { seed: 13, examples: 40, minLength: 1, maxLength: 9, dev: { examples: 10 }, test: { examples: 10 } }

type Links = NonNullable<RawExample['alignment']>['sure']

/** The symbols of each link. */
function linked({ source, target }: RawExample, links: Links = []) {
  return links.map(([from, to]) => [[...source][from], [...target][to]])
}

test.each([
  ['copy', copy.build({ ...small, symbols: 10 })],
  ['reverse', reverse.build({ ...small, symbols: 10 })],
  ['sort', sort.build({ ...small, symbols: 10 })],
  ['selective-copying', selectiveCopying.build({ ...small, symbols: 16, keep: 4 })],
  ['associative-recall', associativeRecall.build({ ...small, keys: 26, values: 10 })],
] as const)('%s: each symbol of the target is linked once, with its equal', async (_, source) => {
  for (const example of (await source.read({ baseDir: '' })).train) {
    const { sure = [], possible, of } = example.alignment ?? {}
    expect(sure.map(([, to]) => to)).toEqual([...example.target].map((__, at) => at))
    expect(new Set(sure.map(([from]) => from)).size).toBe(sure.length)
    for (const [from, to] of linked(example, sure)) expect(from).toBe(to)
    expect(possible).toEqual([])
    expect(of).toEqual({ source: example.source.length, target: example.target.length })
  }
})

test('dyck: a closing bracket goes with the one that it closes', async () => {
  const closing = { '(': ')', '[': ']' } as Readonly<Record<string, string>>
  for (const example of (await dyck.build({ ...small, kinds: 2, maxDepth: 8, target: 'closing' }).read({ baseDir: '' }))
    .train) {
    const { sure = [] } = example.alignment ?? {}
    expect(sure).toHaveLength(example.target.length)
    for (const [from, to] of linked(example, sure)) expect(closing[from ?? '']).toBe(to)
    // From the last open bracket outwards.
    expect(sure.map(([from]) => from)).toEqual(sure.map(([from]) => from).toSorted((a, b) => b - a))
  }
})

test('addition: a digit with those of its place, whatever is reversed', async () => {
  const place = (numbers: string, at: number) => {
    const plus = numbers.indexOf('+')
    return at < plus ? plus - 1 - at : numbers.length - 1 - at
  }
  for (const reversed of ['none', 'both'] as const) {
    for (const example of (await addition.build({ ...small, reverse: reversed }).read({ baseDir: '' })).train) {
      const turn = <T>(items: readonly T[]) => (reversed === 'both' ? items.toReversed() : items)
      const [source, target] = [turn([...example.source]).join(''), turn([...example.target]).join('')]
      const unturned = (at: number, length: number) => (reversed === 'both' ? length - 1 - at : at)
      const { possible = [], sure } = example.alignment ?? {}
      expect(sure).toEqual([])
      expect(new Set(possible.map(([, to]) => to)).size).toBe(target.length)
      const digits = Math.max(...source.split('+').map((number) => number.length))
      for (const [from, to] of possible) {
        const wanted = Math.min(target.length - 1 - unturned(to, target.length), digits - 1)
        expect(place(source, unturned(from, source.length))).toBe(wanted)
      }
    }
  }
})

test('dates: digits with themselves, a month with its name', async () => {
  const { train } = await dates
    .build({ ...small, examples: 300, firstYear: 1950, lastYear: 2049 })
    .read({ baseDir: '' })
  for (const example of train) {
    const { sure = [], possible = [] } = example.alignment ?? {}
    for (const [from, to] of linked(example, sure)) expect(from).toBe(to)
    const all = new Set([...sure, ...possible].map(([, to]) => to))
    expect([...all].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 5, 6, 8, 9])
    const ofMonth = possible.filter(([, to]) => to === 5).map(([from]) => [...example.source][from])
    if (ofMonth.length > 1) expect(ofMonth.join('')).toMatch(/^(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/)
  }
})

test('scan-grammar: an action with the word that names it', async () => {
  const { test: tested = [] } = await scanGrammar
    .build({ split: 'length', devExamples: 10, seed: 13 })
    .read({ baseDir: '' })
  for (const example of [...tested].slice(0, 500)) {
    const { sure = [] } = example.alignment ?? {}
    expect(sure.map(([, to]) => to)).toEqual([...example.target].map((_, at) => at))
    for (const [from = '', to = ''] of linked(example, sure)) expect(to).toMatch(new RegExp(`_${from.toUpperCase()}$`))
  }
})

test('links as Pharaoh and fast_align write them', () => {
  const place = { file: 'a', line: 3 }
  expect(readLinks(' 0-0 2-1\t1p1 3?4 ', place)).toEqual({
    sure: [
      [0, 0],
      [2, 1],
    ],
    possible: [
      [1, 1],
      [3, 4],
    ],
  })
  expect(readLinks('', place)).toEqual({ sure: [], possible: [] })
  for (const wrong of ['0', '0-', '-1-2', '0-1-2', '0,1', 'NULL', '1.5-2', '0–1'])
    expect(() => readLinks(`0-0 ${wrong}`, place)).toThrow(/^a:3: the alignment has something else than links/)
})

const rows = (change: (row: string, at: number) => string) => {
  const lines = Array.from({ length: 9 }, (_, at) => `a b${at}\tx y${at}\t0-0 1-1`)
  return lines.map(change).join('\n')
}

async function load(text: string, more: Partial<DataOptions> = {}, columns: object = { alignmentColumn: 3 }) {
  const { baseDir, remove } = await folder({ 'a.tsv': text })
  const options = { source: { type: 'tsv', file: 'a.tsv', sourceColumn: 1, targetColumn: 2, ...columns }, ...more }
  return loadDataset({ split: { dev: 2, test: 2 }, ...options } as DataOptions, pairs, { baseDir }).finally(remove)
}

test('held-out examples have theirs, and training does not read it', async () => {
  const [aligned, without, other] = [
    await load(rows((row) => row)),
    await load(
      rows((row) => row),
      {},
      {},
    ),
    await load(rows((row) => row.replace('1-1', '1p0'))),
  ]
  expect(aligned.train.alignments).toBeUndefined()
  expect(aligned.test.alignments).toEqual(
    Array(2).fill({
      sure: [
        [0, 0],
        [1, 1],
      ],
      possible: [],
    }),
  )
  expect(other.dev.alignments?.[1]).toEqual({ sure: [[0, 0]], possible: [[1, 0]] })
  expect(without.test.alignments).toBeUndefined()
  expect(new Set([aligned, without, other].map(({ digests }) => digests.training)).size).toBe(1)
  expect(new Set([aligned, without, other].map(({ digests }) => digests.test)).size).toBe(3)
})

test('links of what is cut off are left out; a link to no token is refused with its place', async () => {
  const byOne = { type: 'whitespace', lowercase: false, normalise: 'none', minFrequency: 1, maxLength: 1 } as const
  const given = await load(
    rows((_, at) => `a${at}${at < 5 ? '' : ' b'}\tx y\t0-0${at < 5 ? '' : ' 1-1'}`),
    { sourceTokens: byOne, split: { dev: 1, test: 5 } },
  )
  expect(given.test.alignments?.every((one) => one?.sure.length === 1)).toBe(true)
  await expect(load(rows((row, at) => (at === 4 ? row.replace('1-1', '2-1') : row)))).rejects.toThrow(
    /^a\.tsv:5: the alignment has a link to a token that is not there; expected source tokens 0 to 1, target tokens 0 to 1, received 2-1/,
  )
})

test('an alignment of whole tokens is none of pieces, nor of labels', async () => {
  const pieces = { type: 'bpe', vocabularySize: 20, minFrequency: 1 } as unknown as DataOptions['sourceTokens']
  await expect(
    load(
      rows((row) => row),
      { sourceTokens: pieces } as Partial<DataOptions>,
    ),
  ).rejects.toThrow(/an alignment counts whole tokens, and bpe cuts words into pieces/)
  const source = { type: 'reverse', ...small, symbols: 10 } as DataOptions['source']
  const characters = { type: 'characters', unit: 'codepoint', lowercase: false, normalise: 'none', minFrequency: 1 }
  const written = { source, sourceTokens: characters, targetTokens: characters } as unknown as DataOptions
  const { test: cut } = await loadDataset(written, pairs, { baseDir: '' })
  // `1 2 3` has five characters; an example of one symbol has one.
  expect(cut.alignments?.filter((one) => one !== undefined).length ?? 0).toBe(
    cut.sourceTexts?.filter((tokens) => tokens.length === 1).length,
  )
})
