import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../../src/core/measured.js'
import type { FoundTrial } from '../../../../src/report/analysis/comparison/read-trial.js'
import { statisticsTable } from '../../../../src/stats/bootstrap.js'
import type { MetricsLine, PredictionLine } from '../../../../src/train/types.js'
import { comparedGroup, compareFound, type FoundOptions, foundTrial } from '../../found.js'
import { madeUpSpec, madeUpTrial } from '../../made-up.js'
import { writeTrial } from '../../study.js'

const train = (step: number, tokens?: number): MetricsLine => ({
  ...{ kind: 'train', step, epoch: 0, loss: 1, gradientNorm: 1, learningRate: 0.1 },
  ...(tokens !== undefined && { tokens }),
})
const cancelled = { status: 'cancelled' as const, metrics: {} }

describe('what a variant takes per step', () => {
  const perStep = (...seeds: readonly FoundOptions[]) =>
    comparedGroup(seeds.map((more, at) => foundTrial({ seed: at + 1, ...more }))).variants[0]?.perStep

  it('is the mean over its trials of time and tokens', () => {
    // 10 and 30 ms a step, 3 and 5 tokens.
    const one = { lines: [train(10, 30)], record: { stepsDone: 10, timings: { train: 100 } } }
    const other = { lines: [train(20, 100)], record: { stepsDone: 20, timings: { train: 600 } } }
    expect(perStep(one, other)).toEqual({ ms: 20, tokens: 4 })
  })

  it('is unknown where it is of one of them, or where one has taken no step', () => {
    const one = { lines: [train(10, 30)], record: { stepsDone: 10, timings: { train: 100 } } }
    expect(perStep(one, { lines: [train(10)], record: { stepsDone: 10, timings: { train: 100 } } })).toEqual({
      ms: 10,
      tokens: null,
    })
    expect(perStep(one, { lines: [train(10, 50)], record: { stepsDone: 10, timings: {} } })).toEqual({
      ms: null,
      tokens: 4,
    })
    expect(perStep(one, { record: { stepsDone: 0, timings: { train: 100 } } })).toEqual({ ms: null, tokens: null })
    expect(perStep({ record: cancelled })).toEqual({ ms: null, tokens: null })
  })
})

describe('a variant', () => {
  it('of which nothing has finished is described by what has begun', () => {
    const record = { ...cancelled, parameters: 7 }
    expect(comparedGroup([foundTrial({ study: 's', record })])).toMatchObject({
      variants: [{ study: 's', parameters: 7, seeds: [], unfinished: 1, trainMs: null }],
      metrics: [],
      ...{ shared: [], lengths: [], effects: [], examples: 0 },
    })
  })
})

describe('the loss of a group', () => {
  it('is what its task says, also of a single trial', () => {
    const task = { type: 'forecast' as const, loss: 'absolute' as const }
    const { loss } = comparedGroup([foundTrial({ spec: { ...madeUpSpec, task } })])
    expect(loss).toEqual({ unit: 'number', label: 'absolute error per scaled value', over: 'scaled value' })
  })

  it('has each name where variants were trained for different ones', () => {
    const trained = (loss: 'absolute' | 'squared', seed: number) =>
      foundTrial({ seed, spec: { ...madeUpSpec, task: { type: 'forecast', loss } } })
    expect(comparedGroup([trained('absolute', 1), trained('squared', 1), trained('squared', 2)]).loss.label).toBe(
      'absolute error per scaled value or squared error per scaled value',
    )
  })
})

describe('a trial', () => {
  it('has the reason in the place of a metric without a value', () => {
    const none = undefinedBecause('no scored token')
    const metrics = { test: { per: none }, dev: { per: { value: 0.5, interval: none } } }
    const [trial] = comparedGroup([foundTrial({ record: { metrics } })]).trials
    expect([trial?.test, trial?.dev]).toEqual([{ per: none }, { per: 0.5 }])
    const [bare] = comparedGroup([foundTrial({ record: { metrics: { test: {} } } })]).trials
    expect([bare?.test, bare?.dev]).toEqual([{}, {}])
  })

  it('that has not finished has no concerns: its result is not counted', () => {
    const of = (record: FoundOptions['record']) =>
      comparedGroup([foundTrial({ concerns: ['loss 9'], ...(record && { record }) })]).trials[0]?.concerns
    expect(of(undefined)).toEqual(['loss 9'])
    expect(of(cancelled)).toEqual([])
  })
})

