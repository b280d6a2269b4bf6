import { describe, expect, test } from 'vitest'
import { toJson } from '../../../../src/spec/document/nodes.js'
import { pointKey } from '../../../../src/spec/plan/study/point.js'
import { pointsOf } from '../../../../src/spec/plan/study/points.js'
import type { StudyOptions } from '../../../../src/spec/study-options.js'
import { documentOf } from '../documents.js'

/** The points of a study's text, as values by path. */
function pointsIn(text: string) {
  const study = documentOf(text, 's')
  // What a study's own schema lets through.
  const { points, problems, notes } = pointsOf(toJson(study) as unknown as StudyOptions, study)
  return { values: points.map((point) => JSON.parse(pointKey(point))), points, problems, notes }
}

const valuesIn = (text: string) => {
  const { values, problems } = pointsIn(text)
  expect(problems).toEqual([])
  return values
}

describe('a grid', () => {
  test('has one point where nothing varies', () => {
    expect(valuesIn('seeds: 2')).toEqual([{}])
  })

  test('has every combination, the last path changing fastest', () => {
    expect(valuesIn('grid: { a: [1, 2], b.c: [x, [y], z] }')).toEqual([
      ...[
        { a: 1, 'b.c': 'x' },
        { a: 1, 'b.c': ['y'] },
        { a: 1, 'b.c': 'z' },
      ],
      ...[
        { a: 2, 'b.c': 'x' },
        { a: 2, 'b.c': ['y'] },
        { a: 2, 'b.c': 'z' },
      ],
    ])
  })

  test('knows where each path and value was written', () => {
    const [point] = pointsIn('grid:\n  a: [1]\n  b,c: [[2, 3]]').points
    const written = (point ?? []).map(({ path, node, keyPlace }) => [path, toJson(node), node.place, keyPlace])
    expect(written).toEqual([
      ['a', 1, { file: 's', line: 2, column: 7 }, { file: 's', line: 2, column: 3 }],
      ['b', 2, { file: 's', line: 3, column: 10 }, { file: 's', line: 3, column: 3 }],
      ['c', 3, { file: 's', line: 3, column: 13 }, { file: 's', line: 3, column: 3 }],
    ])
  })

  test('has paths that move together', () => {
    expect(valuesIn('grid: { "a, b": [[1, 2], [3, 4]], c: [5] }')).toEqual([
      { a: 1, b: 2, c: 5 },
      { a: 3, b: 4, c: 5 },
    ])
    expect(valuesIn('grid: { a: [[1, 2], [3, 4]] }')).toEqual([{ a: [1, 2] }, { a: [3, 4] }])
  })

  test('wants a value for each of them', () => {
    const { problems } = pointsIn('grid: { "a, b": [[1, 2], [3], [4, 5, 6], x] }')
    const message = '[a, b] takes 2 values at a time'
    const problem = { path: 'grid', message, expected: 'a list of 2 values' }
    expect(problems).toEqual([
      { ...problem, received: '[3]', place: { file: 's', line: 1, column: 26 } },
      { ...problem, received: '[4,5,6]', place: { file: 's', line: 1, column: 31 } },
      { ...problem, received: '"x"', place: { file: 's', line: 1, column: 42 } },
    ])
    const space = 'random:\n  samples: 1\n  seed: 1\n  space:\n    a, b: [[1, 2], [3]]'
    expect(pointsIn(space).problems).toEqual([
      { ...problem, path: 'random.space', received: '[3]', place: { file: 's', line: 5, column: 20 } },
    ])
    // The other paths are varied all the same, so that what is wrong with them is found too.
    expect(pointsIn(`grid: { "f, g": [[1]], c: [5], d: [6] }\n${space}\n    e: [7]`).values).toEqual([
      { c: 5, d: 6, e: 7 },
    ])
  })

  test('wants a path on both sides of a comma', () => {
    const space = 'random:\n  samples: 1\n  seed: 1\n  space:\n    a,,b: [[1, 2, 3]]'
    expect(pointsIn(`grid:\n  "c,": [1]\n${space}`).problems).toEqual([
      { path: 'grid', message: '`c,` has a comma without a path', place: { file: 's', line: 2, column: 3 } },
      { path: 'random.space', message: '`a,,b` has a comma without a path', place: { file: 's', line: 7, column: 5 } },
    ])
  })

  test('varies a path once', () => {
    const message = '`a` is varied twice'
    expect(pointsIn('grid:\n  a: [1, 2]\n  a,b: [[3, 4]]\n  b: [5, 6]').problems).toEqual([
      { path: 'a', message, place: { file: 's', line: 3, column: 3 } },
      { path: 'b', message: '`b` is varied twice', place: { file: 's', line: 4, column: 3 } },
    ])
    const random = 'random:\n  samples: 1\n  seed: 1\n  space:\n    a: [3, 4]'
    expect(pointsIn(`grid: { b: [1], a: [1, 2] }\n${random}`).problems).toEqual([
      { path: 'a', message, place: { file: 's', line: 6, column: 5 } },
    ])
  })

  test('has each point once', () => {
    const { problems } = pointsIn('grid: { a: [1, 2, 1, 1.0] }')
    const problem = { path: '', message: 'is a duplicate variant: {"a":1}' }
    expect(problems).toEqual([
      { ...problem, place: { file: 's', line: 1, column: 19 } },
      { ...problem, place: { file: 's', line: 1, column: 22 } },
    ])
  })
})

