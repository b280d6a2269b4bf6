import { describe, expect, test } from 'vitest'
import { describeGroup } from '../../../../../src/report/analysis/comparison/group.js'
import { judgePublished } from '../../../../../src/report/analysis/comparison/published/judge.js'
import { ourVariants } from '../../../../../src/report/analysis/comparison/published/ours.js'
import type { FoundTrial } from '../../../../../src/report/analysis/comparison/read-trial.js'
import { groupTrials } from '../../../../../src/report/analysis/comparison/variants.js'
import { ensembleId } from '../../../../../src/spec/hash.js'
import type { PublishedFigure } from '../../../../../src/spec/types.js'
import { statisticsTable } from '../../../../../src/stats/bootstrap.js'
import { foundTrial } from '../../../found.js'
import { madeUpSpec } from '../../../made-up.js'

const exact = { low: 0, high: 1, method: 'clopper-pearson' } as const
const bootstrap = { low: 0, high: 1, method: 'bootstrap' } as const
type Result = NonNullable<FoundTrial['record']['metrics']['test']>[string]

/** One of several test examples of eight tokens, some of which are right; PER is the share of the others. */
const rights = (...right: readonly number[]) => ({
  per: statisticsTable(right.map((of) => [8 - of, 8])),
  'token-accuracy': statisticsTable(right.map((of) => [of, 8])),
})
const resulting = (result: Result) => ({ per: result, 'token-accuracy': result })

/** A trial with an accuracy over some examples; by default as if each example were right or wrong. */
function scored(label: string, seed: number, right: readonly number[], result: Result = { value: 0, interval: exact }) {
  const metrics = [{ type: 'per' as const }, { type: 'token-accuracy' as const }]
  const record = { spec: { ...madeUpSpec, seed, metrics }, metrics: { dev: {}, test: resulting(result) } }
  return { ...foundTrial({ label, seed, record }), statistics: rights(...right) }
}
/** So many examples, of whose tokens each has so many right. */
const alike = (examples: number, right: number) => Array<number>(examples).fill(right)

const described = (trials: readonly FoundTrial[]) =>
  groupTrials(trials, { onlyChanged: true }).map((group) => describeGroup(group, { seed: 1 }))
const figure = (value: number, more: Partial<PublishedFigure> = {}): PublishedFigure => ({
  ...{ metric: 'token-accuracy', value },
  ...more,
})
const stated = (one: PublishedFigure) => ({ figure: one, source: 'Ada 1843', folder: 'runs/cells' })
const ensemble = (trials: readonly FoundTrial[], right: readonly number[]) => ({
  id: ensembleId(
    trials.map(({ record }) => record.trialId),
    trials[0]?.record.evaluation ?? '',
  ),
  ...{ results: resulting({ value: 0, interval: exact }), statistics: rights(...right) },
})
const [bestOf, halfOf] = [8, 4].map((right) => alike(16, right))
if (bestOf === undefined || halfOf === undefined) throw new Error('two')
const half = [1, 2].map((seed) => scored('half', seed, halfOf))
const eighths = [4, 5, 6].map((right, at) => scored('eighths', at + 1, alike(16, right)))

