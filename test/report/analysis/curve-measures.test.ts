import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import type { FoundTrial } from '../../../src/report/analysis/comparison/read-trial.js'
import type { Claim } from '../../../src/spec/types.js'
import type { MetricsLine } from '../../../src/train/types.js'
import { compareFound, foundTrial, sizedTrial } from '../found.js'

type Point = readonly [step: number, loss: number, per?: number]
const validations = (points: readonly Point[]): MetricsLine[] =>
  points.map(([step, loss, per]) => ({
    ...{ kind: 'validation', step, loss, best: false },
    metrics: { per: per ?? undefinedBecause('no token') },
  }))
const variant = (label: string, ...seeds: readonly (readonly Point[])[]): FoundTrial[] =>
  seeds.map((points, at) => foundTrial({ label, seed: at + 1, lines: validations(points) }))
const level = (value: number, steps: readonly number[] = [100, 400]): Point[] =>
  steps.map((step) => [step, value, value / 100])

function judged(trials: readonly FoundTrial[], of: Partial<Claim> = {}) {
  const claim: Claim = { left: 'a', right: 'b', curve: 'validation-loss', relation: 'lower', ...of }
  const [verdict] = compareFound(trials, {}, { claims: [{ claim, folder: 'runs/cells' }] }).claims
  if (verdict === undefined) throw new Error('a verdict')
  return verdict
}

// Over steps 100 to 400: (3 · 100 + 1.5 · 200) / 300 = 2; 3 and 4 with one and two more.
const falling = variant(
  'a',
  ...[0, 1, 2].map((up): Point[] => [
    [100, 4 + up, 0.3],
    [200, 2 + up, 0.1],
    [400, 1 + up, 0.2],
  ]),
)
const flat = variant('b', level(15), level(17), level(19))

describe('a statistic of curves', () => {
  it('is their mean over the steps that all have, their last or best value, or that of a step', () => {
    const found = (at: Claim['at']) =>
      judged([...falling, ...flat], { ...(at !== undefined && { at }) }).evidence.split(' (')[0]
    expect(found('mean')).toBe('mean validation loss over steps 100 to 400 differs by -14.000 nats')
    expect(found(undefined)).toBe(found('mean'))
    expect(found('last')).toBe('last validation loss differs by -15.000 nats')
    expect(found('best')).toBe('best validation loss differs by -15.000 nats')
    expect(found(100)).toBe('validation loss at step 100 differs by -12.000 nats')
    const early = variant('b', level(15, [100, 200]), level(17), level(19))
    // Over 100 to 200 the falling ones are 3, 4 and 5.
    expect(judged([...falling, ...early]).evidence).toContain('over steps 100 to 200 differs by -13.000 nats')
  })

  it('is best where it is highest, if higher is better', () => {
    const accurate = (label: string, ...seeds: readonly (readonly number[])[]) =>
      seeds.map((values, at) => {
        const trial = foundTrial({ label, seed: at + 1 })
        const spec = {
          ...trial.record.spec,
          metrics: [{ type: 'bleu', tokenize: 'none', smooth: 'exp', lowercase: false } as const],
        } as typeof trial.record.spec
        const points = values.map((value, step) => [step, value] as const)
        return { ...trial, curves: { bleu: points }, record: { ...trial.record, spec } }
      })
    const trials = [...accurate('a', [10, 30, 20], [12, 31, 0]), ...accurate('b', [5, 9, 8], [4, 8, 9])]
    const { text, evidence } = judged(trials, { curve: 'bleu', at: 'best' })
    expect(text).toBe('a lower than b in best dev BLEU')
    expect(evidence).toContain('best dev BLEU differs by +21.5 points')
    expect(
      judged([...falling, ...variant('b', level(40), level(50))], { curve: 'per', at: 'best' }).evidence,
    ).toContain(
      // The lowest of each are 10 % and 40 % or 50 %.
      'best dev PER differs by -35.0 points',
    )
  })

  it('is judged over seeds alone, corrected for every pair of variants that have it', () => {
    const { verdict, evidence } = judged([...falling, ...flat])
    expect(verdict).toBe('supported')
    expect(evidence).toMatch(/; tested over seeds only \(3 seeds each\), not over new examples$/)
    expect(evidence).not.toContain('corrected')
    expect(judged([...falling, ...flat, ...variant('c', level(1), level(2))]).evidence).toContain(
      'corrected for 3 pairs',
    )
    expect(judged([...falling, ...flat, ...variant('c', [], [])]).evidence).not.toContain('corrected')
    const swapped = judged([...flat, ...falling])
    expect([swapped.verdict, swapped.evidence.split(' (')[0]]).toEqual([
      ...['supported', 'mean validation loss over steps 100 to 400 differs by -14.000 nats'],
    ])
    expect(judged([...falling, ...flat.slice(0, 2)]).evidence).toContain('(3 and 2 seeds)')
  })
})

