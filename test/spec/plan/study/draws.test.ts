import { expect, test } from 'vitest'
import { randomStream } from '../../../../src/core/random.js'
import { fromJson, type Json } from '../../../../src/spec/document/nodes.js'
import { drawPoints } from '../../../../src/spec/plan/study/draws.js'
import { type Axis, pointKey } from '../../../../src/spec/plan/study/point.js'

type Space = Json[] | { range: number[] } | { log: number[] } | { integers: number[] }

function axesOf(space: Record<string, Space>): Axis[] {
  const node = fromJson(space, { file: 'study.yaml' })
  return node.kind === 'map' ? [...node.entries].map(([key, entry]) => ({ key, ...entry })) : []
}

function draws(space: Record<string, Space>, samples: number, seed = 1) {
  const { points, notes } = drawPoints({ random: { samples, seed, space } }, axesOf(space))
  return { values: points.map((point) => JSON.parse(pointKey(point))), notes, points }
}

test('a name, and a map that has nothing but the name, are one value', () => {
  const { values, notes } = draws({ cell: ['gru', { type: 'gru' }, 'lstm'], context: ['last', { from: 'last' }] }, 9)
  expect(notes).toEqual(['random: the space has 2 points, all of which are used (samples: 9)'])
  expect(values.toSorted((a, b) => (a.cell < b.cell ? -1 : 1))).toEqual([
    { cell: 'gru', context: 'last' },
    { cell: 'lstm', context: 'last' },
  ])
})

test('each value is at the uniform number of its seed, path and sample', () => {
  const space = {
    'a.range': { range: [2, 6] },
    'a.log': { log: [0.001, 10] },
    'a.integers': { integers: [3, 7] },
    'a.list': ['x', 'y', 'z'],
  }
  const { values, notes, points } = draws(space, 6, 5)
  expect(notes).toEqual([])
  const u = (path: string, sample: number) => randomStream(5, 'search', path, sample).uniform()
  const expected = Array.from({ length: 6 }, (_, sample) => ({
    'a.range': Number((2 + 4 * u('a.range', sample)).toPrecision(4)),
    'a.log': Number((0.001 * 10_000 ** u('a.log', sample)).toPrecision(4)),
    'a.integers': 3 + Math.floor(5 * u('a.integers', sample)),
    'a.list': ['x', 'y', 'z'][Math.floor(3 * u('a.list', sample))],
  }))
  expect(values).toEqual(expected)
  expect(points[0]?.[0]).toEqual({
    path: 'a.range',
    node: { kind: 'scalar', value: expected[0]?.['a.range'], place: { file: 'study.yaml' } },
    keyPlace: { file: 'study.yaml' },
  })
})

test('several paths of a key move together: the lists of a list, or one number of a range', () => {
  const pairs = [
    ['x', 1],
    ['y', 2],
  ]
  const { values, points } = draws({ 'a.name, a.size': pairs, 'b,c': { integers: [3, 900] } }, 5)
  for (const value of values) {
    expect(pairs).toContainEqual([value['a.name'], value['a.size']])
    expect(value.b).toBe(value.c)
  }
  expect(points[0]?.map(({ path }) => path)).toEqual(['a.name', 'a.size', 'b', 'c'])
  // A space of one key is as large as its list.
  expect(draws({ 'a, b': pairs }, 3)).toMatchObject({
    values: expect.arrayContaining([
      { a: 'x', b: 1 },
      { a: 'y', b: 2 },
    ]),
    notes: ['random: the space has 2 points, all of which are used (samples: 3)'],
  })
})

test('no draws where none are asked for', () => {
  expect(drawPoints({}, [])).toEqual({ points: [], notes: [] })
  expect(drawPoints({}, axesOf({ a: [1] }))).toEqual({ points: [], notes: [] })
  expect(drawPoints({ random: { samples: 3, seed: 1, space: {} } }, [])).toEqual({ points: [], notes: [] })
})