describe('our results of a figure', () => {
  const ours = (trials: readonly FoundTrial[], one: PublishedFigure, ensembles: ReturnType<typeof ensemble>[] = []) =>
    ourVariants(stated(one), one.metric, described(trials), ensembles).map(({ bySeed, models, variances }) => ({
      ...{ bySeed: [...bySeed], models, variances },
    }))
  const [one, other] = [
    [1, 0.5],
    [2, 0.5],
  ]

  test('have of a share its exact variance, by the number of their examples and ours', () => {
    // 0.6 · 0.4 of 48 and of our 16 examples.
    expect(ours(half, figure(0.6, { examples: 48 }))).toEqual([
      { bySeed: [one, other], models: 2, variances: [expect.closeTo(0.24 / 48, 12), expect.closeTo(0.24 / 16, 12)] },
    ])
    const [{ variances } = { variances: [0, 0] }] = ours(half, figure(0.6))
    expect(variances).toEqual([expect.closeTo(0.24 / 16, 12), expect.closeTo(0.24 / 16, 12)])
  })

  test('have else that of the resampled examples: theirs of one model, ours of the mean', () => {
    // Of 16 examples half are all right, half all wrong: the variance of their mean is 1/4 / 16.
    const right = Array.from({ length: 16 }, (_, at) => (at % 2 === 0 ? 8 : 0))
    const result = { value: 0.5, interval: bootstrap }
    const same = [1, 2].map((seed) => scored('same', seed, right, result))
    const [{ variances } = { variances: [0, 0] as const }] = ours(same, figure(0.6, { examples: 64 }))
    expect(64 * variances[1]).toBeCloseTo(1, 0)
    // Theirs are four times as many.
    expect(variances[0]).toBeCloseTo(variances[1] / 4, 12)
    const [plain = { variances: [0, 0] as const }] = ours(same, figure(0.6))
    expect(plain.variances[0]).toBeCloseTo(variances[1], 12)
    // Where one model is wrong the other is right: the mean of both is one half under any examples.
    const opposite = right.map((of) => 8 - of)
    const both = [scored('both', 1, right, result), scored('both', 2, opposite, result)]
    const [{ variances: of } = { variances: [0, 0] as const }] = ours(both, figure(0.6))
    expect(of).toEqual([expect.closeTo(variances[1], 12), 0])
  })

  test('leave out resamples in which there is nothing to measure', () => {
    // Of five examples two have no tokens: about one resample in a hundred has these alone.
    const table = statisticsTable([0, 0, 8, 8, 8].map((tokens, at) => [at === 3 ? 0 : tokens, tokens]))
    const sparse = scored('sparse', 1, alike(5, 8), { value: 2 / 3, interval: bootstrap })
    const [own] = ours([{ ...sparse, statistics: { 'token-accuracy': table } }], figure(0.6))
    expect(own?.variances).toEqual([expect.closeTo(0.1, 1), own?.variances[0]])
  })

  test.each<[string, Result]>([
    ['a bootstrap interval', { value: 0.5, interval: bootstrap }],
    ['no interval', { value: 0.5, interval: { value: null, reason: 'made up' } }],
    ['no value', { value: null, reason: 'made up' }],
  ])('are no exact share where one trial has %s', (_, result) => {
    // All examples are alike: resampled they do not vary at all, while the share of 0.6 would.
    const [own] = ours([scored('a', 1, halfOf), scored('a', 2, halfOf, result)], figure(0.6))
    expect(own?.variances).toEqual([0, 0])
  })

  test('are no exact share where one trial has no result of the metric', () => {
    const [first, second] = half
    if (first === undefined || second === undefined) throw new Error('two trials')
    const without = { ...second, record: { ...second.record, metrics: { dev: {}, test: {} } } }
    const [own] = ours([first, without], figure(0.6))
    expect([own?.variances, own?.bySeed]).toEqual([
      [0, 0],
      [one, other],
    ])
  })

  test('are of the variants that the figure names, in groups that have the metric', () => {
    expect(ours([...half, ...eighths], figure(0.6)).map(({ models }) => models)).toEqual([2, 3])
    expect(ours([...half, ...eighths], figure(0.6, { of: 'eighths' })).map(({ bySeed }) => bySeed)).toEqual([
      [
        [1, 0.5],
        [2, 0.625],
        [3, 0.75],
      ],
    ])
    expect(ours(half, figure(0.6, { metric: 'wer' }))).toEqual([])
    // A trial without the metric's statistics is left out; of a variant without any nothing is left.
    const lacking = {
      ...scored('half', 3, halfOf),
      statistics: { per: statisticsTable(alike(16, 4).map((n) => [n, 8])) },
    }
    expect(ours([...half, lacking], figure(0.6))).toMatchObject([{ bySeed: [one, other], models: 3 }])
    const alone = { ...lacking, record: { ...lacking.record, trainHash: 'other', label: 'lacking' } }
    expect(ours([...half, alone], figure(0.6))).toHaveLength(1)
    const failed = foundTrial({ label: 'failed', record: { status: 'failed', metrics: {} } })
    expect(ours([...half, failed], figure(0.6))).toHaveLength(1)
  })

  test('of models that predict together are one value, of as many models as they are', () => {
    const together = figure(0.6, { ensemble: true })
    expect(ours(eighths, together, [ensemble(eighths, bestOf)])).toMatchObject([{ bySeed: [[0, 1]], models: 3 }])
    expect(ours(eighths, together)).toEqual([])
  })
})

