import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readPilot } from '../../../../src/report/analysis/planning/pilot.js'
import type { Claim } from '../../../../src/spec/types.js'
import type { MetricsLine } from '../../../../src/train/types.js'
import { type MadeUp, type MadeUpOptions, madeUpTrial } from '../../made-up.js'
import { writeLaterEvaluation, writeStudy } from '../../study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-pilot-'))
afterAll(() => rmSync(root, { recursive: true }))

interface Results extends MadeUpOptions {
  /** Of each test example of eight tokens: eighths have no rounding. */
  readonly errors: readonly number[]
  readonly tokens?: number
  readonly lines?: readonly MetricsLine[]
}

function trained({ errors, tokens = 8, lines = [], ...options }: Results): MadeUp {
  const trial = madeUpTrial({ ...options, study: 'pilot', examples: 2, steps: 10 })
  const predictions = errors.map((wrong, index) => ({
    ...{ split: 'test' as const, index, source: ['a'], references: [['A']], hypothesis: ['A'], score: 0 },
    statistics: { per: [wrong, tokens, wrong, 0, 0] },
  }))
  return { ...trial, lines, predictions }
}

const claim = (more: Partial<Claim>): Claim => ({ left: 'x', right: 'y', relation: 'better', ...more })
const validation = (step: number, loss: number): MetricsLine => ({
  ...{ kind: 'validation', step, loss, metrics: {}, best: false },
})
const training = (step: number, loss: number): MetricsLine => ({
  ...{ kind: 'train', step, epoch: 0, loss, gradientNorm: 1, learningRate: 1, tokens: 1 },
})

describe('the spread of an earlier study', async () => {
  // At step 10 all losses are 4; those of a differ by their seed at step 20, and so do those of b.
  const of = (label: string, seed: number, errors: number, last: number) =>
    trained({
      ...{ label, seed, variant: { scorer: label }, errors: Array(4).fill(errors) },
      lines: [validation(10, 4), validation(20, last)],
    })
  const elsewhere = trained({ label: 'a', identity: 'elsewhere', errors: [1, 2, 3, 4], lines: [validation(10, 1)] })
  const single = trained({
    ...{ label: 'c', variant: { scorer: 'c' }, errors: [0, 8, 0, 8] },
    lines: [validation(10, 4), validation(20, 100), training(10, 3)],
  })
  const directory = join(root, 'spread')
  await writeStudy(directory, [
    // Trained on other data, by itself: that tells nothing, the next group does.
    { ...elsewhere, record: { ...elsewhere.record, digests: { training: 'other', test: 'other' } } },
    ...[1, 2, 3].map((seed) => of('a', seed, seed, seed)),
    ...[1, 2].map((seed) => of('b', seed, 3 + 2 * seed, 3 + 2 * seed)),
    single,
  ])
  const { spreadOf, directory: read } = await readPilot(directory)

  test('of a curve is pooled over the variants of several seeds', () => {
    expect(read).toBe(directory)
    // Variances 1 of 1, 2, 3 and 2 of 5, 7: (2 · 1 + 1 · 2) / (2 + 1).
    expect(spreadOf(claim({ curve: 'validation-loss', at: 'last' }))).toStrictEqual({
      ...{ spread: expect.closeTo(Math.sqrt(4 / 3), 12), pairedSpread: undefined, variants: 2 },
    })
  })

  test('of a metric has what new examples add, the mean over the pairs that have any', () => {
    const { ofExamples, ...spread } = spreadOf(claim({ metric: 'per' })) ?? {}
    // As above, in eighths.
    expect(spread).toStrictEqual({
      ...{ spread: expect.closeTo(Math.sqrt(4 / 3) / 8, 12), pairedSpread: undefined, variants: 2 },
    })
    expect(ofExamples?.examples).toBe(4)
    // Every example of a and b is alike, and so is their difference in any resample; c has 0 or 1, of four the variance is 1/16.
    expect(ofExamples?.variance).toBeCloseTo(1 / 16, 2)
  })

  test('is none where nothing varies, where no variant has two seeds, and of what was not measured', () => {
    expect(spreadOf(claim({ curve: 'validation-loss', at: 10 }))).toBeUndefined()
    expect(spreadOf(claim({ curve: 'training-loss', at: 'last' }))).toBeUndefined()
    expect(spreadOf(claim({ metric: 'wer' }))).toBeUndefined()
  })
})

test('a single variant has a spread, over the seeds that have a value, but nothing that examples would add to a difference', async () => {
  const directory = join(root, 'single')
  await writeStudy(directory, [
    ...[1, 2].map((seed) => trained({ label: 'a', seed, errors: [seed, 2 * seed] })),
    trained({ label: 'a', seed: 3, errors: [0, 0], tokens: 0 }),
  ])
  const { spreadOf } = await readPilot(directory)
  // 3 and 6 of 16: a variance of (3/16)² / 2.
  expect(spreadOf(claim({ metric: 'per' }))).toStrictEqual({
    ...{ spread: expect.closeTo(3 / 16 / Math.SQRT2, 12), pairedSpread: undefined, variants: 1 },
  })
})

