import { describe, expect, test } from 'vitest'
import { metricResult } from '../../../../src/metrics/score.js'
import { entityTable } from '../../../../src/report/analysis/evaluation/classes.js'
import { type EvaluationInput, evaluationDetails } from '../../../../src/report/analysis/evaluation/details.js'
import { metricLookup } from '../../../../src/report/analysis/metrics.js'
import { statisticsTable } from '../../../../src/stats/bootstrap.js'
import type { PredictionLine } from '../../../../src/train/types.js'

const line = (index: number, source: string, statistics: PredictionLine['statistics']): PredictionLine => ({
  ...{ split: 'test', index, source: source.split(' '), references: [['B-to']], hypothesis: ['B-to'], score: 0 },
  statistics,
})

const inputOf = (
  type: string,
  predictions: readonly PredictionLine[],
  metrics: EvaluationInput['record']['metrics'] = [{ type: 'per' }],
): EvaluationInput => ({
  record: {
    ...{ schemaVersion: 2, trialId: 't1', name: 'other', id: 'e1', label: 'gru', variant: {} },
    ...{ decode: { type: 'greedy' }, metrics, testDigest: 'd', engine: 'onnx', versions: {} },
    ...{ results: { dev: {}, test: {} }, predictions: { bytes: 1, sha256: 's' } },
    testSet: { files: ['other.tsv'], examples: predictions.length },
  },
  ...{ predictions, task: { type }, model: {}, joiners: { source: '', target: ' ' }, training: {} },
  counts: { read: predictions.length, dropped: {}, cut: {}, unknownTokens: {} },
})

/** Errors and reference tokens, as PER counts them. */
const per = (errors: number) => ({ per: [errors, 1] })

const none = { like: 0, other: 0 }

describe('the details of an evaluation', () => {
  test('have entities in a table of their own where tags mark spans', () => {
    const metrics = [{ type: 'slot-f1', scheme: 'iob2', count: 'conlleval', outside: 'O' } as const]
    const predictions = [line(0, 'a', {})]
    const details = evaluationDetails(inputOf('tag', predictions, metrics))
    expect(details.entities).toEqual(entityTable(predictions, 'labels', metrics, {}))
    expect(details.entities).toMatchObject({ rows: [{ name: 'to', correct: 1 }] })
    expect(Object.keys(details).toSorted()).toEqual([
      ...['confusion', 'counts', 'entities', 'id', 'label', 'labels', 'lengths', 'name', 'results', 'schemaVersion'],
      ...['testSet', 'trialId'],
    ])
  })

  test('say why there are no entities where tags mark spans and follow no scheme', () => {
    const tags = { prefixed: { b: 1, B: 1 }, bare: {}, plain: {}, after: { I: none, B: none } }
    const details = evaluationDetails({ ...inputOf('tag', [line(0, 'a', {})], []), training: { tags } })
    expect(details.entities).toEqual({
      without: expect.stringMatching(/^There is no table of entities: some tags have a prefix of no scheme \(b\)\./),
    })
  })

  test('of numbers have no lengths, though a metric has values for each example', () => {
    const { lengths, confusion } = evaluationDetails(inputOf('forecast', [line(0, 'a', per(1))]))
    expect(lengths).toEqual({})
    expect(confusion).toEqual([])
  })

  test('leave out lengths of which no example has the metric', () => {
    // Twenty examples of one token each have no PER; of twenty of two tokens five are wrong.
    const lines = Array.from({ length: 40 }, (_, at) =>
      at < 20 ? line(at, 'a', {}) : line(at, 'a b', per(at < 25 ? 1 : 0)),
    )
    const { lengths } = evaluationDetails(inputOf('transduce', lines))
    expect(lengths.per?.map(({ length, examples, result }) => [length, examples, result.value])).toEqual([
      ['2', 20, 0.25],
    ])
  })

  test('have the same intervals by length whenever they are made: 500 resamples under the seed 1', () => {
    // Errors 0, 1, 2, 3, 4, 0, ... in references of 1, 2, 3, 1, ... tokens: 40 errors in 42 tokens.
    const lines = Array.from({ length: 21 }, (_, at) => line(at, 'a', { per: [at % 5, 1 + (at % 3)] }))
    const metric = metricLookup([{ type: 'per' }])('per') ?? expect.fail()
    const table = statisticsTable(lines.map(({ statistics }) => statistics.per ?? []))
    const result = metricResult(metric, table, { seed: 1, resamples: 500 })
    expect(result.value).toBeCloseTo(40 / 42, 10)
    expect(evaluationDetails(inputOf('transduce', lines)).lengths).toEqual({
      per: [{ length: '1', examples: 21, result }],
    })
    // Another seed gives another interval.
    expect(metricResult(metric, table, { seed: 2, resamples: 500 })).not.toEqual(result)
  })
})