describe('a published figure beside ours', () => {
  const judged = (
    one: PublishedFigure,
    trials: readonly FoundTrial[],
    ensembles: ReturnType<typeof ensemble>[] = [],
  ) => {
    const [result] = judgePublished([stated(one)], described(trials), ensembles)
    if (result === undefined) throw new Error('a result')
    return result
  }

  test('has the direction and the unit of its own metric', () => {
    expect(judged(figure(0.99, { examples: 1000 }), half)).toMatchObject({ status: 'worse', unit: 'percent' })
    expect(judged(figure(0.05, { examples: 1000 }), half)).toMatchObject({ status: 'better' })
    const per = (value: number) => judged(figure(value, { metric: 'per', examples: 1000 }), half).status
    expect([per(0.99), per(0.05)]).toEqual(['better', 'worse'])
    // What is not run has its unit from the metric itself; a metric that this version does not know is a number.
    expect(judged(figure(0.9), [])).toMatchObject({
      ...{ status: 'not run', ours: null, interval: null, band: null, perSeed: [], seeds: 0, variants: 0 },
      text: 'not run: token-accuracy: published 90.0 %',
    })
    expect(judged(figure(12, { metric: 'unheard-of' }), half)).toMatchObject({ status: 'not run', unit: 'number' })
  })

  test('is reproduced by a perfect result within a band that ends at what the metric can be', () => {
    const perfect = [1, 2, 3].map((seed) => scored('perfect', seed, bestOf))
    // 0.95 ± 1.96 · sqrt(2 · 0.95 · 0.05 / 16) would reach beyond 1; equal seeds give no interval.
    const accuracy = judged(figure(0.95, { examples: 16 }), perfect)
    expect(accuracy).toMatchObject({ status: 'reproduced', interval: null })
    const low = 0.95 - 1.959964 * Math.sqrt((2 * 0.95 * 0.05) / 16)
    expect(accuracy.band).toEqual({ low: expect.closeTo(low, 6), high: 1 })
    const errors = judged(figure(0.05, { metric: 'per', examples: 16 }), perfect)
    expect(errors).toMatchObject({ status: 'reproduced', band: { low: 0 } })
  })

  test('is missed only where all of our interval is beyond the band', () => {
    // Ours is 0.5 to 0.75; with t = 4.303 of three seeds 0.625 ± 0.31, beyond the band on one side or on both.
    expect(eighths.length).toBe(3)
    const { interval, status } = judged(figure(0.5, { examples: 1000 }), eighths)
    expect(status).toBe('undecided')
    const reach = (4.302653 * 0.125) / Math.sqrt(3)
    expect(interval).toEqual({ low: expect.closeTo(0.625 - reach, 6), high: expect.closeTo(0.625 + reach, 6) })
    expect(judged(figure(0.75, { examples: 1000 }), eighths).status).toBe('undecided')
    // Spread over half of the scale: the interval ends at 1.
    const wide = [2, 8, 8].map((right, at) => scored('wide', at + 1, alike(16, right)))
    expect(judged(figure(0.75, { examples: 1000 }), wide).interval).toMatchObject({ high: 1 })
  })

  test('is beside the mean of variants with examples of their own, whose band is narrower', () => {
    const twice = [...half, ...[1, 2].map((seed) => scored('again', seed, alike(16, 6)))]
    const { band, ours, perSeed, text, examples } = judged(figure(0.6, { examples: 48 }), twice)
    expect(examples).toBe(48)
    expect([perSeed, ours]).toEqual([[0.625, 0.625], 0.625])
    // Of each variant 0.24 / 48 of theirs and 0.24 / 16 of ours; of the mean over two a half of that: 0.6 ± 1.96 · sqrt(0.01).
    expect(band?.low).toBeCloseTo(0.6 - 0.1959964, 6)
    expect(band?.high).toBeCloseTo(0.6 + 0.1959964, 6)
    expect(text).toBe(
      'reproduced: token-accuracy: published 60.0 % (band 40.4 to 79.6), ours 62.5 % (mean of 2 seeds and 2 variants)',
    )
  })

  test('leaves out a seed that not every variant has, whichever comes first', () => {
    // Of seed 1 the mean of 0.5 and 0.5, of seed 2 that of 0.5 and 0.625.
    for (const trials of [
      [...half, ...eighths],
      [...eighths, ...half],
    ])
      expect(judged(figure(0.6), trials)).toMatchObject({ perSeed: [0.5, 0.5625], seeds: 2, examples: null })
  })

  test('says what our value is the mean of', () => {
    const textOf = (...args: Parameters<typeof judged>) => judged(...args).text
    const first = half.slice(0, 1)
    expect(textOf(figure(0.6, { name: 'tags' }), first)).toBe(
      'no band: tags: token-accuracy: published 60.0 %, ours 50.0 % (one trained model)',
    )
    expect(textOf(figure(0.6), half)).toBe('no band: token-accuracy: published 60.0 %, ours 50.0 % (mean of 2 seeds)')
    expect(textOf(figure(0.6), [...first, ...eighths.slice(0, 1)])).toBe(
      'no band: token-accuracy: published 60.0 %, ours 50.0 % (mean of 1 seed and 2 variants)',
    )
  })

  test('of models that predict together counts the models, of several variants the fewest', () => {
    const together = figure(0.6, { ensemble: true })
    const ensembles = [ensemble(half, bestOf), ensemble(eighths, halfOf)]
    const text = 'no band: token-accuracy: published 60.0 %, ours 75.0 % (2 models together, mean of 2 variants)'
    for (const trials of [
      [...half, ...eighths],
      [...eighths, ...half],
    ])
      expect(judged(together, trials, ensembles)).toMatchObject({ together: 2, seeds: 1, perSeed: [0.75], text })
    expect(judged(together, half, ensembles).text).toContain('ours 100.0 % (2 models together)')
    expect(judged(together, half)).toMatchObject({ status: 'not run', together: 0 })
    expect(judged(figure(0.6), half)).not.toHaveProperty('together')
  })
})
