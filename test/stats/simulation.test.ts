import { describe, expect, it } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { type MeanTrial, simulateMean } from './simulated-means.js'
import { type PairedTruth, simulatePairs } from './simulated-pairs.js'
import { simulateStudy, type Truth } from './simulated-study.js'

// How often the comparison is wrong where the truth is known. `npm run test:statistics` draws 2,000 studies of each kind;
// the whole suite draws fewer, with room for chance.
const studies = Number(process.env.SEQLAB_STUDIES ?? 100)
const whole = studies >= 2000
const seed = 20_26

const usual = { seeds: 5, examples: 80 }
const quietExamples = { exampleSpread: 4, interactionSpread: 1, residualSpread: 2 }
const loudExamples = { exampleSpread: 8, interactionSpread: 6, residualSpread: 4 }

const nulls: Readonly<Record<string, Truth>> = {
  'two variants, seeds vary most': { ...usual, ...quietExamples, rates: [0, 0] },
  'four variants, seeds vary most': { ...usual, ...quietExamples, rates: [0, 0, 0, 0] },
  'four variants, examples vary as much': { ...usual, ...loudExamples, rates: [0, 0, 0, 0] },
  'three variants of three seeds': { ...usual, ...loudExamples, seeds: 3, rates: [0, 0, 0] },
  'two variants of two seeds': { ...usual, ...quietExamples, seeds: 2, rates: [0, 0] },
  'two variants of two seeds, examples vary as much': { ...usual, ...loudExamples, seeds: 2, rates: [0, 0] },
  'four variants of two seeds': { ...usual, ...quietExamples, seeds: 2, rates: [0, 0, 0, 0] },
}

/** Share of studies in which any difference is claimed where there is none. */
function falseAlarms(truth: Truth): number {
  const random = randomStream(seed, 'test', 'null', JSON.stringify(truth))
  let alarms = 0
  for (let study = 0; study < studies; study++) {
    if (simulateStudy(truth, random, study).some(({ shown }) => shown)) alarms++
  }
  return alarms / studies
}

