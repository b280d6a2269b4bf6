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

test('one target across a border is counted, too: windows of 2 + 2 steps begin at 0, 2, 4, 6 and 8', async () => {
  // Dev is the steps 6 to 8, test 9 to 11; the target of the window at 6 is the steps 8 and 9.
  const values = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
  const data = await load({ values, horizon: 2, stride: 2 }, { dev: 3, test: 3 })
  expect(data.counts).toMatchObject({
    ...{ read: 5, kept: { train: 2, dev: 1, test: 1 } },
    dropped: { 'target across a border of the split': 1 },
  })
})

test('scales come from the training part alone', async () => {
  // Training part 2, 4, 6, 8: mean 5, deviation sqrt(5); its steps are 2 apart.
  const values = [2, 4, 6, 8, 100, 1000]
  const standard = await load({ values, scale: 'standard' }, { dev: 1, test: 1 })
  expect(standard.scaling).toEqual([{ name: 'series 1', mean: 5, scale: Math.sqrt(5), naiveError: 2 }])
  expect(numbers(standard.train.target)).toEqual([[Math.fround(1 / Math.sqrt(5))], [Math.fround(3 / Math.sqrt(5))]])
  expect(numbers(standard.test.target)).toEqual([[Math.fround(995 / Math.sqrt(5))]])
  // 3, 7, 3, 7: mean 5, deviation 2, exactly.
  const exact = await load({ values: [3, 7, 3, 7, 1, 1], scale: 'standard' }, { dev: 1, test: 1 })
  expect(exact.scaling).toEqual([{ name: 'series 1', mean: 5, scale: 2, naiveError: 4 }])
  const minmax = await load({ values, scale: 'minmax', season: 2 }, { dev: 1, test: 1 })
  expect(minmax.scaling).toEqual([{ name: 'series 1', mean: 2, scale: 6, naiveError: 4, season: 2 }])
  const constant = await load({ values: [3, 3, 3, 3, 4, 5], scale: 'standard' }, { dev: 1, test: 1 })
  expect(constant.scaling).toEqual([{ name: 'series 1', mean: 3, scale: 1, naiveError: 0 }])
  const flat = await load({ values: [3, 3, 3, 3, 4, 5], scale: 'minmax' }, { dev: 1, test: 1 })
  expect(flat.scaling).toEqual([{ name: 'series 1', mean: 3, scale: 1, naiveError: 0 }])
  const none = await load({ values, scale: 'none', season: 3 }, { dev: 1, test: 1 })
  expect(none.scaling).toEqual([{ name: 'series 1', mean: 0, scale: 1, naiveError: 6, season: 3 }])
})

test('each series has a scale of its own', async () => {
  const rows = [1, 3, 1, 3, 9, 9].map((value, step) => [value, 10 * step])
  const data = await load({ values: rows, scale: 'minmax' }, { dev: 1, test: 1 })
  expect(data.scaling).toEqual([
    { name: 'series 1', mean: 1, scale: 2, naiveError: 2 },
    { name: 'series 2', mean: 0, scale: 30, naiveError: 10 },
  ])
  expect(numbers(data.train.source)).toEqual([
    [0, 0, 1, 10 / 30].map(Math.fround),
    [1, 10 / 30, 0, 20 / 30].map(Math.fround),
  ])
  expect(numbers(data.test.source)).toEqual([[1, 1, 4, 40 / 30].map(Math.fround)])
  expect(numbers(data.test.target)).toEqual([[4, 50 / 30].map(Math.fround)])
  expect([data.sourceWidth, data.targetWidth, data.joiners]).toEqual([2, 2, { source: ' ', target: ' ' }])
})

