import { describe, expect, it } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { confidenceInterval, difference, equivalenceP } from '../../src/stats/difference.js'
import { type Planned, powerOfDifference, powerOfEquivalence, seedsFor } from '../../src/stats/power.js'

const two = { seeds: 5, spread: 1, alpha: 0.05 }

/** Share of drawn studies of two variants, `effect` apart, in which `finds` is true of their difference. */
function drawn(
  effect: number,
  { seeds, spread, ofExamples }: Planned,
  finds: (found: ReturnType<typeof difference>) => boolean,
): number {
  const random = randomStream(7, 'test', 'power')
  const studies = 4000
  let found = 0
  for (let study = 0; study < studies; study++) {
    // New examples move both variants' means alike over the seeds.
    const moved = effect + random.normal() * Math.sqrt(ofExamples?.variance ?? 0)
    const values = (middle: number) => Array.from({ length: seeds }, () => middle + spread * random.normal())
    if (finds(difference(values(moved), values(0), ofExamples))) found++
  }
  return found / studies
}

describe('powerOfDifference', () => {
  // Cohen 1988, table 2.4.1: 17, 26 and 64 of each of two samples give 80 % at d = 1.0, 0.8 and 0.5 (two-sided, 5 %).
  it.each([
    [1, 17],
    [0.8, 26],
    [0.5, 64],
  ])('gives 80 % at d = %s with %i seeds, as the textbook', (effect, seeds) => {
    expect(seedsFor(0.8, (of) => powerOfDifference(effect, { ...two, seeds: of }))).toBe(seeds)
  })

  it.each<[string, number, Planned]>([
    ['two seeds', 4, { ...two, seeds: 2 }],
    ['three seeds', 3, { ...two, seeds: 3 }],
    ['five seeds', 2, two],
    ['a share of six pairs', 3, { ...two, alpha: 0.05 / 6 }],
    ['a margin', 3, { ...two, margin: 1 }],
    ['examples', 2, { ...two, ofExamples: { variance: 0.3, examples: 100 } }],
  ])('is the share of drawn studies that find the difference: %s', (_, effect, planned) => {
    const share = drawn(effect, planned, (found) => {
      const interval = confidenceInterval(found, planned.alpha)
      return interval !== undefined && interval.low > (planned.margin ?? 0)
    })
    expect(Math.abs(powerOfDifference(effect, planned) - share)).toBeLessThan(0.025)
  })

  it('is half of the false alarms where nothing differs, and none with one seed', () => {
    expect(powerOfDifference(1e-9, { ...two, seeds: 30 })).toBeCloseTo(0.025, 3)
    expect(powerOfDifference(5, { ...two, seeds: 1 })).toBe(0)
  })
})

describe('powerOfEquivalence', () => {
  it.each<[string, number, Planned]>([
    ['three seeds', 3, { ...two, seeds: 3 }],
    ['five seeds', 2, two],
    ['ten seeds and examples', 1.6, { ...two, seeds: 10, ofExamples: { variance: 0.1, examples: 200 } }],
  ])('is the share of drawn studies of equals that are within the margin: %s', (_, margin, planned) => {
    const share = drawn(0, planned, (found) => (equivalenceP(found, margin) ?? 1) <= planned.alpha)
    expect(Math.abs(powerOfEquivalence({ ...planned, margin }) - share)).toBeLessThan(0.025)
  })
})

describe('seedsFor', () => {
  it('is undefined where no number of seeds is enough', () => {
    const ofExamples = { variance: 100, examples: 50 }
    expect(seedsFor(0.8, (seeds) => powerOfDifference(1, { ...two, seeds, ofExamples }))).toBeUndefined()
  })
})
