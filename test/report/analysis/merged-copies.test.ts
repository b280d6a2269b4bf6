import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { mergeCopies } from '../../../src/report/analysis/comparison/copies.js'
import type { FoundTrial } from '../../../src/report/analysis/comparison/read-trial.js'
import { statisticsTable } from '../../../src/stats/bootstrap.js'
import type { MetricsLine, PredictionLine } from '../../../src/train/types.js'
import { type FoundOptions, foundTrial } from '../found.js'
import { madeUpTrial } from '../made-up.js'
import { writeTrial } from '../study.js'

/** The trial `t` in a folder. */
const copy = (folder: string, more: FoundOptions = {}, change: Partial<FoundTrial> = {}): FoundTrial => ({
  ...foundTrial({ ...more, record: { trialId: 't', ...more.record } }),
  ...{ directory: resolve(folder), evaluation: 'final' },
  ...change,
})
const differenceOf = (...trials: readonly FoundTrial[]) => mergeCopies(trials).copies[0]?.difference
const loss = (step: number, value: number): MetricsLine => ({
  ...{ kind: 'train', step, epoch: 0, loss: value, gradientNorm: 1, learningRate: 0.1 },
})

describe('mergeCopies', () => {
  it('leaves different trials, and evaluations of one trial in one folder, as they are', () => {
    const trials = [
      copy('a'),
      copy('b', { record: { trialId: 'u' } }),
      copy('a', { record: { evaluation: 'beam' } }, { evaluation: 'beam' }),
    ]
    const merged = mergeCopies(trials)
    expect(merged.copies).toEqual([])
    expect(merged.skipped).toEqual([])
    expect(merged.trials.map(({ record }) => [record.trialId, record.evaluation])).toEqual([
      ['t', '5b7d1c3a'],
      ['t', 'beam'],
      ['u', '5b7d1c3a'],
    ])
    expect(mergeCopies([])).toEqual({ trials: [], copies: [], skipped: [] })
  })

  it('counts a folder once that was found twice', () => {
    const { trials, copies } = mergeCopies([copy('a'), copy('./a'), copy('a/../a')])
    expect(trials).toHaveLength(1)
    expect(copies).toEqual([])
  })

  it('counts equal copies once, under the names of all', () => {
    const named = (folder: string, study: string, label: string) =>
      copy(folder, {}, { names: [{ study, folder: `runs/${study}`, label, variant: {} }] })
    const { trials, copies, skipped } = mergeCopies([
      named('a', 's', 'x'),
      named('b', 's', 'x'),
      named('c', 's', 'y'),
      named('d', 't', 'x'),
    ])
    expect(copies).toEqual([
      { trialId: 't', label: 'gru', seed: 1, directories: ['a', 'b', 'c', 'd'].map((one) => resolve(one)) },
    ])
    expect(trials.map(({ directory, names }) => [directory, names.map(({ study, label }) => study + label)])).toEqual([
      [resolve('a'), ['sx', 'sy', 'tx']],
    ])
    expect(skipped).toEqual([])
  })

  it('has every evaluation of any copy', () => {
    const beam = copy('b', { record: { evaluation: 'beam' } }, { evaluation: 'beam' })
    const { trials } = mergeCopies([copy('a'), copy('b'), beam])
    expect(trials.map(({ directory, record }) => [directory, record.evaluation])).toEqual([
      [resolve('a'), '5b7d1c3a'],
      [resolve('b'), 'beam'],
    ])
  })

  it('prefers a copy that has finished; of unfinished ones the first', () => {
    const stopped = (folder: string) => copy(folder, { record: { status: 'cancelled', metrics: {}, stepsDone: 3 } })
    expect(mergeCopies([stopped('a'), copy('b')]).trials.map(({ directory }) => directory)).toEqual([resolve('b')])
    const { trials, copies } = mergeCopies([stopped('a'), stopped('b')])
    expect(trials.map(({ directory }) => directory)).toEqual([resolve('a')])
    expect(copies[0]?.difference).toBeUndefined()
    const beam = copy('b', { record: { status: 'cancelled', metrics: {}, evaluation: 'beam' } })
    expect(mergeCopies([stopped('a'), beam]).trials.map(({ directory }) => directory)).toEqual([resolve('a')])
  })
})