test('what forecasts are scored by is what the file has, whatever float32 makes of it', async () => {
  // By seconds since 1970, of which float32 holds every 128th: it makes 1700000000 of all of these, and 0 changes of 1.
  const values = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((second) => 1_700_000_000 + second)
  const { dev, test: last, train, counts } = await load({ values, window: 3, horizon: 2 }, { dev: 2, test: 3 })
  expect(new Set(numbers(last.target).flat())).toEqual(new Set([1_700_000_000]))
  const seconds = (held: Float64Array | undefined) => held && [...held].map((value) => value - 1_700_000_000)
  expect([seconds(dev.exact?.reference), seconds(dev.exact?.naive)]).toEqual([
    [5, 6],
    [4, 4],
  ])
  expect([seconds(last.exact?.reference), seconds(last.exact?.naive)]).toEqual([
    [7, 8, 8, 9],
    [6, 6, 7, 7],
  ])
  expect(train.exact).toBeUndefined()
  expect(counts.lostChanges).toEqual({ 'series 1': { changes: 4, lost: 4 } })
})

test('the naive forecast is the last season of the window, as often as needed, and none of a longer season', async () => {
  // Two series: 0.1, 0.2, ... and -1, -2, ...; test is the last three steps, and the window before it the steps 7 to 9.
  const values = Array.from({ length: 12 }, (_, step) => [(step + 1) / 10, -(step + 1)])
  const naiveOf = async (season: number) => {
    const { exact } = (await load({ values, window: 3, horizon: 3, season }, { dev: 3, test: 3 })).test
    return exact?.naive && [...exact.naive]
  }
  expect(await naiveOf(1)).toEqual([0.9, -9, 0.9, -9, 0.9, -9])
  expect(await naiveOf(2)).toEqual([0.8, -8, 0.9, -9, 0.8, -8])
  expect(await naiveOf(3)).toEqual([0.7, -7, 0.8, -8, 0.9, -9])
  expect(await naiveOf(4)).toBeUndefined()
})

test('series that float32 cannot tell apart are different test data, and the same training', async () => {
  const at = (last: number) => [0, 1, 2, 3, 4, 5, 6, 7, 8, last].map((second) => 1_700_000_000 + second)
  const of = async (last: number) => (await load({ values: at(last) }, { dev: 2, test: 3 })).digests
  const [nine, ten] = [await of(9), await of(10)]
  expect(nine.training).toBe(ten.training)
  expect(nine.test).not.toBe(ten.test)
})

test('a deviation is the root of the mean square as it is where squares have all their digits', async () => {
  // Mean 8, distances 7, -7, 1 and -1: the root of 100 / 4. In units of the largest distance it would be 4.999999999999999.
  const { scaling } = await load({ values: [15, 1, 9, 7, 8, 8], scale: 'standard' }, { dev: 1, test: 1 })
  expect(scaling?.[0]?.scale).toBe(5)
})

test('numbers whose squares are larger than numbers can be are scaled all the same', async () => {
  // Training part 1e200, 3e200, 1e200, 3e200: mean 2e200, deviation 1e200.
  const values = [1, 3, 1, 3, 2, 4].map((value) => value * 1e200)
  const data = await load({ values, scale: 'standard' }, { dev: 1, test: 1 })
  expect((data.scaling?.[0]?.mean ?? 0) / 2e200).toBeCloseTo(1, 12)
  expect((data.scaling?.[0]?.scale ?? 0) / 1e200).toBeCloseTo(1, 12)
  const scaled = [...numbers(data.test.source).flat(), ...numbers(data.test.target).flat()]
  expect(scaled.map((value) => Number(value.toFixed(6)))).toEqual([1, 0, 2])
})

test('numbers whose squares are smaller than numbers can be are scaled all the same', async () => {
  for (const unit of [1e-165, 1e-300]) {
    const values = [1, 3, 1, 3, 2, 4].map((value) => value * unit)
    const { scaling: [scaling] = [], ...data } = await load({ values, scale: 'standard' }, { dev: 1, test: 1 })
    expect((scaling?.scale ?? 0) / unit).toBeCloseTo(1, 12)
    expect((scaling?.mean ?? 0) / unit).toBeCloseTo(2, 12)
    const scaled = [...numbers(data.test.source).flat(), ...numbers(data.test.target).flat()]
    expect(scaled.map((value) => Number(value.toFixed(6)))).toEqual([1, 0, 2])
  }
})

