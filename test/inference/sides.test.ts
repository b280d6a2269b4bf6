// What predict and score read from lines, by the columns of a run's own data.
import { expect, test } from 'vitest'
import type { DataOptions } from '../../src/data/options.js'
import { sourceReader } from '../../src/inference/lines/sources.js'
import { pairsInLines } from '../../src/inference/score/given-pairs.js'

const dataOf = (source: DataOptions['source']) => ({ data: { source }, task: { type: 'transduce' } as const })
const line = (text: string, number = 1) => ({ text, number })

async function pairs(source: DataOptions['source'], format: 'tsv' | 'csv' | 'jsonl', ...texts: readonly string[]) {
  const lines = (async function* () {
    for (const [at, text] of texts.entries()) yield line(text, at + 1)
  })()
  const found: unknown[] = []
  for await (const pair of pairsInLines(lines, format, dataOf(source), 'f')) {
    found.push('problem' in pair ? pair.problem.message : [pair.number, pair.source, pair.target])
  }
  return found
}

const named = { type: 'csv', file: 'x', sourceColumn: 'text', targetColumn: 'label', separator: ';' } as const

test('columns by name: the first line is a header, and says where they are', () => {
  const read = sourceReader('csv', dataOf(named), 'f')
  expect([read(line('label;text')), read(line('good;"a;b"', 2))]).toEqual([undefined, 'a;b'])
  // What is predicted need not be there.
  expect(sourceReader('csv', dataOf(named), 'f')(line('text'))).toBeUndefined()
  expect(() => sourceReader('csv', dataOf(named), 'f')(line('a;b'))).toThrow('f:1: there is no column "text"')
})

test('columns by number; a table of another kind than the run has: the first column', () => {
  const tsv = { type: 'tsv', file: 'x', sourceColumn: 2, targetColumn: 1 } as const
  expect(sourceReader('tsv', dataOf(tsv), 'f')(line('a\tb'))).toBe('b')
  expect(() => sourceReader('tsv', dataOf(tsv), 'f')(line('a'))).toThrow(
    'f:1: the line has too few columns; expected at least 2, received 1',
  )
  expect(sourceReader('csv', dataOf(tsv), 'f')(line('a,b'))).toBe('a')
})

test('quotes that do not match are said at their own line', () => {
  const read = sourceReader('csv', dataOf(named), 'f')
  read(line('label;text'))
  expect(() => read(line('good;"a', 7))).toThrow('f:7: a double quote is not closed')
})

test('objects by the keys of the run', () => {
  const jsonl = { type: 'jsonl', file: 'x', sourceColumn: 'in.text', targetColumn: 'out' } as const
  expect(sourceReader('jsonl', dataOf(jsonl), 'f')(line('{"in": {"text": "a"}}'))).toBe('a')
  expect(sourceReader('jsonl', dataOf(named), 'f')(line('{"source": "a"}'))).toBe('a')
})

test('pairs to be scored', async () => {
  expect(await pairs(named, 'csv', 'label;text', 'good;a', 'bad')).toEqual([
    [2, 'a', 'good'],
    'f:3: the line has too few columns; expected at least 2, received 1',
  ])
  expect(await pairs(named, 'tsv', 'a\tb')).toEqual([[1, 'a', 'b']])
  const jsonl = { type: 'jsonl', file: 'x', sourceColumn: 'in', targetColumn: 'out' } as const
  expect(await pairs(jsonl, 'jsonl', '{"in": ["a b", "c"], "out": 1}', '[]')).toEqual([
    [1, ['a b', 'c'], '1'],
    'f:2: the line is no JSON object: it is not a map of keys and values; expected {"in": ..., "out": ...}, received "[]"',
  ])
})

test('numbers in objects are texts as they are written, and of a window they are numbers', async () => {
  const jsonl = { type: 'jsonl', file: 'x', sourceColumn: 'in', targetColumn: 'out' } as const
  expect(await pairs(jsonl, 'jsonl', '{"in": 12345678901234567890, "out": 1.10}')).toEqual([
    [1, '12345678901234567890', '1.10'],
  ])
  const steps = { window: 2, horizon: 1, stride: 1, scale: 'none', season: 1 } as const
  const series = { type: 'series', file: 'x', ...steps } as const
  const read = sourceReader('jsonl', dataOf(series), 'f')
  expect(read(line('{"source": [[1.50], [1e3]]}'))).toEqual([[1.5], [1000]])
  expect(read(line('{"source": [[1, 2]], "ahead": [[-0.5]]}'))).toEqual({ window: [[1, 2]], ahead: [[-0.5]] })
  expect(read(line('{"source": "1.50 2"}'))).toBe('1.50 2')
  expect(() => read(line('{"source": [[1]], "ahead": [1]}'))).toThrow('f:1: "ahead" is no list of steps')
})
