import { expect, test } from 'vitest'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import type { Column } from '../../src/data/types.js'
import { folder } from '../support/data.js'

const sides = { source: 'values', target: 'values' } as const
const settings = { window: 2, horizon: 1, stride: 1, scale: 'none', season: 1 } as const

async function load(more: object, split: DataOptions['split'], files: Record<string, string> = {}) {
  const made = await folder(files)
  const source = { type: 'series', ...settings, ...more } as DataOptions['source']
  return loadDataset({ source, ...(split === undefined ? {} : { split }) }, sides, made).finally(made.remove)
}

function numbers(column: Column): number[][] {
  if (column.kind !== 'values') throw new RangeError('not numbers')
  const { data, offsets, width } = column
  return Array.from({ length: offsets.length - 1 }, (_, row) => [
    ...data.slice((offsets[row] ?? 0) * width, (offsets[row + 1] ?? 0) * width),
  ])
}

test('windows by hand: 1..8, the last two steps test, the two before them dev', async () => {
  const data = await load({ values: [1, 2, 3, 4, 5, 6, 7, 8] }, { dev: 2, test: 2 })
  expect([numbers(data.train.source), numbers(data.train.target)]).toEqual([
    [
      [1, 2],
      [2, 3],
    ],
    [[3], [4]],
  ])
  expect([numbers(data.dev.source), numbers(data.dev.target)]).toEqual([
    [
      [3, 4],
      [4, 5],
    ],
    [[5], [6]],
  ])
  expect([numbers(data.test.source), numbers(data.test.target)]).toEqual([
    [
      [5, 6],
      [6, 7],
    ],
    [[7], [8]],
  ])
  expect([data.sourceWidth, data.targetWidth]).toEqual([1, 1])
})

test('a target across a border belongs to no set, and is counted', async () => {
  const data = await load({ values: [1, 2, 3, 4, 5, 6, 7, 8, 9], horizon: 2 }, { dev: 2, test: 2 })
  expect(data.counts).toMatchObject({
    read: 6,
    kept: { train: 2, dev: 1, test: 1 },
    dropped: { 'target across a border of the split': 2 },
  })
})

test('scales come from the training part alone', async () => {
  // Training part 2, 4, 6, 8: mean 5, deviation sqrt(5); its steps are 2 apart.
  const values = [2, 4, 6, 8, 100, 1000]
  const standard = await load({ values, scale: 'standard' }, { dev: 1, test: 1 })
  expect(standard.scaling).toEqual([{ name: 'series 1', mean: 5, scale: Math.sqrt(5), naiveError: 2 }])
  expect(numbers(standard.train.target)[0]?.[0]).toBeCloseTo(1 / Math.sqrt(5), 6)
  const minmax = await load({ values, scale: 'minmax', season: 2 }, { dev: 1, test: 1 })
  expect(minmax.scaling).toEqual([{ name: 'series 1', mean: 2, scale: 6, naiveError: 4 }])
  const constant = await load({ values: [3, 3, 3, 3, 4, 5], scale: 'standard' }, { dev: 1, test: 1 })
  expect(constant.scaling?.[0]).toMatchObject({ mean: 3, scale: 1 })
})

test('a CSV file: chosen columns, quotes, a separator; several series side by side', async () => {
  const days = [1, 2, 3, 4, 5].map((day) => `2020-01-0${day};${day}0;-${day}.5`)
  const file = ['day;"load; kW";temperature', ...days].join('\n')
  const columns = ['temperature', 'load; kW']
  const data = await load({ file: 'a.csv', separator: ';', columns }, { dev: 1, test: 1 }, { 'a.csv': file })
  expect(numbers(data.train.source)).toEqual([[-1.5, 10, -2.5, 20]])
  expect(numbers(data.train.target)).toEqual([[-3.5, 30]])
  expect(data.scaling?.map(({ name }) => name)).toEqual(columns)
})

