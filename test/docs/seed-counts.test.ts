import { expect, test } from 'vitest'
import type { RecordedPair } from '../../docs/study-pages/record.js'
import { countCrossed, countSeeds, covariances, subsets } from '../../docs/study-pages/seed-counts.js'

/** A pair in an error rate, with a variance of its own for each seed's examples. */
function pairOf(leftValues: readonly number[], rightValues: readonly number[], ofExamples = 0): RecordedPair {
  const places = [...leftValues.keys()]
  return {
    ...{ left: 'a', right: 'b', metric: 'per', unit: 'percent', better: 'lower', examples: 100 },
    seeds: places.map((at) => at + 1),
    leftValues: [...leftValues],
    rightValues: [...rightValues],
    exampleCovariance: places.map((row) => places.map((column) => (row === column ? ofExamples : 0))),
  }
}

test('every choice is there once: C(4, 2) = 6', () => {
  expect([...subsets(4, 2)]).toEqual([
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 2],
    [1, 3],
    [2, 3],
  ])
  expect([...subsets(3, 3)]).toEqual([[0, 1, 2]])
  // 30 · 29 · 28 / 6.
  expect([...subsets(30, 3)]).toHaveLength(4060)
})

test('one seed that is far off turns over most comparisons', () => {
  // Differences -1, -1, -1, +5: over all four +0.5. Alone three of four are below 0; of pairs the three without the fourth seed; of
  // three the one without it.
  const pair = pairOf([1, 1, 1, 5], [2, 2, 2, 0])
  expect(countSeeds(pair, 1)).toEqual({
    ...{ k: 1, subsets: 4, wrong: 3, ties: 0, supported: null, wrongSupported: null },
    ...{ least: -1, most: 5 },
  })
  expect(countSeeds(pair, 2)).toMatchObject({ subsets: 6, wrong: 3, ties: 0, least: -1, most: 2 })
  expect(countSeeds(pair, 3)).toMatchObject({ subsets: 4, wrong: 1, ties: 0 })
  expect(countSeeds(pair, 4)).toMatchObject({ subsets: 1, wrong: 0 })
})

test('any seed of one against any of the other: 1, 1, 1 are below 2, 2, 2 in nine of sixteen', () => {
  expect(countCrossed(pairOf([1, 1, 1, 5], [2, 2, 2, 0]))).toEqual({ pairs: 16, wrong: 9 })
})

test('equal means are ties, not errors', () => {
  // Differences 1, -1, 2: of pairs one is 0.
  expect(countSeeds(pairOf([1, 0, 2], [0, 1, 0]), 2)).toMatchObject({ subsets: 3, wrong: 0, ties: 1 })
})

test('the test is that of a claim, at 5 %', () => {
  // Welch's test of 0, 1 against 10, 11: t = -10 / sqrt(0.5), 2 degrees of freedom, p = 0.0049; of 0, 2 against 10, 12 p = 0.019.
  expect(countSeeds(pairOf([0, 1, 2], [10, 11, 12]), 2)).toMatchObject({ supported: 3, wrongSupported: 0 })
  // Seeds 1 and 2 of the first model are better beyond doubt, and the third is so bad that over all it is the worse one.
  expect(countSeeds(pairOf([0, 1, 90], [10, 11, 12]), 2)).toMatchObject({ wrong: 1, supported: 0, wrongSupported: 1 })
})

test('what new examples could change is in the variance', () => {
  // 1000 of each seed is 1000 / 2 of a mean over two: t = -10 / sqrt(0.5 + 500) is nothing.
  expect(countSeeds(pairOf([0, 1, 2], [10, 11, 12], 1000), 2)).toMatchObject({ supported: 0, wrongSupported: 0 })
})

test('covariances over resamples: of 1, 3 and 2, 8 they are 2, 6 and 18', () => {
  expect(covariances([new Float64Array([1, 3]), new Float64Array([2, 8])])).toEqual([
    [2, 6],
    [6, 18],
  ])
})

test('where nothing can be counted it says so', () => {
  expect(() => countSeeds(pairOf([1, 2], [2, 1]), 1)).toThrow('no difference')
  expect(() => countSeeds(pairOf([1, 2], [2, 2]), 3)).toThrow('no 3 of 2 seeds')
})
