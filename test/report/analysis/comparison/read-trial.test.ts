import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readFoundTrial } from '../../../../src/report/analysis/comparison/read-trial.js'
import { digestOf } from '../../../../src/store/files.js'
import { evaluationDirectory, evaluationPath } from '../../../../src/store/layout.js'
import { finalEvaluationOf, writeEvaluation } from '../../../../src/store/trial/evaluation.js'
import { type MadeUp, type MadeUpOptions, madeUpSpec, madeUpTrial } from '../../made-up.js'
import { writeLaterEvaluation, writeTrial } from '../../study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-read-trial-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const trial = (label: string, more: MadeUpOptions = {}, record: Partial<MadeUp['record']> = {}): MadeUp => {
  const made = madeUpTrial({ label, study: 'cells', examples: 4, steps: 10, ...more })
  return { ...made, record: { ...made.record, ...record } }
}
const labelsOf = async (directory: string) =>
  (await readFoundTrial(directory, {})).trials.map(({ record }) => record.label).toSorted()

describe('an evaluation on data of its own', async () => {
  const made = trial('gru')
  const directory = await writeTrial(root, made)
  const text = made.predictions.map((line) => `${JSON.stringify(line)}\n`).join('')
  mkdirSync(evaluationDirectory(directory, 'mine'), { recursive: true })
  writeFileSync(evaluationPath(directory, 'mine', 'predictions'), text)
  const { metrics } = made.record
  writeEvaluation(directory, {
    ...{ ...finalEvaluationOf(made.record, digestOf(text)), name: 'mine', id: 'mine', label: 'gru on mine' },
    ...{ testDigest: 'mine', results: { dev: {}, test: metrics.test ?? {} } },
    testSet: { files: ['mine.txt'], examples: 4 },
  })

  it('is read by its name alone; what selects is the dev set of the training', async () => {
    const { trials, skipped } = await readFoundTrial(directory, { evaluation: 'mine' })
    expect(skipped).toEqual([])
    expect(trials).toMatchObject([{ evaluation: 'mine', record: { label: 'gru on mine' } }])
    expect(trials[0]?.record).toMatchObject({ digests: { test: 'mine' }, metrics: { dev: metrics.dev } })
    expect(trials[0]?.record.metrics.test).toEqual(metrics.test)
    expect(trials[0]?.statistics.per?.examples).toBe(4)
    expect(await labelsOf(directory)).toEqual(['gru'])
  })

  it('has no dev value of a metric that was measured otherwise in training', async () => {
    const metricsOf = (of: 'values' | 'scaled') => [{ type: 'mae' as const, of }, { type: 'per' as const }]
    const result = { value: 3, interval: { value: null, reason: 'made up' } }
    const results = { mae: result, per: result }
    const { record, ...rest } = trial('forecaster')
    const spec = { ...record.spec, metrics: metricsOf('values') }
    const forecaster = { ...rest, record: { ...record, spec, metrics: { dev: results, test: results } } }
    const at = await writeTrial(root, forecaster)
    const written = '{"split":"test","statistics":{"mae":[1,1],"per":[1,1]}}\n'
    for (const [name, of] of [
      ['same', 'values'],
      ['otherwise', 'scaled'],
    ] as const) {
      mkdirSync(evaluationDirectory(at, name), { recursive: true })
      writeFileSync(evaluationPath(at, name, 'predictions'), written)
      writeEvaluation(at, {
        ...{ ...finalEvaluationOf(forecaster.record, digestOf(written)), name, id: name, metrics: metricsOf(of) },
        ...{ testDigest: 'mine', results: { dev: {}, test: results }, testSet: { files: ['mine.txt'], examples: 1 } },
      })
    }
    const devOf = async (evaluation: string) => (await readFoundTrial(at, { evaluation })).trials[0]?.record.metrics.dev
    expect(await devOf('same')).toEqual(results)
    expect(await devOf('otherwise')).toEqual({
      mae: { value: null, reason: 'dev was measured under other options of the metric' },
      per: result,
    })
  })

  it('is skipped where there is none of the name', async () => {
    expect(await readFoundTrial(directory, { evaluation: 'yours' })).toEqual({
      trials: [],
      skipped: [{ path: directory, reason: 'it has no evaluation yours' }],
    })
  })
})

describe('an evaluation of the plan', () => {
  it('has dev results of its own: they depend on the search', async () => {
    const directory = await writeTrial(root, trial('lstm'))
    const beam = trial('beam', { identity: 'lstm', wrong: 0.5 })
    writeLaterEvaluation(directory, beam, 'be4m')
    const [found] = (await readFoundTrial(directory, { planned: [{ id: 'be4m' }] })).trials
    expect(found?.record.metrics.dev).toEqual(beam.record.metrics.dev)
    expect(found?.record.metrics.dev).not.toEqual(trial('lstm').record.metrics.dev)
  })

  it('is replaced by one with all of its metrics and more, not by one that lacks any of them', async () => {
    const directory = await writeTrial(root, trial('metrics'))
    const metrics = (...types: readonly string[]) =>
      ({ ...madeUpSpec, metrics: types.map((type) => ({ type })) }) as typeof madeUpSpec
    const later = (id: string, ...types: readonly string[]) =>
      writeLaterEvaluation(directory, trial(id, { identity: 'metrics', spec: metrics(...types) }), id)
    later('three', 'per', 'bleu', 'accuracy')
    // The final one has per and wer: three of which it has one are no more of the same.
    expect(await labelsOf(directory)).toEqual(['metrics', 'three'])
    later('one', 'wer')
    expect(await labelsOf(directory)).toEqual(['metrics', 'three'])
    later('all', 'per', 'wer', 'bleu', 'accuracy')
    expect(await labelsOf(directory)).toEqual(['all'])
  })

  it('is kept beside one with more metrics under another search, or on other data', async () => {
    const directory = await writeTrial(root, trial('kept'))
    const spec = (decode: object, ...types: readonly string[]) =>
      ({ ...madeUpSpec, decode, metrics: types.map((type) => ({ type })) }) as typeof madeUpSpec
    const beam = { type: 'beam', width: 4 }
    writeLaterEvaluation(directory, trial('beam', { identity: 'kept', spec: spec(beam, 'per', 'wer', 'bleu') }), 'beam')
    const digests = { training: '4f3c5d7be0aa', test: 'x' }
    const other = trial(
      'other',
      { identity: 'kept', spec: spec({ type: 'greedy' }, 'per', 'wer', 'bleu') },
      { digests },
    )
    writeLaterEvaluation(directory, other, 'other')
    expect(await labelsOf(directory)).toEqual(['beam', 'kept', 'other'])
  })
})

describe('concerns', () => {
  it('are outputs without an end too, where a limit was recorded', async () => {
    const of = async (label: string, outputLimit?: number) => {
      const made = trial(label, {}, outputLimit === undefined ? {} : { outputLimit })
      // Outputs of 1, 2, 3 and 3 symbols.
      const predictions = made.predictions.map((line) => ({
        ...line,
        hypothesis: ['x', 'x', 'x'].slice(0, line.index + 1),
      }))
      const directory = await writeTrial(root, { ...made, predictions })
      return (await readFoundTrial(directory, {})).trials[0]?.concerns
    }
    expect(await of('unlimited')).toEqual([])
    expect(await of('limited', 3)).toEqual(['2 of 4 test outputs without an end after 3 symbols'])
    expect(await of('wide', 4)).toEqual([])
  })
})