describe('resamples of the examples', () => {
  /** Two trials with so many numbers each; rows behind the examples are counted, and take no time here. */
  const resamplesOf = (numbers: number) => {
    const data = new Float64Array(numbers).fill(1)
    const trials = ['a', 'b'].map((label) => ({
      ...foundTrial({ label }),
      statistics: { per: { data, examples: 2, width: 2 } },
    }))
    return comparedGroup(trials).resamples
  }

  it('are as many as a second or two allow, from 200 to 1,000', () => {
    expect(resamplesOf(4)).toBe(1000)
    // 2.5e8 over 2 * 250,000 numbers.
    expect(resamplesOf(250_000)).toBe(500)
    // It would be 125.
    expect(resamplesOf(1_000_000)).toBe(200)
  })

  it('count the numbers of every metric', () => {
    const data = new Float64Array(125_000).fill(1)
    const table = { data, examples: 2, width: 2 }
    const trials = ['a', 'b'].map((label): FoundTrial => {
      const trial = foundTrial({ label })
      const spec = { ...trial.record.spec, metrics: [{ type: 'per' as const }, { type: 'wer' as const }] }
      return { ...trial, record: { ...trial.record, spec }, statistics: { per: table, wer: table } }
    })
    // 2.5e8 over 4 * 125,000; half of that where only one of the trials has the other metric.
    expect(comparedGroup(trials).resamples).toBe(500)
    const half = trials.map((trial, at) => (at === 0 ? trial : { ...trial, statistics: { per: table } }))
    expect(comparedGroup(half).resamples).toBe(Math.round(2.5e8 / 375_000))
  })
})

describe('metrics', () => {
  it('are those that a trial has statistics of, the main one from the first that has any', () => {
    const metrics = [{ type: 'wer' as const }, { type: 'per' as const }]
    const trial = foundTrial()
    const of = { ...trial, record: { ...trial.record, spec: { ...trial.record.spec, metrics } } }
    expect(comparedGroup([of]).metrics.map(({ name }) => name)).toEqual(['per'])
    expect(compareFound([of], { metric: 'wer' }).groups[0]?.metrics.map(({ name }) => name)).toEqual(['per'])
  })
})

describe('several metrics', () => {
  it('have each their own values and differences', () => {
    const trials = ['a', 'b'].flatMap((label, at) =>
      [1, 2].map((seed): FoundTrial => {
        const trial = foundTrial({ label, seed, errors: [seed, seed + 2] })
        const spec = { ...trial.record.spec, metrics: [{ type: 'per' as const }, { type: 'wer' as const }] }
        const wer = statisticsTable([
          [seed, 4],
          [at, 4],
        ])
        return { ...trial, record: { ...trial.record, spec }, statistics: { ...trial.statistics, wer } }
      }),
    )
    const [per, wer] = comparedGroup(trials).metrics
    // PER is 4 and 6 of 20; WER of a 1 and 2 of 8, of b one more.
    expect(per?.values.map(({ perSeed }) => perSeed)).toEqual([
      [0.2, 0.3],
      [0.2, 0.3],
    ])
    expect(wer?.values.map(({ perSeed }) => perSeed)).toEqual([
      [0.125, 0.25],
      [0.25, 0.375],
    ])
    expect(wer?.pairs[0]?.difference).toBeCloseTo(-0.125, 10)
  })

  it('are none where this program knows none of them: the trials are listed all the same', () => {
    const unknown = ['a', 'b'].map((label): FoundTrial => {
      const { statistics, ...trial } = foundTrial({ label })
      const spec = { ...trial.record.spec, metrics: [] }
      return {
        ...trial,
        record: { ...trial.record, spec },
        statistics: { mine: statistics.per ?? statisticsTable([]) },
      }
    })
    expect(comparedGroup(unknown)).toMatchObject({
      ...{ metrics: [], shared: [], lengths: [], effects: [], examples: 2 },
      variants: [{ label: 'a' }, { label: 'b' }],
    })
  })
})

