import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import {
  ensembleOf,
  readEnsemblesOf,
  together,
} from '../../../../../src/report/analysis/comparison/published/ensembles.js'
import { missingEnsembles } from '../../../../../src/report/analysis/comparison/published/missing.js'
import type { FoundTrial } from '../../../../../src/report/analysis/comparison/read-trial.js'
import { ensembleId } from '../../../../../src/spec/hash.js'
import type { PublishedFigure } from '../../../../../src/spec/types.js'
import { statisticsTable } from '../../../../../src/stats/bootstrap.js'
import { digestOf } from '../../../../../src/store/files.js'
import { evaluationDirectory, evaluationPath } from '../../../../../src/store/layout.js'
import { finalEvaluationOf, writeEvaluation } from '../../../../../src/store/trial/evaluation.js'
import { foundTrial, foundTrials } from '../../../found.js'
import { madeUpTrial } from '../../../made-up.js'
import { groupOf } from '../claims/valued.js'

const { evaluation } = foundTrial().record
const failed = (label: string, seed: number) => foundTrial({ label, seed, record: { status: 'failed', metrics: {} } })
const gru = [1, 2].map((seed) => foundTrial({ label: 'gru', seed }))
const lstm = [1, 2, 3].map((seed) => foundTrial({ label: 'lstm', seed }))
const gruId = ensembleId(['cells-gru-1', 'cells-gru-2'], evaluation)
const lstmId = ensembleId(['cells-lstm-1', 'cells-lstm-2', 'cells-lstm-3'], evaluation)
const results = { per: { value: 0.25, interval: { value: null, reason: 'made up' } } }
const statistics = { per: statisticsTable([[2.5, 10]]) }
const variantOf = (trials: readonly FoundTrial[]) => {
  const [variant] = groupOf(trials).group.variants
  if (variant === undefined) throw new Error('a variant')
  return variant
}

describe('the ensemble of a variant', () => {
  test('is of all its models; none where one has failed or none has finished', () => {
    expect(ensembleOf(variantOf(gru))).toBe(gruId)
    expect(ensembleOf(variantOf([...gru, failed('gru', 3)]))).toBeUndefined()
    expect(ensembleOf(variantOf([failed('gru', 3)]))).toBeUndefined()
    expect(ensembleOf({ ...variantOf(gru), completed: [] })).toBeUndefined()
  })

  test('stands for one trial: the results of all together, whatever the first seed is', () => {
    const found = { id: gruId, results, statistics }
    const other = { id: lstmId, results: {}, statistics: {} }
    const late = [7, 2].map((seed, at) => foundTrial({ seed, record: { trialId: `cells-gru-${at + 1}` } }))
    const [trial, ...more] = together(variantOf(late), [other, found])
    expect(more).toEqual([])
    expect(trial?.record).toEqual({
      ...late[0]?.record,
      ...{ seed: 0, metrics: { dev: late[0]?.record.metrics.dev, test: results } },
    })
    expect(trial?.statistics).toBe(statistics)
    expect(together(variantOf(late), [other])).toEqual([])
    expect(together({ ...variantOf(late), completed: [] }, [found])).toEqual([])
  })
})

describe('ensembles that are still to be evaluated', () => {
  const missing = (figures: readonly PublishedFigure[], ensembles: readonly string[], trials = [...gru, ...lstm]) =>
    missingEnsembles(
      foundTrials(trials, {
        published: figures.map((figure) => ({ figure, source: 'Ada 1843', folder: 'runs/cells' })),
        ensembles: ensembles.map((id) => ({ id, results, statistics })),
      }),
    ).map(({ id, trials: of }) => [id, of.map(({ record }) => record.trialId)])
  const figure: PublishedFigure = { metric: 'per', value: 0.1, ensemble: true }
  const ofGru = [gruId, ['cells-gru-1', 'cells-gru-2']]
  const ofLstm = [lstmId, ['cells-lstm-1', 'cells-lstm-2', 'cells-lstm-3']]

  test('are of the variants of figures of models that predict together, each once', () => {
    expect(missing([figure], [])).toEqual([ofGru, ofLstm])
    expect(missing([figure, { ...figure, of: 'gru' }], [])).toEqual([ofGru, ofLstm])
    expect(missing([{ ...figure, of: 'lstm' }], [])).toEqual([ofLstm])
    const { ensemble: _, ...single } = figure
    expect(missing([single], [])).toEqual([])
    expect(missing([single, { ...figure, of: 'gru' }], [])).toEqual([ofGru])
  })

  test('are not those that were evaluated, nor of a variant of which a seed has failed', () => {
    expect(missing([figure], [gruId])).toEqual([ofLstm])
    expect(missing([figure], [gruId, lstmId])).toEqual([])
    expect(missing([figure], [], [...gru, ...lstm, failed('gru', 3)])).toEqual([ofLstm])
  })
})

describe('ensembles on disk', () => {
  const study = mkdtempSync(join(tmpdir(), 'seqlab-ensembles-'))
  afterAll(() => rmSync(study, { recursive: true }))

  test('have their results and statistics; damaged ones are told with the study', async () => {
    const { record } = madeUpTrial({ examples: 2, steps: 10 })
    const write = (name: string, errors: number, written: (text: string) => string) => {
      const lines = [
        `{"split":"test","statistics":{"per":[${errors},10]}}`,
        '{"split":"dev","statistics":{"per":[9,10]}}',
      ]
      const text = lines.map((line) => `${line}\n`).join('')
      mkdirSync(evaluationDirectory(study, name), { recursive: true })
      writeFileSync(evaluationPath(study, name, 'predictions'), written(text))
      const own = { ...record, evaluation: `of ${name}`, metrics: { dev: {}, test: results } }
      writeEvaluation(study, { ...finalEvaluationOf(own, digestOf(text)), name, together: ['a', 'b'] })
    }
    write('1', 3, (text) => text)
    write('2', 4, (text) => text.replace('4', '5'))
    write('3', 6, (text) => text)
    writeFileSync(evaluationPath(study, '3', 'evaluation'), '{}')
    const { ensembles, skipped } = await readEnsemblesOf(study)
    expect(ensembles.map(({ statistics: { per }, ...rest }) => [rest, [...(per?.data ?? [])]])).toEqual([
      [{ id: 'of 1', results }, [3, 10]],
    ])
    expect(skipped.map(({ path }) => path)).toEqual([study, study])
    // What cannot be read at all comes first.
    expect(skipped[0]?.reason).toContain(evaluationPath(study, '3', 'evaluation'))
    expect(skipped[1]?.reason).toContain(evaluationPath(study, '2', 'predictions'))
    expect(skipped[1]?.reason).toContain('its checksum does not match')
  })
})
