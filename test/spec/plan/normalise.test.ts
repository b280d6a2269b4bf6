import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/spec/document/nodes.js'
import type { JsonSchema } from '../../../src/spec/document/schema-navigation.js'
import { normalise } from '../../../src/spec/plan/normalise.js'

const part = (name: string, options: Record<string, JsonSchema> = {}): JsonSchema => ({
  type: 'object',
  properties: { type: { const: name }, ...options },
})

const integer = (value?: number): JsonSchema => ({ type: 'integer', ...(value !== undefined && { default: value }) })

/** A cell: gru (size 4), lstm (size 5, peepholes) or elman. */
const cell: JsonSchema = {
  'x-part': { kind: 'cell', key: 'type' },
  'x-absent': { rnn: 'It is called elman here.', sru: 7 },
  default: 'gru',
  anyOf: [
    { type: 'string' },
    part('gru', { size: integer(4) }),
    part('lstm', { size: integer(5), peepholes: { type: 'boolean', default: false } }),
    part('elman', { peepholes: { type: 'boolean' } }),
  ],
}

const normalOf = (schema: JsonSchema, value: Json) => {
  const { value: normal, problems } = normalise(schema, value)
  expect(problems).toEqual([])
  return normal
}

describe('a part', () => {
  test('is a map with every default filled in, whether a name or a map is written', () => {
    expect(normalOf(cell, 'gru')).toEqual({ type: 'gru', size: 4 })
    expect(normalOf(cell, { type: 'gru' })).toEqual({ type: 'gru', size: 4 })
    expect(normalOf(cell, { type: 'lstm', size: 9 })).toEqual({ type: 'lstm', size: 9, peepholes: false })
    expect(normalOf(cell, { type: 'elman' })).toEqual({ type: 'elman' })
  })

  test('keeps its own schema alone, with the owners of the options that it lacks', () => {
    expect(normalise(cell, 'elman').schema).toEqual({
      type: 'object',
      properties: { type: { const: 'elman' }, peepholes: { type: 'boolean' } },
      'x-elsewhere': { size: ['gru', 'lstm'] },
    })
    expect(normalise(cell, 'gru').schema['x-elsewhere']).toEqual({ peepholes: ['lstm', 'elman'] })
    expect(normalise(cell, 'lstm').schema['x-elsewhere']).toEqual({})
  })

  const problemOf = (value: Json, path = 'model.cell', schema = cell) => {
    const { value: same, schema: accepting, problems } = normalise(schema, value, path)
    expect([same, accepting]).toEqual([value, {}])
    expect(problems).toHaveLength(1)
    return problems[0]
  }
  const expected = 'the name of a cell: `gru`, `lstm` or `elman`'

  test('of an unknown name: the nearest', () => {
    expect(problemOf('gur')).toEqual({
      path: 'model.cell',
      message: '`gur` is not a cell; did you mean `gru`?',
      expected,
      received: 'gur',
    })
    expect(problemOf({ type: 'perceiver' })).toEqual({
      path: 'model.cell.type',
      message: '`perceiver` is not a cell',
      expected,
      received: 'perceiver',
      hint: 'parts of your own are given on the command line: `--parts FILE.js`',
    })
    expect(problemOf({ type: 'transformer' }, '')).toMatchObject({ path: 'type' })
    // Nobody has tasks of their own.
    const task = { ...cell, 'x-part': { kind: 'task', key: 'type' } }
    expect(problemOf('perceiver', 'task', task)?.hint).toBeUndefined()
    expect(problemOf('sru')).toMatchObject({ message: '`sru` is not a cell; did you mean `gru`?' })
  })

  test('that is known to be absent: why', () => {
    const absent = { message: '`RNN` is not a cell', expected, received: 'RNN', hint: 'It is called elman here.' }
    expect(problemOf('RNN')).toEqual({ path: 'model.cell', ...absent })
    const { 'x-absent': _, ...plain } = cell
    expect(problemOf('rnn', 'cell', plain)).toEqual({
      path: 'cell',
      message: '`rnn` is not a cell',
      hint: 'the plain recurrent network is `elman` (Elman 1990)',
      expected,
      received: 'rnn',
    })
  })

  test('without its name: how it is named, for instance', () => {
    expect(problemOf({ size: 3 })).toEqual({
      path: 'model.cell',
      message: '`type` must name the cell, for instance `type: gru`',
      expected,
      received: 'a map {"size":3}',
    })
    const { default: _, ...without } = cell
    expect(problemOf({ size: 3 }, 'cell', without)?.message).toBe('`type` must name the cell')
    expect(problemOf({ type: 3 })).toMatchObject({ path: 'model.cell', received: 'a map {"type":3}' })
  })

  test('that is neither a name nor a map', () => {
    expect(problemOf(7)).toEqual({ path: 'model.cell', message: 'must name a cell', expected, received: '7' })
    expect(problemOf(null)?.received).toBe('nothing (null)')
    expect(problemOf(['gru'])?.message).toBe('must name a cell')
  })
})