describe('copies whose metrics have other options', () => {
  const mae = (of: 'values' | 'scaled') => [{ name: 'mae', spec: { type: 'mae' as const, of } }]
  const validation = (step: number, value: number, metric: number): MetricsLine => ({
    ...{ kind: 'validation', step, loss: value, metrics: { mae: metric, per: 0.5 }, best: false },
  })
  const per = { name: 'per', spec: { type: 'per' as const } }
  const measured = (folder: string, of: 'values' | 'scaled', line: MetricsLine, evaluation: string) =>
    copy(
      folder,
      { lines: [line], record: { evaluation } },
      { validated: [...mae(of), per], lines: { metrics: JSON.stringify(line), predictions: '' } },
    )

  it('are one trained model with two evaluations, where the losses agree', () => {
    const pair = [
      measured('a', 'values', validation(1, 2, 8), 'one'),
      measured('b', 'scaled', validation(1, 2, 4), 'two'),
    ]
    const { trials, copies, skipped } = mergeCopies(pair)
    expect(trials.map(({ record }) => record.evaluation)).toEqual(['one', 'two'])
    expect([copies.map(({ difference }) => difference), skipped]).toEqual([[undefined], []])
  })

  it('differ in a loss, in a metric that both measure alike, and in one under the same options', () => {
    const of = (line: MetricsLine, options: 'values' | 'scaled' = 'scaled') =>
      differenceOf(measured('a', 'values', validation(1, 2, 8), 'one'), measured('b', options, line, 'two'))
    expect(of(validation(1, 3, 4))).toBe('validation-loss at step 1 is 2 in a and 3 in b')
    const other = { ...validation(1, 2, 4), metrics: { mae: 4, per: 0.25 } } as MetricsLine
    expect(of(other)).toBe('per at step 1 is 0.5 in a and 0.25 in b')
    expect(of(validation(1, 2, 4), 'values')).toBe('mae at step 1 is 8 in a and 4 in b')
  })

  it('may have a metric that the other one has not', () => {
    const more = measured('b', 'scaled', validation(1, 2, 4), 'two')
    const line: MetricsLine = { kind: 'validation', step: 1, loss: 2, metrics: { per: 0.5 }, best: false }
    const fewer = { ...measured('a', 'values', line, 'one'), validated: [per] }
    expect(differenceOf(fewer, more)).toBeUndefined()
    expect(mergeCopies([fewer, more]).trials).toHaveLength(2)
  })
})