test('a constant series is moved, not scaled, also where its mean is not quite its number', async () => {
  for (const value of [0.1, 1e-165, 0]) {
    const values = [...Array.from({ length: 10 }, () => value), 3 * value, 2 * value]
    const { scaling } = await load({ values, scale: 'standard' }, { dev: 1, test: 1 })
    expect(scaling?.[0]?.scale).toBe(1)
  }
})

test('a series that float32 makes zeros of is refused; small numbers next to larger ones are not', async () => {
  const values = [1, 3, 1, 3, 2, 4]
  const tiny = (more: object) => load({ values: values.map((value) => value * 1e-50), ...more }, { dev: 1, test: 1 })
  await expect(tiny({})).rejects.toMatchObject({
    message: expect.stringContaining('all numbers of series 1 are too small in training, also when they are scaled'),
    problems: [{ received: expect.stringMatching(/^at most 3(\.0*\d)?e-50$/) }],
    hint: expect.stringContaining('scale: standard'),
  })
  for (const scale of ['standard', 'minmax']) expect((await tiny({ scale })).counts.lostChanges).toBeUndefined()
  // The first number that float32 holds with all of its digits is 2^-126.
  const least = (unit: number) => load({ values: values.map((value) => value * unit) }, { dev: 1, test: 1 })
  expect((await least(2 ** -126 / 3)).train.size).toBe(2)
  await expect(least(2 ** -127 / 3)).rejects.toThrow('too small in training')
  const mixed = [1, 1e-50, 0, 1e-60, 2, 4]
  expect(numbers((await load({ values: mixed }, { dev: 1, test: 1 })).train.source)[0]).toEqual([1, 0])
  const constant = [1e-50, 1e-50, 1e-50, 1e-50, 2, 4]
  expect((await load({ values: constant }, { dev: 1, test: 1 })).train.size).toBe(2)
})

test('changes from step to step that float32 loses are counted where they are one in twenty or more', async () => {
  const lost = async (values: number[], scale = 'none') =>
    (await load({ values, scale }, { dev: 1, test: 1 })).counts.lostChanges
  // Near 1.7e9 float32 has steps of 128.
  const times = [1700000000.1, 1700000000.2, 1700000000.3, 1700000000.3, 0, 0]
  expect(await lost(times)).toEqual({ 'series 1': { changes: 2, lost: 2 } })
  expect(await lost(times, 'standard')).toBeUndefined()
  // One number sets the scale: of five changes those to it and from it are left.
  expect(await lost([1, 2, 1e300, 3, 4, 5, 0, 0], 'standard')).toEqual({ 'series 1': { changes: 5, lost: 3 } })
  // After so many changes between 0 and 1 one to 2^24, and one that is lost: 2^24 + 1 is 2^24 in float32.
  const oneAfter = (others: number) => [
    ...Array.from({ length: others + 1 }, (_, at) => at % 2),
    2 ** 24,
    2 ** 24 + 1,
    0,
    0,
  ]
  expect(await lost(oneAfter(18))).toEqual({ 'series 1': { changes: 20, lost: 1 } })
  expect(await lost(oneAfter(19))).toBeUndefined()
})

test('a stride leaves windows out: 1..10, every second start', async () => {
  const data = await load({ values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], stride: 2 }, { dev: 2, test: 2 })
  expect([data.train, data.dev, data.test].map((split) => numbers(split.target).flat())).toEqual([[3, 5], [7], [9]])
  expect(data.counts).toEqual({
    ...{ read: 4, kept: { train: 2, dev: 1, test: 1 } },
    ...{ dropped: {}, cut: {}, unknownTokens: {} },
  })
})

