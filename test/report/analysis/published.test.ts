import { describe, expect, test } from 'vitest'
import { metricResult } from '../../../src/metrics/score.js'
import type { Found } from '../../../src/report/analysis/comparison/read.js'
import type { FoundTrial } from '../../../src/report/analysis/comparison/read-trial.js'
import { ensembleId } from '../../../src/spec/hash.js'
import type { PublishedFigure } from '../../../src/spec/types.js'
import { statisticsTable } from '../../../src/stats/bootstrap.js'
import { compareFound, type FoundOptions, foundTrial } from '../found.js'
import { madeUpMetrics } from '../made-up.js'

const source = 'Ada 1843, table 1'

/** A hundred examples of ten tokens, of which so many are wrong in all: PER is a thousandth of them. */
const withErrors = (errors: number): FoundOptions => ({
  errors: Array.from({ length: 100 }, (_, at) => Math.floor(errors / 100) + (at < errors % 100 ? 1 : 0)),
})
const trials = (byLabel: Readonly<Record<string, readonly number[]>>) =>
  Object.entries(byLabel).flatMap(([label, errors]) =>
    errors.map((of, at) => foundTrial({ label, seed: at + 1, ...withErrors(of) })),
  )
const judged = (figure: PublishedFigure, found = trials({ gru: [148, 150, 152] })) =>
  compareFound(found, {}, { published: [{ figure, source, folder: 'runs/cells' }] }).published[0]

/** The models of these trials, together: so many errors in each of a hundred examples of ten tokens. */
function ensemble(found: readonly FoundTrial[], errors: number) {
  const statistics = statisticsTable(Array.from({ length: 100 }, () => [errors, 10]))
  const per = madeUpMetrics('per')
  if (per === undefined) throw new Error('per is known')
  const id = ensembleId(
    found.map(({ record }) => record.trialId),
    found[0]?.record.evaluation ?? '',
  )
  const results = { per: metricResult(per, statistics, { seed: 1, resamples: 20 }) }
  return { id, results, statistics: { per: statistics } }
}

describe('models that predict together', () => {
  const figure = { metric: 'per', value: 0.1, examples: 100, ensemble: true } as const
  const judge = (found: readonly FoundTrial[], ensembles: Found['ensembles']) =>
    compareFound(found, {}, { published: [{ figure, source, folder: 'runs/cells' }], ensembles }).published[0]

  test('give one value of a variant, whatever each of them does', () => {
    const found = trials({ gru: [300, 400, 500] })
    expect(judge(found, [ensemble(found, 2)])).toMatchObject({
      ...{ ours: 0.2, perSeed: [0.2], seeds: 1, together: 3, variants: 1, interval: null },
      text: expect.stringContaining('ours 20.0 % (3 models together)'),
    })
  })

  test('have no figure before all of a variant are evaluated together', () => {
    const found = trials({ gru: [300, 400, 500] })
    expect(judge(found, [])).toMatchObject({ status: 'not run', ours: null })
    expect(judge(found, [ensemble(found.slice(1), 2)])).toMatchObject({ status: 'not run' })
  })

  test('stand for the mean over variants as single models do', () => {
    const found = trials({ gru: [300, 400], lstm: [100, 200] })
    const [gru, lstm] = [found.slice(0, 2), found.slice(2)]
    const judged = judge(found, [ensemble(gru, 2), ensemble(lstm, 1)])
    expect(judged).toMatchObject({ ours: expect.closeTo(0.15, 9), variants: 2, together: 2 })
    expect(judged?.text).toContain('(2 models together, mean of 2 variants)')
  })
})

describe('a published figure beside ours', () => {
  test('is reproduced where the interval over seeds lies in its band', () => {
    const found = judged({ metric: 'per', value: 0.15, examples: 100 })
    expect(found).toMatchObject({ status: 'reproduced', seeds: 3, variants: 1, perSeed: [0.148, 0.15, 0.152], source })
    // t with 2 degrees of freedom is 4.302653; the standard deviation 0.002.
    expect(found?.interval?.low).toBeCloseTo(0.15 - (4.302653 * 0.002) / Math.sqrt(3), 6)
    expect(found?.text).toBe(
      'reproduced: PER: published 15.0 % (band 13.6 to 16.4), ours 15.0 % (mean of 3 seeds, 14.5 to 15.5 over new seeds)',
    )
  })

  test('is missed on the better or the worse side, by the direction of the metric', () => {
    expect(judged({ metric: 'per', value: 0.3, examples: 100 })?.status).toBe('better')
    expect(judged({ metric: 'per', value: 0.05, examples: 100 })?.status).toBe('worse')
  })

  test('is undecided where seeds differ too much', () => {
    const found = judged({ metric: 'per', value: 0.15, examples: 100 }, trials({ gru: [20, 150, 280] }))
    expect(found?.status).toBe('undecided')
  })

  test('has a narrower band for more of their examples, never narrower than our own make it', () => {
    const width = (examples: number) => {
      const { low = 0, high = 0 } = judged({ metric: 'per', value: 0.15, examples })?.band ?? {}
      return high - low
    }
    // V_published is V of ours at as many examples: the widths are as sqrt(2), sqrt(1 + 1/4) and nearly 1.
    const [same, four, many] = [width(100), width(400), width(1e9)]
    expect(four / same).toBeCloseTo(Math.sqrt(1.25 / 2), 1)
    expect(many / same).toBeCloseTo(Math.sqrt(1 / 2), 1)
  })

  test('is the mean of several variants, seed by seed, over the seeds that all have', () => {
    const found = judged({ metric: 'per', value: 0.2 }, trials({ gru: [100, 200], lstm: [300, 400, 500] }))
    expect(found).toMatchObject({
      status: 'no band',
      variants: 2,
      perSeed: [0.2, 0.3].map((v) => expect.closeTo(v, 9)),
    })
    const one = judged({ metric: 'per', value: 0.2, of: 'gru' }, trials({ gru: [100], lstm: [300] }))
    expect(one).toMatchObject({ variants: 1, perSeed: [expect.closeTo(0.1, 9)] })
    expect(one?.text).toContain('ours 10.0 % (one trained model)')
  })

  test('is not run where nothing has a result', () => {
    expect(judged({ metric: 'per', value: 0.15, name: 'test' }, [])).toMatchObject({
      status: 'not run',
      ours: null,
      text: 'not run: test: PER: published 15.0 %',
    })
  })
})