describe('a bare name', () => {
  test('is the same value as a map that has nothing else', () => {
    expect(pointsIn('grid: { a: [x, { type: x }] }').problems).toEqual([
      { path: '', message: 'is a duplicate variant: {"a":"x"}', place: { file: 's', line: 1, column: 16 } },
    ])
    expect(pointsIn('grid: { a: [[x, y], [{ type: x }, y], [y, x]] }').problems).toEqual([
      { path: '', message: 'is a duplicate variant: {"a":["x","y"]}', place: { file: 's', line: 1, column: 21 } },
    ])
    expect(valuesIn('grid: { a: [{ type: x }, { type: x, size: 2 }] }\nexclude: [{ a: x }]')).toEqual([
      { a: { type: 'x', size: 2 } },
    ])
  })
})

describe('exclude', () => {
  test('drops what matches every entry of a rule, each a value or a list of them', () => {
    const grid = 'grid: { a: [1, 2], b: [{ x: 1, y: 2 }, v, w] }'
    expect(valuesIn(`${grid}\nexclude: [{ a: 1, b: { y: 2, x: 1 } }]`)).toHaveLength(5)
    expect(valuesIn(`${grid}\nexclude: [{ a: 1, b: [v, w] }, { a: 2, b: v }]`)).toEqual([
      { a: 1, b: { x: 1, y: 2 } },
      { a: 2, b: { x: 1, y: 2 } },
      { a: 2, b: 'w' },
    ])
  })

  test('wants rules that match something', () => {
    const { values, problems } = pointsIn('grid: { a: [1, 2], b: [3] }\nexclude:\n- { a: 3 }\n- { a: 2 }')
    expect(values).toEqual([{ a: 1, b: 3 }])
    expect(problems).toEqual([
      {
        path: 'exclude',
        message: 'this rule matches no combination of the grid',
        expected: 'values of `a` or `b`',
        place: { file: 's', line: 3, column: 3 },
      },
    ])
  })

  test('wants paths that the grid varies', () => {
    const rules = 'exclude:\n- { c: 1 }\n- { hidden: 1, modle.size: 1, z: 1 }'
    const { values, problems } = pointsIn(`grid: { hidden: [1, 2], "model.size, model.width": [[3, 4]] }\n${rules}`)
    expect(values).toHaveLength(2)
    const expected = '`hidden`, `model.size` or `model.width`'
    const problem = (name: string, line: number, column: number) => ({
      ...{ path: 'exclude', message: `the grid does not vary ${name}`, expected, place: { file: 's', line, column } },
    })
    expect(problems).toEqual([
      problem('`c`', 3, 5),
      problem('`modle.size`; did you mean `model.size`?', 4, 16),
      problem('`z`', 4, 31),
    ])
    const space = 'random: { samples: 2, space: { d: [1, 2] } }'
    expect(pointsIn(`grid: { a: [1, 2] }\n${space}\nexclude: [{ a: 1, d: 1 }]`).problems).toEqual([
      {
        ...{ path: 'exclude', message: 'the grid does not vary `d`', expected: '`a`' },
        hint: 'rules leave out combinations of the grid; what `random` draws is not left out',
        place: { file: 's', line: 3, column: 19 },
      },
    ])
    const file = 's'
    expect(pointsIn('grid: { "c,": [1], a: [1] }\nexclude: [{ b: 1 }]').problems).toEqual([
      { path: 'grid', message: '`c,` has a comma without a path', place: { file, line: 1, column: 9 } },
      {
        path: 'exclude',
        message: 'the grid does not vary `b`',
        expected: '`c` or `a`',
        place: { file, line: 2, column: 13 },
      },
    ])
    const { problems: alone } = pointsIn('include: [{ a: 1 }]\nexclude: [{ a: 1 }]')
    expect(alone).toEqual([
      { path: 'exclude', message: 'the grid does not vary `a`', place: { file: 's', line: 2, column: 13 } },
    ])
  })

  test('a rule is judged beside keys of the grid that are wrong, but not by them', () => {
    const rules = 'exclude: [{ a: 1 }, { a: 3 }, { c: 1 }, { a: 3, c: 1 }, { d: 1 }]'
    const { problems } = pointsIn(`grid: { a: [1, 2], "b, c": [1] }\n${rules}`)
    expect(problems.map(({ message }) => message)).toEqual([
      '[b, c] takes 2 values at a time',
      'this rule matches no combination of the grid',
      'the grid does not vary `d`',
    ])
  })

  test('leaves something', () => {
    const { values, problems } = pointsIn('grid: { a: [1, 2], b: [3] }\nexclude: [{ b: 3 }]')
    expect(values).toEqual([])
    expect(problems).toEqual([
      {
        path: 'exclude',
        message: "these rules exclude all of the grid's 2 combinations",
        expected: 'at least one variant',
        place: { file: 's', line: 2, column: 10 },
      },
    ])
    expect(valuesIn('grid: { a: [1] }\nexclude: [{ a: 1 }]\ninclude: [{ a: 2 }]')).toEqual([{ a: 2 }])
  })
})

