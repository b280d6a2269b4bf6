import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { SeqlabError } from '../../src/core/errors.js'
import { otherKinds, withRightSource } from '../../src/data/reading/file-kind.js'
import { folder } from '../support/data.js'

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
