import { expect, test } from 'vitest'
import { undefinedBecause } from '../../../../../src/core/measured.js'
import { judge, type Sides } from '../../../../../src/report/analysis/comparison/claims/verdict.js'
import type { Pair } from '../../../../../src/report/analysis/comparison/types.js'
import type { Claim } from '../../../../../src/spec/types.js'
import { everything } from '../../../../../src/stats/mean-interval.js'

const claim: Claim = { left: 'a', right: 0.5, metric: 'per', relation: 'lower' }
const pair: Pair = {
  ...{
    left: 'left',
    right: 'figure',
    paired: 0,
    difference: -2,
    interval: { low: -3, high: -1 },
    level: 0.95,
    p: 0.01,
  },
  ...{ adjustedP: 0.02, significant: true, effectSize: 1, seedVariance: 1, exampleVariance: 0, degreesOfFreedom: 2 },
}
const between = {
  ...{
    estimate: -2,
    seedVariance: 1,
    exampleVariance: 0,
    standardError: 1,
    degreesOfFreedom: 2,
    p: 0.01,
    effectSize: 1,
  },
}
const sides: Sides = {
  ...{ title: 'PER', unit: 'number', better: 'lower', range: everything, pair, between, swapped: false },
  ...{ family: 2, seeds: [3, 0], overExamples: false, averaged: '' },
}

test('a verdict beside figures counts the seeds of its one side, and the figures that it was corrected for', () => {
  const { verdict, evidence } = judge(claim, sides, undefined)
  expect(verdict).toBe('supported')
  expect(evidence).toBe(
    'PER differs by -2 (95 % interval -3 to -1, p = 0.02, corrected for 2 figures); tested over seeds only (3 seeds), not over new examples',
  )
  expect(judge(claim, { ...sides, overExamples: true, averaged: 'averaged' }, undefined).evidence).toBe(
    'PER differs by -2 (95 % interval -3 to -1, p = 0.02, corrected for 2 figures); averaged (3 seeds)',
  )
})

test('a test without a probability has none in its figures', () => {
  const { test: figures } = judge(
    claim,
    { ...sides, pair: { ...pair, adjustedP: undefinedBecause('none') } },
    undefined,
  )
  expect(figures).toEqual({
    ...{ unit: 'number', difference: -2, low: -3, high: -1, coverage: 0.95, p: null, family: 2, seeds: [3, 0] },
  })
})
