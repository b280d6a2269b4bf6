// By hand from Och & Ney 2003, equation 24.
import { expect, test } from 'vitest'
import { buildMetrics, corpusValues, scoreExample } from '../../src/metrics/score.js'
import type { ScoredExample } from '../../src/metrics/types.js'

const built = buildMetrics([{ type: 'aer' }, { type: 'alignment-mass' }])
const plain = { source: ['a', 'b', 'c'], references: [['x', 'y', 'z']], hypothesis: ['x'] }

function example(attended: ScoredExample['attended']): ScoredExample {
  return { ...plain, ...(attended && { attended }) }
}

// Strongest: x-a, y-c, z-b.
const weights = [
  [0.6, 0.3, 0.1],
  [0.2, 0.2, 0.6],
  [0.1, 0.8, 0.1],
]

test.each([
  [
    'all as it should be',
    [
      [0, 0],
      [2, 1],
      [1, 2],
    ],
    [],
    0,
    (0.6 + 0.6 + 0.8) / 3,
  ],
  // |A| = 3, |S| = 3, |A ∩ S| = |A ∩ P| = 2.
  [
    'one of three wrong',
    [
      [0, 0],
      [1, 1],
      [1, 2],
    ],
    [],
    1 / 3,
    (0.6 + 0.2 + 0.8) / 3,
  ],
  // z has no link: |A| = 2, |S| = 2, |A ∩ S| = 1.
  [
    'a symbol without a link',
    [
      [0, 0],
      [0, 1],
    ],
    [],
    1 / 2,
    (0.6 + 0.2) / 2,
  ],
  // |A| = 3, |S| = 1, |A ∩ S| = 1, |A ∩ P| = 2.
  [
    'possible links',
    [[0, 0]],
    [
      [2, 1],
      [1, 1],
      [0, 2],
    ],
    1 / 4,
    (0.6 + 0.8 + 0.1) / 3,
  ],
  // |A| = 1, |S| = 2: with two sure sources, one is missed.
  [
    'two sure sources',
    [
      [0, 0],
      [1, 0],
    ],
    [],
    1 / 3,
    0.9,
  ],
  // A link twice, and one that is sure and possible, are one each.
  [
    'the same link twice',
    [
      [0, 0],
      [0, 0],
    ],
    [[0, 0]],
    0,
    0.6,
  ],
] as const)('%s', (_, sure, possible, aer, mass) => {
  const values = corpusValues(built, [scoreExample(built, example({ weights, sure, possible }))])
  expect(values.aer).toBeCloseTo(aer, 12)
  expect(values['alignment-mass']).toBeCloseTo(mass, 12)
})

test.each([
  ['every symbol at a sure source', [[0, 0]], [], false],
  ['a symbol elsewhere', [[1, 0]], [], true],
  // It points at a possible one: |A ∩ S| + |A ∩ P| = 0 + 1, |A| + |S| = 1 + 0.
  ['a symbol at a possible source', [], [[0, 0]], false],
  // |A ∩ S| + |A ∩ P| = 2, |A| + |S| = 1 + 2.
  [
    'a sure source that is missed',
    [
      [0, 0],
      [1, 0],
    ],
    [],
    true,
  ],
  ['a symbol without a link', [], [], false],
] as const)('an example has an error where the rate of its own is above 0: %s', (_, sure, possible, isWrong) => {
  const aer = built.find(({ name }) => name === 'aer')
  const statistics = aer?.statistics(example({ weights, sure, possible })) ?? []
  expect(aer?.isWrong?.(statistics)).toBe(isWrong)
})

test('sums over examples; those without a true alignment add nothing', () => {
  const rows = [
    example({ weights, sure: [[0, 0]], possible: [] }),
    example(undefined),
    example({
      weights,
      sure: [
        [0, 0],
        [0, 1],
        [0, 2],
      ],
      possible: [],
    }),
  ]
  const values = corpusValues(
    built,
    rows.map((row) => scoreExample(built, row)),
  )
  expect(values.aer).toBeCloseTo(1 - 4 / 8, 12)
  const none = corpusValues(built, [scoreExample(built, example(undefined))])
  expect(none.aer).toEqual({ value: null, reason: 'the data have no true alignment' })
})