test('the rest of a space that chance does not find is taken in its order', () => {
  // Under this seed, the last of 250 numbers turns up in none of 1,000 draws.
  const { values, notes } = draws({ a: { integers: [1, 250] } }, 250, 38)
  expect(notes).toEqual([])
  expect(values.map(({ a }) => a).toSorted((x, y) => x - y)).toEqual(Array.from({ length: 250 }, (_, at) => at + 1))
})

test('draws go on while some of them are new, however many were not', () => {
  // 400 numbers of 4 digits: 386 of them are drawn when 1,000 draws were repeated ones.
  const { values, notes } = draws({ a: { range: [1, 1.399] } }, 400)
  expect([values.length, notes]).toEqual([400, []])
})

test('the points of a small space are counted, wherever its numbers are', () => {
  expect(draws({ a: { integers: [30_000, 30_001] } }, 5).notes).toEqual([
    'random: the space has 2 points, all of which are used (samples: 5)',
  ])
  expect(draws({ a: { integers: [30_000, 30_001] }, b: [1, 2, 3] }, 9).notes).toEqual([
    'random: the space has 6 points, all of which are used (samples: 9)',
  ])
  expect(
    draws(
      {
        a: [
          { x: 1, y: 2 },
          { y: 2, x: 1 },
        ],
      },
      2,
    ).notes,
  ).toEqual(['random: the space has 1 point, all of which are used (samples: 2)'])
  expect(draws({ a: { range: [1, 1.0001] } }, 2).notes).toEqual([
    'random: only 1 point of these ranges differ in 4 digits (samples: 2)',
  ])
})

test('a finite space is taken whole, and that is said', () => {
  const { values, notes } = draws({ a: [1, 2, 2], b: { integers: [5, 6] } }, 9)
  const keys = values.map((value) => JSON.stringify(value))
  expect(keys.toSorted()).toEqual(['{"a":1,"b":5}', '{"a":1,"b":6}', '{"a":2,"b":5}', '{"a":2,"b":6}'])
  expect(notes).toEqual(['random: the space has 4 points, all of which are used (samples: 9)'])
  expect(draws({ a: ['x'] }, 2).notes).toEqual(['random: the space has 1 point, all of which are used (samples: 2)'])
  expect(draws({ a: [1, 2] }, 2).notes).toEqual([])
})

test('more samples begin with the same points; another seed has others', () => {
  const space = { rate: { log: [0.001, 1] }, drop: { range: [0, 0.5] }, size: { integers: [10, 20] } }
  const [few, many] = [draws(space, 5).values, draws(space, 40).values]
  expect(many.slice(0, 5)).toEqual(few)
  expect(draws(space, 5, 2).values).not.toEqual(few)
  for (const { rate, drop, size } of many) {
    expect(rate >= 0.001 && rate <= 1 && drop >= 0 && drop <= 0.5).toBe(true)
    expect(Number.isInteger(size) && size >= 10 && size <= 20).toBe(true)
    // Rounded to 4 digits, so that people can read them.
    expect([rate, drop].map((value) => Number(value.toPrecision(4)))).toEqual([rate, drop])
  }
  // Half of log-uniform draws from 0.001 to 1 are below their geometric mean of 0.0316.
  const below = many.filter(({ rate }) => rate < 0.0316).length
  expect(below).toBeGreaterThan(10)
  expect(below).toBeLessThan(30)
  expect(new Set(many.map(({ size }) => size)).size).toBeGreaterThan(8)
})

test('a range of few numbers of 4 digits runs out, and that is said', () => {
  const { values, notes } = draws({ a: { range: [1, 1.001] } }, 5)
  expect(values.toSorted((x, y) => x.a - y.a)).toEqual([{ a: 1 }, { a: 1.001 }])
  expect(notes).toEqual(['random: only 2 points of these ranges differ in 4 digits (samples: 5)'])
})
