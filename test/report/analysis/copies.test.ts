import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { compare } from '../../../src/report/analysis/comparison/compare.js'
import { headline } from '../../../src/report/analysis/comparison/headline.js'
import { findTrials } from '../../../src/report/analysis/comparison/read.js'
import { type MadeUp, madeUpTrial } from '../made-up.js'
import { writeStudy } from '../study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-copies-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const rates = { gru: 0.08, elman: 0.16 }
const trialOf = (
  label: keyof typeof rates,
  seed: number,
  study: string,
  more: Partial<MadeUp['record']> = {},
): MadeUp => {
  const trial = madeUpTrial({
    ...{ label, seed, study, variant: { 'model.encoder.cell': label } },
    ...{ wrong: rates[label] * (1 + 0.6 * seed), examples: 60, steps: 1000 },
  })
  return { ...trial, record: { ...trial.record, ...more } }
}
const studyOf = (study: string) =>
  (['gru', 'elman'] as const).flatMap((label) => [1, 2].map((seed) => trialOf(label, seed, study)))
const claims = [{ left: 'gru', right: 'elman', metric: 'per', relation: 'better' as const }]
const first = join(root, 's2')
const second = join(root, 's2-2')
await writeStudy(first, studyOf('s2'), { claims })
await writeStudy(second, studyOf('s2-2'), { claims })

const compared = async (...paths: readonly string[]) => compare(await findTrials(paths), { command: 'seqlab compare' })
const alone = await compared(first)