describe('what is shown of predictions', async () => {
  const root = mkdtempSync(join(tmpdir(), 'seqlab-group-'))
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  const made = madeUpTrial({ examples: 2, steps: 10 })

  /** A trial's folder with four examples, of which so many are wrong: b instead of a. Sources are of one symbol. */
  const write = (name: string, wrong: number) =>
    writeTrial(join(root, name), {
      ...made,
      predictions: Array.from({ length: 4 }, (_, index): PredictionLine => {
        const hypothesis = [index < wrong ? 'b' : 'a']
        const line = { index, source: ['s'], references: [['a']], hypothesis, score: -1, alignment: [[1], [1]] }
        return { ...line, split: 'test', statistics: { per: [index < wrong ? 1 : 0, 1] } }
      }),
    })
  const [bad, good] = [await write('bad', 2), await write('good', 0)]
  const trialOf = (label: string, directory: string, more: FoundOptions = {}): FoundTrial => {
    const rows = [0, 1, 2, 3].map((at) => [directory === bad && at < 2 ? 1 : 0, 1])
    return {
      ...foundTrial({ label, ...more }),
      statistics: { per: statisticsTable(rows) },
      directory,
      evaluation: 'final',
    }
  }

  it('are confusions of variants that have any, with the seed of the first trial', () => {
    const group = comparedGroup([
      trialOf('right', good, { seed: 2 }),
      trialOf('wrong', bad, { seed: 3 }),
      trialOf('wrong', bad, { seed: 4, record: { trialId: 'other' } }),
    ])
    expect(group.confusion).toEqual([{ variant: 'v2', seed: 3, pairs: [{ expected: 'a', predicted: 'b', count: 2 }] }])
  })

  it('are examples under every variant, attention, and the main metric by length', () => {
    const group = comparedGroup([trialOf('right', good), trialOf('wrong', bad)])
    // The two that differ, and the two others.
    expect(group.shared.map(({ index, chosen }) => [index, chosen])).toEqual([
      [0, 'differs'],
      [1, 'differs'],
      [2, 'sampled'],
      [3, 'sampled'],
    ])
    expect(group.shared[0]?.outputs.map(({ variant, errors }) => [variant, errors])).toEqual([
      ['v1', 0],
      ['v2', 1],
    ])
    expect(group.attention).toHaveLength(4)
    expect(group.attention[0]?.maps.map(({ variant }) => variant)).toEqual(['v1', 'v2'])
    expect(group.lengths).toMatchObject([{ metric: 'per', bins: ['1'], examples: [4] }])
    expect(group.lengths[0]?.variants.map(({ values }) => values[0]?.value)).toEqual([0, 0.5])
    // Alone there is nothing to show it beside; the rest is shown all the same.
    const alone = comparedGroup([trialOf('wrong', bad)])
    expect(alone.shared).toEqual([])
    expect(alone.lengths[0]?.variants.map(({ values }) => values[0]?.value)).toEqual([0.5])
    expect(alone.confusion).toHaveLength(1)
  })

  it('are nothing where there are no predictions', () => {
    const group = comparedGroup([foundTrial({ label: 'a' }), foundTrial({ label: 'b' })])
    expect(group).toMatchObject({ shared: [], attention: [], confusion: [], lengths: [] })
  })

  it('are of variants that have finished', () => {
    const group = comparedGroup([
      trialOf('stopped', bad, { record: cancelled }),
      trialOf('right', good),
      trialOf('wrong', bad),
    ])
    expect(group.lengths[0]?.variants.map(({ variant }) => variant)).toEqual(['v2', 'v3'])
    expect(group.confusion.map(({ variant }) => variant)).toEqual(['v3'])
    expect(group.shared[0]?.outputs.map(({ variant }) => variant)).toEqual(['v2', 'v3'])
  })

  it('are in detail of the eight variants that are best on dev', () => {
    const devs = [0.5, 0.1, 0.2, 0.3, 0.9, 0.4, 0.6, 0.7, 0.8, 0.85]
    const trials = devs.map((dev, at) => trialOf(`t${at + 1}`, bad, { dev }))
    const group = comparedGroup(trials)
    // Without those of 0.9 and 0.85, in the order of the variants.
    const best = ['v1', 'v2', 'v3', 'v4', 'v6', 'v7', 'v8', 'v9']
    expect(group.confusion.map(({ variant }) => variant)).toEqual(best)
    expect(group.attention[0]?.maps.map(({ variant }) => variant)).toEqual(best)
    expect(group.lengths[0]?.variants).toHaveLength(10)
  })
})