test('parts are counts of steps, or shares of all', async () => {
  const values = Array.from({ length: 12 }, (_, at) => at)
  const sizes = async (split: DataOptions['split']) => {
    const { train, dev, test } = await load({ values }, split)
    return [train.size, dev.size, test.size]
  }
  expect(await sizes({ dev: 0.25, test: 2 })).toEqual([5, 3, 2])
  expect(await sizes({ dev: 1, test: 0.25 })).toEqual([6, 1, 3])
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

test('a CSV file with quotes in quotes, line ends in quotes, CRLF, and blank lines around its steps', async () => {
  const file =
    'note,"the ""load""",kW\r\n\r\n"a\r\nb",1,10\r\n"c, ""d""",2,"20"\r\n,3,30\r\n,4,40\r\n,5,50\r\n\r\n \r\n'
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
  [
    'no such column',
    { file: 'a.csv', columns: ['z'] },
    'x,y\n1,2\n',
    'a.csv:1: there is no column "z"; expected "x", "y"',
  ],
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
  [
    'too few steps',
    { values: [1, 2, 3, 4] },
    '',
    'data.split: the training part of the series is too short; expected at least 3 of 4 steps, received 2',
  ],
  [
    'a season as long as the training part',
    { values: [1, 2, 3, 4, 5, 6], season: 4 },
    '',
    'data.split: the training part of the series is too short; expected at least 5 of 6 steps, received 4',
  ],
  [
    'a dev part shorter than the horizon',
    { values: [1, 2, 3, 4, 5, 6, 7], horizon: 2 },
    '',
    'data.split: the dev part of the series is too short; expected at least 2 of 7 steps, received 1',
  ],
  [
    'a number beyond float32',
    {
      values: [
        [1, 1],
        [2, 2],
        [3, 3],
        [4, 4],
        [5, 1e39],
        [6, 6],
      ],
    },
    '',
    'data.source: step 5 of series 2 is too large, also when it is scaled; expected a number that float32 holds once scaled (up to 3.4e38), received 1e+39',
  ],
  ['a long stride', { values: [1, 2, 3, 4, 5, 6, 7], stride: 9 }, '', 'the dev part has no window'],
])('%s', async (_, source, file, message) => {
  await expect(load(source, { dev: 1, test: 1 }, { 'a.csv': file })).rejects.toThrow(message)
})

test('limits take subsets of windows', async () => {
  const source = { type: 'series', ...settings, values: Array.from({ length: 40 }, (_, at) => at) } as const
  const data = await loadDataset({ source, limit: { train: 5 } }, sides, { baseDir: '.' })
  expect([data.train.size, data.dev.size, data.test.size]).toEqual([5, 4, 8])
  expect(data.counts.dropped).toEqual({ 'train beyond the limit': 28 - 2 - 5 })
  const held = await loadDataset({ source, limit: { dev: 3, test: 8 } }, sides, { baseDir: '.' })
  expect([held.train.size, held.dev.size, held.test.size]).toEqual([26, 3, 8])
  expect(held.counts).toMatchObject({ read: 38, kept: { train: 26, dev: 3, test: 8 } })
  expect(held.counts.dropped).toEqual({ 'dev beyond the limit': 1 })
})

test('the test part may be too short, too', async () => {
  const more = { values: [1, 2, 3, 4, 5, 6, 7, 8], horizon: 2 }
  await expect(load(more, { dev: 2, test: 1 })).rejects.toMatchObject({
    message: 'data.split: the test part of the series is too short; expected at least 2 of 8 steps, received 1',
    hint: 'set data.split.dev and data.split.test (steps, or fractions below 1), window and horizon',
  })
  await expect(load({ ...more, horizon: 1, stride: 4 }, { dev: 2, test: 1 })).rejects.toMatchObject({
    message: 'data.source: the test part has no window',
    hint: 'a smaller stride leaves more windows',
  })
})

test('a file with a header alone has no step, and a part cannot be shorter than nothing', async () => {
  const split = { dev: 2, test: 2 }
  await expect(load({ file: 'f.csv' }, split, { 'f.csv': 'x,y\n\n' })).rejects.toThrow(
    'f.csv: there is no step after the header',
  )
  await expect(load({ values: [1, 2, 3] }, split)).rejects.toThrow(
    'data.split: the training part of the series is too short; expected at least 3 of 3 steps, received 0',
  )
})

test('a file of empty cells alone has none of the columns, which its first line would name', async () => {
  const split = { dev: 1, test: 1 }
  await expect(load({ file: 'f.csv', columns: ['y'] }, split, { 'f.csv': '""\n""\n' })).rejects.toThrow(
    'f.csv:1: there is no column "y"',
  )
})

test('a file without a header: columns by number, from 1', async () => {
  const file = '1,10\n2,20\n3,30\n4,40\n5,50\n'
  const all = await load({ file: 'a.csv', header: false }, { dev: 1, test: 1 }, { 'a.csv': file })
  expect(all.scaling?.map(({ name }) => name)).toEqual(['1', '2'])
  expect(numbers(all.train.source)).toEqual([[1, 10, 2, 20]])
  const second = await load({ file: 'a.csv', header: false, columns: ['2'] }, { dev: 1, test: 1 }, { 'a.csv': file })
  expect(numbers(second.train.source)).toEqual([[10, 20]])
})

test('a blank line between steps is a step whose values are missing', async () => {
  for (const [file, received] of [
    ['x,y\n1,10\n2,20\n\n3,30\n4,40\n5,50\n', '2 columns'],
    ['x\n1\n2\n\n3\n4\n5\n', 'a number'],
  ] as const) {
    const files = { 'a.csv': file }
    await expect(load({ file: 'a.csv' }, { dev: 1, test: 1 }, files)).rejects.toMatchObject({
      message: `a.csv:4: the line is blank, and every line of a series is a step; expected ${received}, received a blank line`,
      hint: expect.stringContaining('missingValues: carry'),
    })
    const { train, counts } = await load({ file: 'a.csv', missingValues: 'carry' }, { dev: 1, test: 1 }, files)
    expect(numbers(train.target).map(([x]) => x)).toEqual([2, 3])
    expect(counts.carried).toMatchObject({ x: 1 })
  }
})

test('blank lines among steps that are known ahead are no steps', async () => {
  const roles = { targets: ['x'], knownAhead: ['k'] }
  const file = 'x,k\n1,1\n2,2\n3,3\n4,4\n5,5\n,6\n\n,7\n\n'
  const { counts } = await load({ file: 'a.csv', ...roles }, { dev: 1, test: 1 }, { 'a.csv': file })
  expect(counts.dropped).toEqual({ 'step at the end without a target': 2 })
})

test('a first line of numbers is no header, unless the author says so or they number the columns', async () => {
  const read = (file: string, more: object = {}) =>
    load({ file: 'a.csv', ...more }, { dev: 1, test: 1 }, { 'a.csv': file })
  const dated = 'd0,10.0\nd1,11.5\nd2,12\nd3,13\nd4,14\nd5,15\n'
  await expect(read(dated, { columns: [2] })).rejects.toMatchObject({
    message:
      'a.csv:1: the first line has numbers where a header has names; expected names of columns, received d0, 10.0',
    hint: 'set header: false where the first line is a step, or header: true where these are names',
  })
  const names = async (file: string, more: object) => (await read(file, more)).scaling?.map(({ name }) => name)
  expect(await names(dated, { columns: [2], header: false })).toEqual(['2'])
  expect(await names(dated, { columns: [2], header: true })).toEqual(['10.0'])
  expect(await names(dated, { columns: ['10.0'] })).toEqual(['10.0'])
  await expect(read('112\n118\n132\n129\n121\n')).rejects.toThrow('the first line has numbers')
  const steps = '5,6\n7,8\n9,10\n11,12\n13,14\n'
  await expect(read(`3,5\n${steps}`)).rejects.toThrow('the first line has numbers')
  expect(await names(`2001,2002\n${steps}`, {})).toEqual(['2001', '2002'])
  expect(await names(`0\n${steps.replaceAll(/,.*/g, '')}`, {})).toEqual(['0'])
  expect(await names(`7,OT\n${steps}`, {})).toEqual(['7', 'OT'])
})

test('what is wrong with a CSV file, with its place and what to do', async () => {
  const failure = (more: object, file: string) =>
    load({ file: 'a.csv', ...more }, { dev: 1, test: 1 }, { 'a.csv': file }).catch((error: unknown) => error)
  expect(await failure({}, 'x,y\n1,2,3\n')).toMatchObject({
    message: 'a.csv:2: the line has a wrong number of columns; expected 2, as in line 1, received 3',
    problems: [{ place: { file: 'a.csv', line: 2 } }],
    hint: expect.stringContaining('separate columns by `separator: ";"`'),
  })
  expect(await failure({}, 'x,y\n1,2\n3,z\n')).toMatchObject({
    message: 'a.csv:3:2: this is not a number; expected a finite number, received "z"',
    problems: [{ place: { file: 'a.csv', line: 3, column: 2 } }],
    hint: expect.stringContaining('choose the columns of numbers with `columns`, and the separator of columns'),
  })
  expect(await failure({ columns: ['x'] }, 'x;y\n1;2\n')).toMatchObject({
    message: 'a.csv:1: there is no column "x"; expected "x;y"',
    hint: 'is the separator of columns another one? (`separator`)',
  })
  const missing = await failure({ columns: ['z'] }, 'x,y\n1,2\n')
  expect(missing).toMatchObject({ message: 'a.csv:1: there is no column "z"; expected "x", "y"', hint: undefined })
  expect(await failure({ columns: ['x'] }, 'x,y,x\n1,2,3\n')).toMatchObject({
    message:
      'a.csv:1:3: two columns are called "x"; expected a name of its own for each column that is read, received "x", "y", "x"',
  })
  expect(await load({ values: [[1, 2], [3]] }, undefined).catch((error: unknown) => error)).toMatchObject({
    message: 'values, step 2: the steps differ in how many numbers they have; expected 2, as in step 1, received 1',
  })
})

// Steps 1 to 8: target 10 t, input 100 t, known ahead 1000 t.
const roles = { targets: ['y'], inputs: ['x'], knownAhead: ['k'] }
const table = Array.from({ length: 8 }, (_, at) => `d${at},${1000 * (at + 1)},${10 * (at + 1)},${100 * (at + 1)}`)
const covariates = `day,k,y,x\n${table.join('\n')}\n`

test('targets, inputs and what is known ahead, by name or number: windows of all, horizons of targets', async () => {
  for (const choice of [roles, { targets: [3], inputs: [4], knownAhead: [2] }]) {
    const data = await load({ file: 'a.csv', ...choice }, { dev: 2, test: 2 }, { 'a.csv': covariates })
    expect(numbers(data.train.source)).toEqual([
      [10, 100, 1000, 20, 200, 2000],
      [20, 200, 2000, 30, 300, 3000],
    ])
    expect(numbers(data.train.target)).toEqual([[30], [40]])
    expect(data.train.ahead && numbers(data.train.ahead)).toEqual([[3000], [4000]])
    expect(data.test.ahead && numbers(data.test.ahead)).toEqual([[7000], [8000]])
    expect([data.sourceWidth, data.targetWidth]).toEqual([3, 1])
    expect(data.scaling?.map(({ name, role }) => [name, role])).toEqual([
      ['y', undefined],
      ['x', 'input'],
      ['k', 'known-ahead'],
    ])
  }
})

test('each column is scaled by itself, from its training part; inline columns are chosen by number', async () => {
  const values = [1, 3, 1, 3, 9, 9].map((value, step) => [10 * step, value])
  const settings = { values, scale: 'minmax', targets: [2], knownAhead: [1] }
  const data = await load(settings, { dev: 1, test: 1 })
  expect(data.scaling).toEqual([
    { name: 'series 2', mean: 1, scale: 2, naiveError: 2 },
    { name: 'series 1', mean: 0, scale: 30, naiveError: 10, role: 'known-ahead' },
  ])
  expect(data.test.ahead && numbers(data.test.ahead)).toEqual([[Math.fround(50 / 30)]])
  expect(numbers(data.test.target)).toEqual([[4]])
})

test('steps at the end without a target are not trained on, and are counted', async () => {
  const longer = `${covariates}d8,9000,NA,\nd9,10000,,-\n`
  const load2 = (file: string) => load({ file: 'a.csv', ...roles }, { dev: 2, test: 2 }, { 'a.csv': file })
  const [data, with2] = [await load2(covariates), await load2(longer)]
  expect(with2.counts.dropped).toEqual({ 'step at the end without a target': 2 })
  expect(with2.digests).toEqual(data.digests)
  const changed = await load2(covariates.replace('8000', '8001'))
  expect([changed.digests.training, changed.digests.test === data.digests.test]).toEqual([data.digests.training, false])
  await expect(load2(longer.replace('NA', '90'))).rejects.toThrow('a.csv:10:4: this is not a number: the cell is empty')
})

test('decimal commas, separators of thousands, marks of missing values, by option', async () => {
  const file = 'x;y\n1.000,5;1\n?;2\nn/a;3\n-2;4\n"3";5\n'
  const options = { file: 'a.csv', separator: ';', decimal: ',', thousands: '.' }
  const carry = { ...options, missingValues: 'carry', missing: ['?', 'N/A'] }
  const data = await load(carry, { dev: 1, test: 1 }, { 'a.csv': file })
  expect(numbers(data.train.source)).toEqual([[1000.5, 1, 1000.5, 2]])
  expect(numbers(data.test.source)).toEqual([[1000.5, 3, -2, 4]])
  expect(data.counts.carried).toEqual({ x: 2 })
  const failure = (more: object, text = file) =>
    load({ ...options, ...more }, { dev: 1, test: 1 }, { 'a.csv': text }).catch((error: unknown) => error)
  expect(await failure({})).toMatchObject({
    message: expect.stringContaining('a.csv:3:1: this is not a number: a mark for a missing value'),
    hint: expect.stringContaining('missingValues: carry'),
  })
  expect(await failure({ ...carry, missing: ['?'] })).toMatchObject({ message: expect.stringContaining('a.csv:4:1') })
  expect(await failure(carry, 'x;y\n?;1\n2;2\n')).toMatchObject({
    message: 'a.csv:2:1: the value is missing, and there is none before it to carry forward',
  })
  expect(await failure({ decimal: undefined, thousands: undefined })).toMatchObject({
    hint: expect.stringContaining('`decimal: ","`'),
  })
})

test.each([
  [{ inputs: ['x'] }, 'there are covariates, and nothing to forecast is named'],
  [{ columns: ['y'], targets: ['y'] }, '`columns` and `targets` exclude each other'],
  [{ targets: ['y'], inputs: ['y'] }, '`y` is in `targets` too'],
  [{ targets: ['y', 'y'] }, '`y` is in the list twice'],
  [{ targets: ['y'], inputs: [3] }, 'a.csv:1: the column "y" is chosen twice'],
  [{ targets: [5] }, 'a.csv:1: there is no column 5; expected 1 to 4'],
  [{ decimal: ',', thousands: ',' }, '`thousands` and the decimal mark are both ","'],
  [{ missing: ['NA'] }, '`missing` says which cells are missing values, and these are refused'],
])('refuses %j in one sentence', async (more, message) => {
  await expect(load({ file: 'a.csv', ...more }, undefined, { 'a.csv': covariates })).rejects.toThrow(message)
})