describe('the same trial in two folders', () => {
  it('is one trial: figures and verdicts are those of one folder, and it is said', async () => {
    const both = await compared(first, second)
    expect(both.groups[0]?.variants.map(({ seeds }) => seeds)).toEqual([
      [1, 2],
      [1, 2],
    ])
    expect(both.groups[0]?.metrics).toEqual(alone.groups[0]?.metrics)
    expect(both.claims).toEqual(alone.claims)
    expect(both.skipped).toEqual([])
    expect(both.copies).toHaveLength(4)
    expect(headline(both)[0]).toMatch(/^4 trials are in more than one folder \(.*s2; .*s2-2\): each is counted once\.$/)
  })

  it('is no copy where one folder is named twice, by itself, by a link or within its study', async () => {
    const link = join(root, 'link')
    symlinkSync(first, link)
    const found = await compared(first, link, `${first}/../s2/`, join(first, 'trial-gru-1'))
    expect(found.copies).toEqual([])
    expect(found.groups[0]?.metrics).toEqual(alone.groups[0]?.metrics)
  })

  it('is found in copies of single folders too', async () => {
    const copy = join(root, 'a-backup')
    cpSync(join(first, 'trial-gru-1'), copy, { recursive: true })
    const found = await compared(first, copy)
    expect(found.copies).toMatchObject([{ trialId: 'trial-gru-1', seed: 1, difference: null }])
    expect(found.groups[0]?.metrics).toEqual(alone.groups[0]?.metrics)
    expect(headline(found)[0]).toMatch(/^1 trial is in more than one folder .*: it is counted once\.$/)
  })

  const otherStudy = async (change: (trial: MadeUp) => MadeUp) => {
    const folder = mkdtempSync(join(root, 'other-'))
    await writeStudy(
      folder,
      studyOf('other').map((trial) => (trial.record.trialId === 'trial-gru-2' ? change(trial) : trial)),
      { claims },
    )
    return { folder, found: await compared(first, folder) }
  }

  it('counts nowhere where its results differ: both folders and the first differing figure are named', async () => {
    const { folder, found } = await otherStudy((trial) => {
      const test = {
        ...trial.record.metrics.test,
        per: { value: 0.5, interval: { low: 0.4, high: 0.6, method: 'bootstrap' as const } },
      }
      return { ...trial, record: { ...trial.record, metrics: { ...trial.record.metrics, test } } }
    })
    expect(found.groups[0]?.variants.map(({ seeds }) => seeds)).toEqual([[1], [1, 2]])
    const paths = found.skipped.map(({ path }) => path)
    expect(paths).toEqual([join(first, 'trial-gru-2')])
    expect(found.skipped[0]?.reason).toContain(join(folder, 'trial-gru-2').slice(-10))
    const value = alone.groups[0]?.trials.find(({ trialId }) => trialId === 'trial-gru-2')?.test.per
    expect(found.skipped[0]?.reason).toContain('the same trial is in 2 folders with different results')
    expect(found.skipped[0]?.reason).toMatch(new RegExp(`test per is ${value} in .*s2/trial-gru-2 and 0.5 in `))
    expect(found.copies.filter(({ difference }) => difference !== null)).toHaveLength(1)
    expect(headline(found)[1]).toMatch(
      /^1 trial is in more than one folder .* different results and is not counted .* Leave out or delete one of the folders\.$/,
    )
  })

  it('says in what else the copies differ, and what is left where all of them do', async () => {
    const folder = mkdtempSync(join(root, 'engine-'))
    const changed = studyOf('s2').map((trial) => ({
      ...trial,
      record: { ...trial.record, engine: 'another', stepsDone: 7, versions: { ...trial.record.versions, onnx: '9' } },
    }))
    await writeStudy(folder, changed, { claims })
    const found = await compared(first, folder)
    expect(found.skipped).toHaveLength(4)
    expect(found.skipped[0]?.reason).toMatch(
      /number of steps is \d+ in .* and 7 in .* \(engine: \S+ and another; .*onnx: \S+ and 9\)$/,
    )
    expect(found.title).toBe('s2')
    expect(headline(found).at(-1)).toBe('No other trial has finished: there is nothing to compare without them.')
  })

  it('names a point of a curve, an example or a prediction where the figures of the record are equal', async () => {
    const reason = async (change: (trial: MadeUp) => MadeUp) => (await otherStudy(change)).found.skipped[0]?.reason
    const curve = await reason((trial) => ({
      ...trial,
      lines: trial.lines.map((line) => (line.step === 500 && line.kind === 'train' ? { ...line, loss: 7 } : line)),
    }))
    expect(curve).toMatch(/training-loss at step 500 is [\d.]+ in .* and 7 in /)
    const example = await reason((trial) => ({
      ...trial,
      predictions: trial.predictions.map((line) =>
        line.split === 'test' && line.index === 3 ? { ...line, statistics: { per: [99, 100], wer: [1, 1] } } : line,
      ),
    }))
    expect(example).toMatch(/per of test example 3 \(statistic 0\) is \d+ in .* and 99 in /)
    const prediction = await reason((trial) => ({
      ...trial,
      predictions: trial.predictions.map((line) =>
        line.split === 'test' && line.index === 4 ? { ...line, hypothesis: ['X'] } : line,
      ),
    }))
    expect(prediction).toMatch(/the prediction of test example 4 \(hypothesis 0\) is "[A-Z]+" in .* and "X" in /)
  })

  it('ignores time, memory and machine, and a copy that has no result', async () => {
    const slower = await otherStudy((trial) => ({
      ...trial,
      record: { ...trial.record, timings: { trainMs: 1 }, attempts: 3, versions: { seqlab: '9' } },
    }))
    expect(slower.found.skipped).toEqual([])
    expect(slower.found.groups[0]?.metrics).toEqual(alone.groups[0]?.metrics)
    const failed = await otherStudy((trial) => ({
      ...trial,
      record: { ...trial.record, status: 'cancelled', metrics: {}, stepsDone: 3 },
    }))
    expect(failed.found.skipped).toEqual([])
    expect(failed.found.groups[0]?.metrics).toEqual(alone.groups[0]?.metrics)
    expect(failed.found.groups[0]?.variants.map(({ unfinished }) => unfinished)).toEqual([0, 0])
  })

  it('has a name in each of its studies, by which their claims mean it', async () => {
    const folder = join(root, 'renamed')
    const named = studyOf('renamed').map((trial) => ({
      ...trial,
      record: { ...trial.record, label: `cell=${trial.record.label}` },
    }))
    await writeStudy(folder, named, {
      claims: [{ left: 'cell=gru', right: 'cell=elman', metric: 'wer', relation: 'better' }],
    })
    const found = await compared(first, folder)
    expect(found.claims.map(({ leftVariants, metric }) => [leftVariants, metric])).toEqual([
      [['gru'], 'per'],
      [['cell=gru'], 'wer'],
    ])
    expect(found.groups[0]?.variants.map(({ label }) => label)).toEqual(['gru', 'elman'])
  })
})