describe('include', () => {
  test('adds points, and is alone without a grid', () => {
    expect(valuesIn('grid: { a: [1] }\ninclude: [{ b: 2, c: 3 }, { a: 4 }]')).toEqual([
      { a: 1 },
      { b: 2, c: 3 },
      { a: 4 },
    ])
    expect(valuesIn('include: [{ b: 2 }]')).toEqual([{ b: 2 }])
    const [, point] = pointsIn('grid: { a: [1] }\ninclude: [{ b: 2 }]').points
    expect(point).toEqual([
      {
        path: 'b',
        node: { kind: 'scalar', value: 2, place: { file: 's', line: 2, column: 16 } },
        keyPlace: { file: 's', line: 2, column: 13 },
      },
    ])
  })

  test('adds what is not there yet', () => {
    expect(pointsIn('grid: { a: [1] }\ninclude: [{ a: 1 }]').problems).toEqual([
      { path: '', message: 'is a duplicate variant: {"a":1}', place: { file: 's', line: 2, column: 16 } },
    ])
  })
})

describe('random draws', () => {
  const random = (space: string, samples = 9) => `random: { samples: ${samples}, seed: 1, space: { ${space} } }`
  const sorted = (values: readonly object[]) => values.map((value) => JSON.stringify(value)).toSorted()

  test('are made with every point of the grid', () => {
    const { values, problems, notes } = pointsIn(`grid: { a: [1, 2] }\n${random('b: [3, 4]')}`)
    expect(problems).toEqual([])
    expect(sorted(values)).toEqual(sorted([1, 2].flatMap((a) => [3, 4].map((b) => ({ a, b })))))
    expect(values.map(({ a }) => a)).toEqual([1, 1, 2, 2])
    expect(notes).toEqual(['random: the space has 2 points, all of which are used (samples: 9)'])
  })

  test('leave out what is included, and are there without a grid', () => {
    expect(sorted(valuesIn(`${random('b: [3, 4]')}\ninclude: [{ b: 3 }]`))).toEqual(['{"b":3}', '{"b":4}'])
    expect(sorted(valuesIn(random('b: [3, 4]')))).toEqual(['{"b":3}', '{"b":4}'])
  })

  const problemOf = (range: string) => {
    const { problems, notes } = pointsIn(`grid: { x: [1, 2] }\n${random(`a: [1, 2, 3], b: ${range}`)}`)
    expect(notes).toEqual(problems.length > 0 ? [] : expect.any(Array))
    return problems
  }

  test.each([
    ['{ range: [1, 0.5] }', 'a smaller number, then a larger one'],
    ['{ range: [1, 1] }', 'a smaller number, then a larger one'],
    ['{ log: [0, 1] }', 'numbers above 0'],
    ['{ log: [0, -1] }', 'a smaller number, then a larger one, and numbers above 0'],
    ['{ integers: [1, 2.5] }', 'whole numbers'],
    ['{ integers: [0.5, 2] }', 'whole numbers'],
  ])('cannot be made from %s', (range, expected) => {
    expect(problemOf(range)).toEqual([
      {
        path: 'random.space.b',
        message: 'cannot be drawn from this range',
        expected,
        received: JSON.stringify(JSON.parse(range.replace(/.*(\[.*\]).*/, '$1'))),
        place: { file: 's', line: 2, column: 58 },
      },
    ])
  })

  test.each(['{ range: [-1, 0.5] }', '{ log: [0.1, 1] }', '{ integers: [0, 1] }', '[1, 0.5]'])(
    '%s is a range',
    (range) => {
      expect(problemOf(range)).toEqual([])
    },
  )

  test('are not made where a range is wrong', () => {
    const { values } = pointsIn(`grid: { x: [1, 2] }\n${random('b: { range: [2, 1] }')}`)
    expect(values).toEqual([{ x: 1 }, { x: 2 }])
  })
})
