import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { SeqlabError } from '../../src/core/errors.js'
import { loadDataset } from '../../src/data/load.js'
import { otherKinds, withRightSource } from '../../src/data/reading/file-kind.js'
import { readFiles } from '../../src/data/sources/given-sets.js'
import { folder, pairs } from '../support/data.js'

// What a file that any text source reads seems to be meant for: columns are believed of ten lines or more.

const rows = (count: number) => Array.from({ length: count }, (_, at) => `word ${at},other ${at}\n`).join('')
const csv = 'this looks like CSV: the source `csv` reads it'

async function kindOf(content: string | Uint8Array, source = 'text') {
  const { baseDir, remove } = await folder({ x: content })
  onTestFinished(remove)
  return (await otherKinds(source, ['x', 'not there'], baseDir)).otherKind?.x
}

test('ten lines of columns are a table, nine are not yet', async () => {
  expect(await kindOf(rows(10))).toBe(csv)
  expect(await kindOf(gzipSync(rows(10)))).toBe(csv)
  expect(await kindOf(`\ufeff${rows(10)}`)).toBe(csv)
  expect(await kindOf(rows(9))).toBeUndefined()
  // Blank lines do not count.
  expect(await kindOf(rows(9).replaceAll('\n', '\n\n'))).toBeUndefined()
})

test('only the first forty whole lines are looked at', async () => {
  expect(await kindOf(`${rows(40)}plain words\n`)).toBe(csv)
  expect(await kindOf(`${rows(39)}plain words\n`)).toBeUndefined()
  // The last line may be cut.
  expect(await kindOf(`${rows(12)}plain words`)).toBe(csv)
})

test('of a table that another separator divides too nothing is said; of what is sure always', async () => {
  expect(await kindOf(rows(20), 'tsv')).toBeUndefined()
  expect(await kindOf(rows(20), 'csv')).toBeUndefined()
  const lines = '{"a": 1}\n{"a": 2}\n'
  expect(await kindOf(lines)).toBe('this looks like JSON lines: the source `jsonl` reads it')
  expect(await kindOf(lines, 'tsv')).toBe('this looks like JSON lines: the source `jsonl` reads it')
  expect(await kindOf(lines, 'jsonl')).toBeUndefined()
  expect(await kindOf('')).toBeUndefined()
})

test('only errors of data have a word about the file', async () => {
  const { baseDir, remove } = await folder({ x: '{"a": 1}\n' })
  onTestFinished(remove)
  for (const error of [new RangeError('other'), new SeqlabError('run', 'other')])
    expect(await withRightSource(error, 'csv', 'x', baseDir)).toBe(error)
  expect(await withRightSource(new SeqlabError('data', 'no column'), 'csv', 'x', baseDir)).toMatchObject({
    ...{ message: 'no column', hint: 'this looks like JSON lines: the source `jsonl` reads it' },
  })
})

test('files that are too much for the memory are refused before one of them is read', async () => {
  const { baseDir, remove } = await folder({ a: 'x'.repeat(100) })
  onTestFinished(remove)
  const read = () => expect.fail('read')
  await expect(readFiles('tsv', { train: 'a' }, undefined, baseDir, read, { heapBytes: 1499 })).rejects.toThrow(
    'the data are too large for the memory of Node.js',
  )
  const one = async () => [{ source: 'a', target: 'b', where: 'a:1' }]
  expect(await readFiles('tsv', { train: 'a' }, undefined, baseDir, one, { heapBytes: 1500 })).toMatchObject({
    train: [{ source: 'a', target: 'b', where: 'a:1' }],
  })
})

test('examples that may be read otherwise than they were meant are counted, with where the first is', async () => {
  const rows = ['"', 'a', '"I came,', '"so', 'end'].map((source, at) => `${source}\t${at === 2 ? 'venu"' : 'x"y"'}`)
  const { baseDir, remove } = await folder({ x: `${rows.join('\n')}\nb\tc\n"d\te"\n` })
  onTestFinished(remove)
  const source = { type: 'tsv', file: 'x', sourceColumn: 1, targetColumn: 2, header: false } as const
  const { counts } = await loadDataset({ source, split: { dev: 1, test: 1 } }, pairs, { baseDir })
  // A quote alone opens nothing that a later cell closes, and `x"y"` has quotes in pairs.
  expect(counts.doubted).toEqual({ 'tab between quotes': { examples: 2, first: 'x:3' } })
})