/** Share of studies in which the first pair's difference is shown, and with the right sign. */
function power(truth: Truth): number {
  const random = randomStream(seed, 'test', 'power', JSON.stringify(truth))
  let found = 0
  for (let study = 0; study < studies; study++) {
    const [first] = simulateStudy(truth, random, study)
    if (first?.shown === true && first.estimate < 0) found++
  }
  return found / studies
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`
// Three standard errors of a share of 5 % (70 %) for the short version; the promise itself for the whole one.
const patience = whole ? 1_800_000 : 120_000
const alarmLimit = whole ? 0.06 : 0.05 + 3 * Math.sqrt((0.05 * 0.95) / studies)
const powerLimit = whole ? 0.7 : 0.7 - 3 * Math.sqrt((0.7 * 0.3) / studies)

describe(`${studies} simulated studies`, () => {
  for (const [name, truth] of Object.entries(nulls)) {
    it(
      `seldom claim a difference that is not there: ${name}`,
      () => {
        const rate = falseAlarms(truth)
        console.log(`family-wise error, ${name}: ${percent(rate)} of ${studies}`)
        expect(rate).toBeLessThanOrEqual(alarmLimit)
      },
      patience,
    )
  }

  it('find a difference of two standard deviations between seeds, with five seeds', () => {
    const rate = power({ ...usual, ...quietExamples, rates: [0, 2] })
    console.log(`power, two variants, two seed standard deviations apart: ${percent(rate)} of ${studies}`)
    expect(rate).toBeGreaterThanOrEqual(powerLimit)
  })

  it.runIf(whole)('find it less often within a larger family, and say so', () => {
    const rate = power({ ...usual, ...quietExamples, rates: [0, 2, 1, 1] })
    console.log(`power for one pair among four variants (six pairs): ${percent(rate)} of ${studies}`)
    expect(rate).toBeGreaterThan(0.25)
  })
})

const pairedUsual = { seeds: 5, examples: 80, exampleSpread: 4, interactionSpread: 1, residualSpread: 2 }
const pairedNulls: Readonly<Record<string, PairedTruth>> = {
  'two searches, models agree': { ...pairedUsual, modelSpread: 0.1, rates: [0, 0] },
  'three searches, models differ as much as seeds': { ...pairedUsual, modelSpread: 1, rates: [0, 0, 0] },
  'two searches of three models, examples vary most': {
    ...{ seeds: 3, examples: 80, exampleSpread: 8, interactionSpread: 6, residualSpread: 4 },
    ...{ modelSpread: 0.5, rates: [0, 0] },
  },
}

describe(`${studies} simulated studies of evaluations that share trained models`, () => {
  const shareShown = (truth: PairedTruth, paired: boolean) => {
    const random = randomStream(seed, 'test', 'paired', JSON.stringify(truth))
    const shown = Array.from({ length: studies }, (_, study) =>
      simulatePairs(truth, random, study, paired).some((pair) => pair.shown),
    )
    return shown.filter(Boolean).length / studies
  }

  for (const [name, truth] of Object.entries(pairedNulls)) {
    it(`seldom claim a difference that is not there: ${name}`, () => {
      const rate = shareShown(truth, true)
      console.log(`family-wise error, paired, ${name}: ${percent(rate)} of ${studies}`)
      expect(rate).toBeLessThanOrEqual(alarmLimit)
    })
  }

  it('find a difference of half a standard deviation between seeds, which unpaired ones would not', () => {
    const truth = { ...pairedUsual, modelSpread: 0.1, residualSpread: 1, interactionSpread: 0.5, rates: [0, 0.5] }
    const [paired, unpaired] = [shareShown(truth, true), shareShown(truth, false)]
    console.log(`power, half a seed standard deviation apart: paired ${percent(paired)}, unpaired ${percent(unpaired)}`)
    expect(paired).toBeGreaterThanOrEqual(powerLimit)
    expect(unpaired).toBeLessThan(0.3)
  })
})

const seedNumbers = [2, 3, 5, 10] as const
const nearEnds = { 'near 0 (0.05)': 0.05, 'near 1 (0.95)': 0.95 }

/** One row: how often each interval of the mean covers the truth, and how wide it is on average. */
function coverage(name: string, mean: number, seeds: number) {
  const random = randomStream(seed, 'test', 'coverage', name, seeds)
  const trials = Array.from({ length: studies }, (_, study) =>
    simulateMean({ mean, seeds, examples: 60 }, random, study),
  )
  const of = (kind: keyof MeanTrial) => ({
    share: trials.filter((trial) => trial[kind].covers).length / studies,
    width: trials.reduce((sum, trial) => sum + trial[kind].width, 0) / studies,
  })
  return { name, seeds, t: of('t'), cut: of('cut'), bootstrap: of('bootstrap') }
}

describe(`intervals of means over seeds in ${studies} studies, skewed values near 0 and 1`, () => {
  const rows = Object.entries(nearEnds).flatMap(([name, mean]) =>
    seedNumbers.map((seeds) => coverage(name, mean, seeds)),
  )

  it('are printed', () => {
    console.table(
      rows.map(({ name, seeds, t, cut, bootstrap }) => ({
        values: name,
        seeds,
        't covers': percent(t.share),
        'cut covers': percent(cut.share),
        'seed bootstrap covers': percent(bootstrap.share),
        't width': t.width.toFixed(3),
        'cut width': cut.width.toFixed(3),
        'seed bootstrap width': bootstrap.width.toFixed(3),
      })),
    )
    expect(rows).toHaveLength(8)
  })

  it('lose no coverage by being cut to the range, and cover more often than a bootstrap over seeds', () => {
    for (const { t, cut, bootstrap } of rows) {
      expect(cut.share).toBe(t.share)
      expect(cut.width).toBeLessThanOrEqual(t.width)
      expect(cut.share).toBeGreaterThan(bootstrap.share)
    }
  })
})