describe('a statistic that a trial has not', () => {
  it('is named, with what its curve has', () => {
    const evidence = (trials: readonly FoundTrial[], of: Partial<Claim> = {}) => judged(trials, of).evidence
    expect(evidence([...falling, ...flat], { at: 200 })).toBe(
      'seed 1 of b has no validation loss at step 200 (its curve has 2 values from step 100 to 400)',
    )
    expect(evidence([...falling, ...variant('b', level(1, [100]), level(2))], { at: 400 })).toBe(
      'seed 1 of b has no validation loss at step 400 (its curve has 1 value from step 100 to 100)',
    )
    expect(evidence([...falling, ...variant('b', level(1), [])])).toBe('seed 2 of b has no validation loss')
    expect(evidence([...falling, ...variant('b', [[100, 1]], [[100, 1]])], { curve: 'per', at: 'last' })).toBe(
      'seed 1 of b has no dev PER: no token',
    )
    expect(evidence([...falling, ...variant('b', level(1, [500, 600]), level(2, [500]))])).toBe(
      'there is no step at which all trials have a validation loss',
    )
  })

  it('may be that of a variant without a finished trial', () => {
    const failed = flat.map((trial) => ({ ...trial, record: { ...trial.record, status: 'failed' as const } }))
    expect(judged([...falling, ...failed]).evidence).toBe('b has no finished trial')
    expect(judged([...falling, ...failed], { left: 'b', right: 'a' }).evidence).toBe('b has no finished trial')
  })
})

describe('averaged sides', () => {
  const lines = (value: number) => ({ lines: validations(level(value)) })
  const trialOf = (hidden: number, size: number, seed: number, value: number) =>
    sizedTrial(
      hidden,
      seed,
      {
        ...{ label: `${hidden}/${size}`, variant: { 'model.encoder.hidden': hidden, 'train.batchSize': size } },
        ...(Number.isNaN(value) ? {} : lines(value)),
      },
      { batchSize: size },
    )
  const [left, right] = [32, 64].map((hidden) => ({ 'model.encoder.hidden': hidden }))
  if (left === undefined || right === undefined) throw new Error('two sides')
  // Seed by seed (1 + 3) / 2, (2 + 5) / 2 against (7 + 8) / 2, (9 + 9) / 2.
  const trials = [
    ...[trialOf(32, 8, 1, 1), trialOf(32, 8, 2, 2), trialOf(32, 16, 1, 3), trialOf(32, 16, 2, 5)],
    ...[trialOf(64, 8, 1, 7), trialOf(64, 8, 2, 9), trialOf(64, 16, 1, 8), trialOf(64, 16, 2, 9)],
  ]

  it('are means of the statistics, seed by seed', () => {
    const found = judged(trials, { left, right, at: 'last' })
    expect(found.evidence).toMatch(
      /^last validation loss differs by -5\.500 nats \(.*\); averaged over train\.batchSize \(8, 16\), seed by seed; tested over seeds only \(2 seeds each\), not over new examples$/,
    )
    expect(found.leftVariants).toEqual(['32/8', '32/16'])
  })

  it('need the statistic of every finished trial', () => {
    const without = trials.map((trial) =>
      trial.record.label === '64/16' ? trialOf(64, 16, trial.record.seed, Number.NaN) : trial,
    )
    expect(judged(without, { left, right, at: 'last' }).evidence).toBe('seed 1 of 64/16 has no validation loss')
    const failed = trials.map((trial) =>
      trial.record.label === '64/16' ? { ...trial, record: { ...trial.record, status: 'failed' as const } } : trial,
    )
    expect(judged(failed, { left, right, at: 'last' }).evidence).toContain('without 32/16, which only one side has')
  })
})