describe('copies that differ', () => {
  it('are not counted, with the first figure and all folders, once', () => {
    const merged = mergeCopies([copy('a'), copy('b'), copy('.', { record: { parameters: 7 } })])
    const difference = 'parameters is 430123 in a and 7 in .'
    expect(merged.trials).toEqual([])
    expect(merged.copies).toMatchObject([{ difference, directories: ['a', 'b', '.'].map((one) => resolve(one)) }])
    const reason = `the same trial is in 3 folders (a, b, .) with different results, so none of them is counted: ${difference}`
    expect(merged.skipped).toEqual([{ path: resolve('a'), reason }])
  })

  it('may do so in their steps, or in a point of a curve', () => {
    expect(differenceOf(copy('a'), copy('b', { record: { stepsDone: 9 } }))).toBe(
      'number of steps is 10 in a and 9 in b',
    )
    expect(differenceOf(copy('a'), copy('b', { record: { bestStep: 9 } }))).toBe('best step is 10 in a and 9 in b')
    const lines = (metrics: string) => ({ lines: { metrics, predictions: '' } })
    const curve = (folder: string, metrics: string, ...values: readonly number[]) =>
      copy(folder, { lines: values.map((value, at) => loss(at + 1, value)) }, lines(metrics))
    expect(differenceOf(curve('a', 'x', 1, 2), curve('b', 'y', 1, 3))).toBe(
      'training-loss at step 2 is 2 in a and 3 in b',
    )
    expect(differenceOf(curve('a', 'x', 1), curve('b', 'y', 1, 3))).toBe(
      'training-loss at step 2 is absent in a and 3 in b',
    )
    expect(differenceOf(curve('a', 'x', 1), curve('b', 'x', 2))).toBeUndefined()
    expect(differenceOf(curve('a', '0123456789abcdef', 1), curve('b', 'y', 1))).toBe(
      'sha-256 of metrics.jsonl is 0123456789ab in a and y in b',
    )
  })

  it('may do so in a result of the same evaluation', () => {
    const per = (value: number, low = 0) => ({
      record: { metrics: { test: { per: { value, interval: { low, high: 1, method: 'bootstrap' as const } } } } },
    })
    expect(differenceOf(copy('a', per(0.5)), copy('b', per(0.25)))).toBe('test per is 0.5 in a and 0.25 in b')
    expect(differenceOf(copy('a', per(0.5)), copy('b', per(0.5, 0.1)))).toBe(
      'test per interval low is 0 in a and 0.1 in b',
    )
    expect(differenceOf(copy('a', per(0.5)), copy('b', per(0.5)))).toBeUndefined()
    const beam = (folder: string, value: number) => {
      const { record } = per(value)
      return copy(folder, { record: { ...record, evaluation: 'beam' } }, { evaluation: 'beam' })
    }
    expect(differenceOf(copy('a', per(0.5)), beam('b', 0.25))).toBeUndefined()
    expect(differenceOf(copy('a', per(0.5)), beam('a', 0.3), copy('b', per(0.5)), beam('b', 0.25))).toBe(
      'test per is 0.3 in a and 0.25 in b',
    )
  })

  it('may do so in the statistics of an example', () => {
    const result = { record: { metrics: {} } }
    const of = (folder: string, errors: readonly number[]) => copy(folder, { errors, ...result })
    expect(differenceOf(of('a', [1, 2]), of('b', [1, 3]))).toBe(
      'per of test example 1 (statistic 0) is 2 in a and 3 in b',
    )
    expect(differenceOf(of('a', [1, 2]), of('b', [1]))).toBe(
      'per of test example 1 (statistic 0) is 2 in a and absent in b',
    )
    expect(differenceOf(of('a', [1]), of('b', [1, 2]))).toMatch(
      /^per of test example 1 \(statistic 0\) is absent in a and 2 in b$/,
    )
    expect(differenceOf(of('a', [1, 2]), of('b', [3, 2]))).toBe(
      'per of test example 0 (statistic 0) is 1 in a and 3 in b',
    )
    const per = (...rows: readonly (readonly number[])[]) => ({ statistics: { per: statisticsTable(rows) } })
    expect(differenceOf(copy('a', result, per([1, 10], [2, 10])), copy('b', result, per([1, 10], [2, 11])))).toBe(
      'per of test example 1 (statistic 1) is 10 in a and 11 in b',
    )
    expect(differenceOf(of('a', [1, 2]), { ...of('b', [1, 2]), statistics: {} })).toBe(
      'per of test example 0 (statistic 0) is 1 in a and absent in b',
    )
  })
})

describe('predictions that differ where the figures do not', async () => {
  const root = mkdtempSync(join(tmpdir(), 'seqlab-copies-'))
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  const made = madeUpTrial({ examples: 2, steps: 10 })
  const write = async (name: string, change: (line: PredictionLine) => PredictionLine) => {
    const directory = await writeTrial(join(root, name), { ...made, predictions: made.predictions.map(change) })
    return copy(directory, {}, { lines: { metrics: '', predictions: name } })
  }
  const [one, same, other, long, longer] = [
    await write('one', (line) => line),
    await write('same', (line) => line),
    await write('other', (line) => (line.index === 1 && line.split === 'test' ? { ...line, hypothesis: ['X'] } : line)),
    await write('long', (line) =>
      line.split === 'dev' ? { ...line, source: ['y'.repeat(58), 'y'.repeat(59)] } : line,
    ),
    await write('longer', (line) => (line.split === 'dev' ? { ...line, source: ['y'.repeat(59)] } : line)),
  ]

  it('are named by the example, and long texts by their digest', () => {
    expect(differenceOf(one, other)).toMatch(
      /^the prediction of test example 1 \(hypothesis 0\) is "\w+" in .*one.* and "X" in .*other/,
    )
    expect(differenceOf(one, long)).toMatch(
      /^the prediction of dev example 0 \(source 0\) is "\w" in .* and "y{58}" in .*long/,
    )
    const digest = createHash('sha256')
      .update(`"${'y'.repeat(59)}"`)
      .digest('hex')
    expect(differenceOf(one, longer)).toContain(` and a text with sha-256 ${digest.slice(0, 12)} in `)
    expect(differenceOf(long, one)).toMatch(/\(source 0\) is "y{58}" in /)
    expect(differenceOf(one, same)).toMatch(/^sha-256 of predictions\.jsonl is one in .* and same in /)
    const bare = (folder: string, name: string) => copy(folder, { errors: [1, 2], record: { engine: name } })
    expect(differenceOf(bare('a', 'x'), bare('b', 'y'))).toBeUndefined()
  })
})