describe('a union', () => {
  test('of values is a list of them', () => {
    const schema = { anyOf: [{ const: 'mean' }, { const: 3 }, { const: null }] }
    expect(normalise(schema, 'max')).toEqual({ value: 'max', schema: { enum: ['mean', 3, null] }, problems: [] })
  })

  test('is the member that a value can be', () => {
    const schema = { anyOf: [{ const: false }, cell, integer()] }
    expect(normalise(schema, false)).toEqual({ value: false, schema: { const: false }, problems: [] })
    expect(normalOf(schema, 'gru')).toEqual({ type: 'gru', size: 4 })
    expect(normalise(schema, 5).schema).toEqual({ type: 'integer' })
  })

  test('of maps is the one with most of the keys that are written, and at least one', () => {
    const map = (...keys: string[]): JsonSchema => ({
      type: 'object',
      properties: Object.fromEntries(keys.map((key, at) => [key, integer(at)])),
    })
    const schema = { anyOf: [map('low', 'high'), map('low', 'step', 'last'), map('mean')] }
    expect(normalOf(schema, { step: 7, last: 8 })).toEqual({ low: 0, step: 7, last: 8 })
    expect(normalOf(schema, { low: 7 })).toEqual({ low: 7, high: 1 })
    expect(normalOf(schema, { mean: 7, other: 8 })).toEqual({ mean: 7, other: 8 })
    expect(normalise(schema, { constructor: 1, other: 8 }, 'x').problems).toEqual([
      {
        path: 'x',
        message: 'has no allowed form',
        expected: 'a map with `low` and `high`, or a map with `low`, `step` and `last`, or a map with `mean`',
        received: 'a map {"constructor":1,"other":8}',
      },
    ])
    // The only map that there is: its own errors say more.
    expect(normalOf({ anyOf: [map('low'), integer()] }, { other: 1 })).toEqual({ low: 0, other: 1 })
  })

  test('that a value fits in no way', () => {
    const { schema, value, problems } = normalise({ anyOf: [integer(), { type: 'boolean' }] }, 'x')
    expect([schema, value]).toEqual([{}, 'x'])
    expect(problems).toEqual([
      {
        path: '',
        message: 'has no allowed form',
        expected: 'a whole number, or `true` or `false`',
        received: 'text "x"',
      },
    ])
  })
})

describe('a map', () => {
  const schema: JsonSchema = {
    type: 'object',
    required: ['first'],
    properties: { first: integer(), second: integer(2), cell },
  }

  test('has its declared keys in their order, then the others as they are written', () => {
    const value = normalOf(schema, { z: 1, cell: 'elman', a: null, first: 1 })
    expect(Object.entries(value ?? {})).toEqual([
      ['first', 1],
      ['second', 2],
      ['cell', { type: 'elman' }],
      ['z', 1],
      ['a', null],
    ])
  })

  test('has defaults of parts, and no key that has neither a value nor a default', () => {
    expect(normalOf(schema, {})).toEqual({ second: 2, cell: { type: 'gru', size: 4 } })
    expect(normalOf(schema, { second: null })).toEqual({ second: null, cell: { type: 'gru', size: 4 } })
    expect(normalOf({ type: 'object', properties: { toString: integer() } }, {})).toEqual({})
  })

  test('has its schema narrowed, and problems with their paths', () => {
    const normal = normalise(schema, { cell: { type: 'gur' } }, 'model')
    expect(normal.problems.map(({ path }) => path)).toEqual(['model.cell.type'])
    expect(normal.schema).toEqual({ ...schema, properties: { first: integer(), second: integer(2), cell: {} } })
  })

  test('that is none is left for the schema to say', () => {
    expect(normalise(schema, [1])).toEqual({ value: [1], schema, problems: [] })
    expect(normalise({ type: 'array', items: cell }, { x: 1 }).value).toEqual({ x: 1 })
  })

  test('of any names has one kind of value', () => {
    const record = { type: 'object', patternProperties: { '^.*$': cell } }
    const normal = normalise(record, { x: 'gru', y: 'gur' })
    expect(normal.value).toEqual({ x: { type: 'gru', size: 4 }, y: 'gur' })
    expect(normal.problems.map(({ path }) => path)).toEqual(['y'])
    expect(Object.keys(normal.schema)).toEqual(['type', 'properties'])
    expect(Object.keys((normal.schema.properties ?? {}) as object)).toEqual(['x', 'y'])
  })
})

describe('a list', () => {
  const list: JsonSchema = { type: 'array', minItems: 1, items: cell }

  test('has its items filled in, and problems with their places', () => {
    expect(normalOf(list, ['gru', { type: 'elman' }])).toEqual([{ type: 'gru', size: 4 }, { type: 'elman' }])
    expect(normalise(list, ['gru', 'gur'], 'cells').problems.map(({ path }) => path)).toEqual(['cells.1'])
  })

  test('has one schema for all items where they are alike, else one for each', () => {
    const gru = normalise(cell, 'gru').schema
    expect(normalise(list, ['gru', 'gru']).schema).toEqual({ type: 'array', minItems: 1, items: gru })
    expect(normalise(list, ['gru', 'gru', 'elman']).schema).toEqual({
      type: 'array',
      minItems: 1,
      items: [gru, gru, normalise(cell, 'elman').schema],
    })
    expect(normalise(list, []).schema).toEqual({ type: 'array', minItems: 1 })
  })

  test('of anything is as it is written', () => {
    const anything: JsonSchema = { type: 'array' }
    expect(normalise(anything, [1, 'x'])).toEqual({ value: [1, 'x'], schema: anything, problems: [] })
  })
})
