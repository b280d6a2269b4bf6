import { describe, expect, it } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { confidenceInterval, difference, differenceFrom, equivalenceP } from '../../src/stats/difference.js'
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

  it('of one sample is the share of drawn variants that are found to differ from a figure', () => {
    const planned = { ...two, seeds: 6, oneSample: true }
    const random = randomStream(8, 'test', 'power')
    const studies = 4000
    const finds = Array.from({ length: studies }, () => {
      const values = Array.from({ length: planned.seeds }, () => 3.5 + random.normal())
      const interval = confidenceInterval(differenceFrom(values, 2), planned.alpha)
      return interval !== undefined && interval.low > 0
    })
    const share = finds.filter(Boolean).length / studies
    expect(Math.abs(powerOfDifference(1.5, planned) - share)).toBeLessThan(0.025)
  })

  // Cohen 1988, section 2.5 (one sample): 10 and 34 give 80 % at d = 1 and 0.5.
  it.each([
    [1, 10],
    [0.5, 34],
  ])('of one sample gives 80 %% at d = %s with %i seeds', (effect, seeds) => {
    expect(seedsFor(0.8, (of) => powerOfDifference(effect, { ...two, oneSample: true, seeds: of }))).toBe(seeds)
  })

  // SciPy 1.17.1: the mean over chi2.ppf((i + 0.5) / 20, k - 1), i = 0 to 19, of norm.cdf((effect - margin - t.ppf(0.975, ν) se) / σ_D);
  // of two samples over pairs of them, ν by Satterthwaite.
  it.each<[number, Planned, number]>([
    [1, { ...two, oneSample: true }, 0.4009978015467886],
    [3, { seeds: 4, spread: 2, alpha: 0.05, margin: 0.5, oneSample: true }, 0.4076283648671525],
    [2, two, 0.769946836323239],
    // The same with half of everything.
    [1, { ...two, spread: 0.5 }, 0.769946836323239],
  ])('is the integral in twenty shares: %s', (effect, planned, power) => {
    expect(powerOfDifference(effect, planned)).toBeCloseTo(power, 7)
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

describe('the power of an equivalence', () => {
  // SciPy 1.17.1, as above: 2 norm.cdf(room / σ_D) - 1 where there is room.
  it.each([
    [1.2, 6, 0.63024962454167],
    [0.3, 3, 0.0021930638376298607],
  ])('is 0 where the standard error leaves no room: margin %s, %i seeds', (margin, seeds, power) => {
    expect(powerOfEquivalence({ ...two, seeds, margin, oneSample: true })).toBeCloseTo(power, 7)
  })
})

describe('seedsFor', () => {
  it('is the first number from two on that is enough, and the last that is tried may be', () => {
    expect(seedsFor(0.5, (seeds) => (seeds >= 3 ? 0.5 : 0.4))).toBe(3)
    expect(seedsFor(0, () => 0)).toBe(2)
    expect(seedsFor(1, (seeds) => (seeds === 200 ? 1 : 0))).toBe(200)
    expect(seedsFor(1, (seeds) => (seeds === 201 ? 1 : 0))).toBeUndefined()
    expect(seedsFor(1, (seeds) => (seeds === 7 ? 1 : 0), 7)).toBe(7)
    expect(seedsFor(1, (seeds) => (seeds === 8 ? 1 : 0), 7)).toBeUndefined()
  })

  it('is undefined where no number of seeds is enough', () => {
    const ofExamples = { variance: 100, examples: 50 }
    expect(seedsFor(0.8, (seeds) => powerOfDifference(1, { ...two, seeds, ofExamples }))).toBeUndefined()
  })
})
