import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { numberOrNaN } from '../../../src/core/measured.js'
import { compare } from '../../../src/report/analysis/comparison/compare.js'
import { headline } from '../../../src/report/analysis/comparison/headline.js'
import { findTrials } from '../../../src/report/analysis/comparison/read.js'
import { madeUpSpec, madeUpTrial } from '../made-up.js'
import { writeLaterEvaluation, writeStudy } from '../study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-evaluations-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const beam = { type: 'beam', width: 4 } as unknown as typeof madeUpSpec.decode
const compared = async (path: string) => compare(await findTrials([path]), { command: 'seqlab compare' })

describe('evaluations of the same trained models', async () => {
  const study = join(root, 'searches')
  const seeds = [1, 2, 3]
  // A model's level differs from seed to seed by far more than the search gains.
  const trialOf = (label: string, seed: number, gain: number) =>
    madeUpTrial({
      ...{ label, seed, study: 'searches', identity: 'gru', variant: { decode: label }, examples: 200 },
      ...{ wrong: 0.1 * seed * (1 - gain), steps: 1000 },
      spec: { ...madeUpSpec, seed, decode: label === 'beam' ? beam : madeUpSpec.decode },
    })
  const greedy = seeds.map((seed) => trialOf('greedy', seed, 0))
  await writeStudy(study, greedy, {
    claims: [{ left: { decode: 'beam' }, right: { decode: 'greedy' }, metric: 'per', relation: 'better' }],
    evaluations: ({ evaluation: id, label, variant }) => [
      { id, label, variant },
      { id: 'be4mbe4m', label: 'beam', variant: { decode: 'beam' } },
    ],
  })
  for (const seed of seeds)
    writeLaterEvaluation(join(study, `trial-gru-${seed}`), trialOf('beam', seed, 0.15), 'be4mbe4m')
  const report = await compared(study)
  const [group] = report.groups
  const pair = group?.metrics[0]?.pairs[0]

  it('are variants of one trial, compared as pairs', () => {
    expect(group?.variants.map(({ label, seeds: of }) => [label, of])).toEqual([
      ['greedy', seeds],
      ['beam', seeds],
    ])
    expect(new Set(group?.trials.map(({ trialId }) => trialId)).size).toBe(3)
    const [a, b] = group?.metrics[0]?.values.map(({ perSeed }) => perSeed.map(numberOrNaN)) ?? []
    const differences = (a ?? []).map((value, at) => value - (b?.[at] ?? 0))
    const mean = differences.reduce((sum, value) => sum + value, 0) / 3
    const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2
    expect(pair?.paired).toBe(3)
    expect(pair?.difference).toBeCloseTo(mean, 12)
    expect(pair?.seedVariance).toBeCloseTo(variance / 3, 12)
    const total = variance / 3 + (pair?.exampleVariance ?? 0)
    expect(pair?.degreesOfFreedom).toBeCloseTo(
      total ** 2 / ((variance / 3) ** 2 / 2 + (pair?.exampleVariance ?? 0) ** 2 / 199),
      9,
    )
  })

  it('are said to be pairs', () => {
    expect(headline(report).join(' ')).toMatch(/(paired over 3 seeds)/)
    expect(report.claims[0]?.evidence).toContain('paired over 3 seeds of the same trained models')
    expect(report.claims[0]?.text).toBe('beam better than greedy in PER')
    expect(report.method.join(' ')).toContain('Student 1908')
  })

  it('show their own predictions and have commands of their own', () => {
    const [first, later] = ['greedy', 'beam'].map((label) => {
      const id = group?.variants.find((variant) => variant.label === label)?.id
      return group?.trials.find(({ variant }) => variant === id)
    })
    expect(first?.rerun).not.toContain('--set')
    expect(later?.rerun).toContain(`--set 'decode={"type":"beam","width":4}'`)
    expect(group?.confusion.map(({ variant }) => variant)).toEqual(['v1', 'v2'])
    expect(group?.confusion[0]?.pairs).not.toEqual(group?.confusion[1]?.pairs)
  })
})

describe('a metric that was added later', async () => {
  const study = join(root, 'added')
  const trialOf = (label: string, seed: number) => {
    const trial = madeUpTrial({
      ...{ label, seed, study: 'added', variant: { cell: label }, examples: 40, steps: 1000 },
    })
    const lines = trial.lines.map((line) =>
      line.kind === 'validation' ? { ...line, metrics: { per: line.metrics.per ?? 0 } } : line,
    )
    return {
      ...trial,
      lines,
      record: { ...trial.record, spec: { ...madeUpSpec, seed, metrics: [{ type: 'per' as const }] } },
    }
  }
  const curveClaim = { left: 'gru', right: 'lstm', curve: 'wer', at: 'last', relation: 'better' } as const
  const trials = [1, 2].flatMap((seed) => [trialOf('gru', seed), trialOf('lstm', seed)])
  await writeStudy(study, trials, {
    claims: [curveClaim, { left: 'gru', right: 'lstm', metric: 'wer', relation: 'better' }],
    evaluations: ({ label, variant }) => [{ id: 'add3dadd', label, variant }],
  })
  for (const { record } of trials)
    writeLaterEvaluation(
      join(study, record.trialId),
      madeUpTrial({
        label: record.label,
        seed: record.seed,
        study: 'added',
        variant: record.variant,
        examples: 40,
        steps: 1000,
      }),
      'add3dadd',
    )
  const { groups, claims } = await compared(study)

  it('replaces the evaluation that has fewer: a variant is there once', () => {
    expect(groups[0]?.variants.map(({ label }) => label)).toEqual(['gru', 'lstm'])
    expect(groups[0]?.metrics.map(({ name }) => name)).toEqual(['per', 'wer'])
    expect(claims[1]?.evidence).toContain('WER differs by')
  })

  it('has an undefined curve, with the reason', () => {
    const reason = 'it was not computed during training (PER was): the metric was added later'
    expect(groups[0]?.curves.find(({ name }) => name === 'wer')).toEqual({
      variant: 'v1',
      name: 'wer',
      points: [],
      window: 1,
      reason,
    })
    expect(groups[0]?.curves.find(({ name }) => name === 'per')?.reason).toBeNull()
    expect(claims[0]).toMatchObject({ verdict: 'undecided', evidence: `seed 1 of gru has no dev WER: ${reason}` })
  })
})

it('counts only evaluations that the study still plans', async () => {
  const study = join(root, 'planned')
  const trial = madeUpTrial({ label: 'greedy', identity: 'gru', examples: 20, steps: 1000 })
  await writeStudy(study, [trial], { evaluations: () => [{ id: 'be4mbe4m', label: 'beam', variant: {} }] })
  const later = madeUpTrial({ label: 'beam', identity: 'gru', examples: 20, steps: 1000 })
  writeLaterEvaluation(join(study, trial.record.trialId), later, 'be4mbe4m')
  expect((await compared(study)).groups[0]?.variants.map(({ label }) => label)).toEqual(['beam'])
})
