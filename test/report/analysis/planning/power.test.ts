import { expect, test } from 'vitest'
import type { Pilot } from '../../../../src/report/analysis/planning/pilot.js'
import { claimPowers } from '../../../../src/report/analysis/planning/power.js'
import { planTrials } from '../../../../src/spec/plan/trials.js'
import type { Claim, LoadedSpec } from '../../../../src/spec/types.js'
import { powerOfDifference, powerOfEquivalence } from '../../../../src/stats/power.js'
import { variantOf, withEncoder } from '../../../spec/plan/resolved.js'

const cells = ['gru', 'lstm', 'elman'] as const
const sizes = [3, 4] as const

const tagger = (cell: string, hidden: number): LoadedSpec =>
  variantOf(
    `${cell}, ${hidden}`,
    { 'model.encoder.cell': cell, 'model.encoder.hidden': hidden },
    withEncoder({ cell: { type: cell }, hidden }),
  )
const digests = { training: 't', train: 'a', dev: 'b', test: 'c', vocabularies: 'v' }
const specs = cells.flatMap((cell) => sizes.map((hidden) => ({ ...tagger(cell, hidden), dataset: { digests } })))
const { trials } = planTrials(specs, { name: 'cells', seeds: [1, 2, 3] }).plan

const claim: Claim = { left: 'gru, 3', right: 'elman, 3', metric: 'slot-f1', relation: 'better' }
const gru = { 'model.encoder.cell': 'gru' }
const elman = { 'model.encoder.cell': 'elman' }
const powerOf = (one: Partial<Claim>, pilot?: Pilot) => claimPowers(trials, [{ ...claim, ...one }], pilot)[0]

test('two of six variants are one of fifteen pairs', () => {
  const power = powerOf({ effect: 0.05, spread: 0.01 })
  expect(power?.family).toBe(15)
  expect(power?.seeds).toBe(3)
  expect(power?.power).toBe(powerOfDifference(0.05, { seeds: 3, spread: 0.01, alpha: 0.05 / 15 }))
  expect(power?.sentence).toMatch(
    /^gru, 3 better than elman, 3 in slot-f1: effect 5\.0 points, power \d+ % with 3 seeds each; 80 % with \d seeds \(spread between seeds 1\.0 points, as given; corrected for 15 tests; without the variance of the examples\)$/,
  )
})

test('a whole factor is averaged over the others: three pairs of levels, half of the variance', () => {
  const power = powerOf({ left: gru, right: elman, effect: 0.05, spread: 0.01 })
  expect(power?.family).toBe(3)
  expect(power?.power).toBe(powerOfDifference(0.05, { seeds: 3, spread: 0.01 / Math.sqrt(2), alpha: 0.05 / 3 }))
  expect(power?.sentence).toContain('each seed an average of 2 settings')
})

test('a figure has no spread: one sample, among the claims that compare this measure with figures', () => {
  const figure: Claim = { ...claim, right: 0.8, effect: 0.05, spread: 0.01 }
  const [first] = claimPowers(trials, [figure, { ...figure, left: gru }, claim], undefined)
  expect(first?.family).toBe(2)
  expect(first?.power).toBe(powerOfDifference(0.05, { seeds: 3, spread: 0.01, alpha: 0.025, oneSample: true }))
  expect(first?.sentence).toMatch(
    /^gru, 3 better than 80\.0 % in slot-f1: effect 5\.0 points, power \d+ % with 3 seeds[;( ]/,
  )
})

test('equivalence is tested by its margin, among the claims of equivalence alone', () => {
  const equal: Claim = { ...claim, relation: 'equivalent', margin: 0.04, spread: 0.01 }
  const [first, second] = claimPowers(trials, [equal, { ...equal, left: 'lstm, 3' }], undefined)
  expect([first?.family, second?.family]).toEqual([2, 2])
  expect(first?.power).toBe(powerOfEquivalence({ seeds: 3, spread: 0.01, alpha: 0.025, margin: 0.04 }))
})

test('a pilot tells the spread, and what the examples add', () => {
  const spreadOf = () => ({
    ...{ spread: 0.02, pairedSpread: undefined, variants: 4 },
    ofExamples: { variance: 1e-4, examples: 500 },
  })
  const power = powerOf({ effect: 0.1 }, { directory: 'runs/pilot', spreadOf, measuresOf: () => [] })
  const ofExamples = { variance: 1e-4, examples: 500 }
  expect(power?.power).toBe(powerOfDifference(0.1, { seeds: 3, spread: 0.02, alpha: 0.05 / 15, ofExamples }))
  expect(power?.sentence).toContain('spread between seeds 2.0 points, as in 4 variants of runs/pilot')
  expect(power?.sentence).toContain('500 examples')
})

test('what is missing is said', () => {
  expect(powerOf({})?.sentence).toBe('gru, 3 better than elman, 3 in slot-f1: no effect given')
  expect(powerOf({ effect: 0.01 })?.sentence).toContain('effect 1.0 points; no spread between seeds is known')
  expect(powerOf({ effect: 0.01, spread: 1 })?.sentence).toContain('80 % with more than 200 seeds')
})