test('a CSV file with quotes in quotes, line ends in quotes, CRLF and blank lines', async () => {
  const file = 'note,"the ""load""",kW\r\n"a\r\nb",1,10\r\n\r\n"c, ""d""",2,"20"\r\n,3,30\r\n,4,40\r\n,5,50\r\n'
  const columns = ['kW', 'the "load"']
  const data = await load({ file: 'a.csv', columns }, { dev: 1, test: 1 }, { 'a.csv': file })
  expect(numbers(data.train.source)).toEqual([[10, 1, 20, 2]])
  expect(numbers(data.train.target)).toEqual([[30, 3]])
})

test.each([
  ['a gap', { file: 'a.csv' }, 'x,y\n1,2\n3,\n', 'a.csv:3:2: this is not a number'],
  [
    'a word',
    { file: 'a.csv' },
    'x,y\n1,two\n',
    'a.csv:2:2: this is not a number; expected a finite number, received "two"',
  ],
  ['a short line', { file: 'a.csv' }, 'x,y\n1\n', 'a.csv:2: the line has a wrong number of columns; expected 2'],
  [
    'a word after a line end in quotes',
    { file: 'a.csv' },
    '"x\ny",z\n1,"2"\n"3",\n',
    'a.csv:4:2: this is not a number',
  ],
  ['an open quote', { file: 'a.csv' }, 'x,y\n1,2\n3,"4\n5,6\n', 'a.csv:3: a double quote is not closed'],
  ['letters after a quote', { file: 'a.csv' }, 'x,y\n1,"2"3\n', 'a.csv:2: the double quotes do not match'],
  ['no such column', { file: 'a.csv', columns: ['z'] }, 'x,y\n1,2\n', 'a.csv:1: there is no column "z"; expected x, y'],
  ['steps of unequal size', { values: [[1, 2], [3]] }, '', 'values, step 2: the steps differ'],
  [
    'a decimal comma',
    { file: 'a.csv', separator: ';' },
    'x;y\n1;2,5\n',
    'a.csv:2:2: this is not a number: a decimal comma',
  ],
  [
    'a separator of thousands',
    { file: 'a.csv' },
    'x,y\n1,"1,234.5"\n',
    'a.csv:2:2: this is not a number: a separator of thousands',
  ],
  ['a hexadecimal number', { file: 'a.csv' }, 'x,y\n1,0x1A\n', 'a.csv:2:2: this is not a number: it is hexadecimal'],
  ['a binary number', { file: 'a.csv' }, 'x,y\n0b11,1\n', 'a.csv:2:1: this is not a number: it is hexadecimal'],
  ['an infinite number', { file: 'a.csv' }, 'x,y\n-Infinity,1\n', 'a.csv:2:1: this is not a number: it is not finite'],
  ['a number too large', { file: 'a.csv' }, 'x,y\n1e999,1\n', 'a.csv:2:1: this is not a number'],
  ['a missing value', { file: 'a.csv' }, 'x,y\n1,NA\n', 'a.csv:2:2: this is not a number: a mark for a missing value'],
  ['twin columns', { file: 'a.csv' }, 'x,y,x\n1,2,3\n', 'a.csv:1:3: two columns are called "x"'],
  [
    'columns that differ in their Unicode form',
    { file: 'a.csv', columns: ['e\u0301'] },
    '\u00e9,e\u0301\n1,2\n',
    'a.csv:1:2: two columns are called',
  ],
  ['too few steps', { values: [1, 2, 3] }, '', 'the training part of the series is too short; expected at least 3'],
  ['a long stride', { values: [1, 2, 3, 4, 5, 6, 7], stride: 9 }, '', 'the dev part has no window'],
])('%s', async (_, source, file, message) => {
  await expect(load(source, { dev: 1, test: 1 }, { 'a.csv': file })).rejects.toThrow(message)
})

test('limits take subsets of windows', async () => {
  const source = { type: 'series', ...settings, values: Array.from({ length: 40 }, (_, at) => at) } as const
  const data = await loadDataset({ source, limit: { train: 5 } }, sides, { baseDir: '.' })
  expect([data.train.size, data.dev.size, data.test.size]).toEqual([5, 4, 8])
  expect(data.counts.dropped).toEqual({ 'train beyond the limit': 28 - 2 - 5 })
})