test('two variants are enough for what examples add', async () => {
  const directory = join(root, 'two')
  await writeStudy(directory, [
    ...[1, 2].map((seed) => trained({ label: 'a', seed, errors: Array(4).fill(seed) })),
    trained({ label: 'b', errors: [0, 8, 0, 8] }),
  ])
  const { spreadOf } = await readPilot(directory)
  expect(spreadOf(claim({ metric: 'per' }))).toMatchObject({ ofExamples: { variance: expect.closeTo(1 / 16, 2) } })
})

test('a pair whose examples add nothing but rounding is left out', async () => {
  const directory = join(root, 'tenths')
  const alike = (label: string, seed: number, wrong: number) =>
    trained({ label, seed, variant: { scorer: label }, tokens: 10, errors: Array(4).fill(wrong) })
  await writeStudy(directory, [
    ...[1, 2, 3].map((seed) => alike('a', seed, seed)),
    ...[1, 2].map((seed) => alike('b', seed, 2 + 3 * seed)),
    trained({ label: 'c', variant: { scorer: 'c' }, tokens: 10, errors: [0, 10, 0, 10] }),
  ])
  const { spreadOf } = await readPilot(directory)
  // c has 0 or 1: of four examples the variance is 1/16.
  expect(spreadOf(claim({ metric: 'per' }))?.ofExamples?.variance).toBeCloseTo(1 / 16, 2)
})

test('evaluations of the same trained models tell how much their differences vary', async () => {
  const directory = join(root, 'paired')
  const [greedy, beam] = ['greedy', 'beam'].map((label) => {
    // PER is 1/8 and 3/8 under one search, 1/8 and 5/8 under the other.
    const errors = label === 'greedy' ? [1, 3] : [1, 5]
    return errors.map((wrong, at) =>
      trained({ label, seed: at + 1, identity: 'gru', variant: { decode: label }, errors: [wrong, wrong] }),
    )
  })
  const other = [2, 7].map((wrong, at) =>
    trained({ label: 'other', seed: at + 1, variant: { decode: 'other' }, errors: [wrong, wrong] }),
  )
  await writeStudy(directory, [...(greedy ?? []), ...other], {
    evaluations: ({ evaluation: id, label, variant }) => [
      { id, label, variant },
      ...(label === 'greedy' ? [{ id: 'be4mbe4m', label: 'beam', variant: { decode: 'beam' } }] : []),
    ],
  })
  for (const later of beam ?? []) writeLaterEvaluation(join(directory, later.record.trialId), later, 'be4mbe4m')
  const { spreadOf } = await readPilot(directory)
  const spread = spreadOf(claim({ metric: 'per' }))
  expect(spread?.variants).toBe(3)
  // Of one model 0, of the other 1/4 more: a variance of (1/4)² / 2. Models that are not shared tell nothing of differences.
  expect(spread?.pairedSpread).toBeCloseTo(1 / 4 / Math.SQRT2, 12)
})

test('a pilot that measures a metric under other options tells no spread of it', async () => {
  const directory = join(root, 'otherwise')
  const measured = (of: 'values' | 'scaled', seed: number) => {
    const made = trained({ label: of, variant: { of }, seed, errors: [seed, seed] })
    const metrics = [{ type: 'accuracy' as const }, { type: 'mae' as const, of }]
    const predictions = made.predictions.map((line) => ({
      ...line,
      statistics: { mae: [of === 'values' ? seed : 4 * seed, 1] },
    }))
    return { ...made, predictions, record: { ...made.record, spec: { ...made.record.spec, metrics } } }
  }
  await writeStudy(
    directory,
    [1, 2].flatMap((seed) => [measured('values', seed), measured('scaled', seed)]),
  )
  const { spreadOf, measuresOf } = await readPilot(directory)
  const about = claim({ metric: 'mae' })
  // Values 1 and 2, and four times as much: a deviation of 1/√2.
  expect(spreadOf(about, { type: 'mae', of: 'values' })?.spread).toBeCloseTo(1 / Math.SQRT2, 12)
  expect(spreadOf(about, { type: 'mae', of: 'scaled' })?.spread).toBeCloseTo(4 / Math.SQRT2, 12)
  expect(spreadOf(about, { type: 'rmse', of: 'values' })).toBeUndefined()
  expect(measuresOf(about)).toEqual([
    { type: 'mae', of: 'values' },
    { type: 'mae', of: 'scaled' },
  ])
  expect(measuresOf(claim({ curve: 'validation-loss' }))).toEqual([])
})
