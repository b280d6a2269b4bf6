import { describe, expect, it } from 'vitest'
import { stepAxes, tokensUntil } from '../../../src/report/analysis/trial/axes.js'
import { playgroundExamples } from '../../../src/report/analysis/trial/playground-examples.js'
import { predictionTable } from '../../../src/report/analysis/trial/table.js'
import type { MetricsLine, PredictionLine } from '../../../src/train/types.js'
import { madeUpMetrics, madeUpTrial } from '../made-up.js'

// What a trial's page gets for its table, its axes and its playground.

const line = (index: number, more: Partial<PredictionLine> = {}): PredictionLine => ({
  ...{ split: 'test', index, source: ['a', 'b'], references: [['x']], hypothesis: ['x'], score: -1, statistics: {} },
  ...more,
})
const { record } = madeUpTrial({ examples: 2, steps: 10 })
const given = (predictions: readonly PredictionLine[]) => ({
  ...{ record, predictions, metrics: madeUpMetrics, joiners: { source: '', target: ' ' } },
})

describe('the table of predictions', () => {
  it('has every row of test where they fit, with short numbers', () => {
    const alignment = [[0.123456, 0.876544]]
    const rows = [
      line(0, { split: 'dev' }),
      line(3, { score: -0.123456789, alignment, kept: 'sampled', features: ['N', 'PL'] }),
      line(1, { hypothesis: ['q'], kept: 'mistake' }),
    ]
    const table = predictionTable(given(rows))
    expect(table).toMatchObject({ kind: 'sequence', split: 'test', all: 2, joiners: { source: '', target: ' ' } })
    expect(table?.rows).toEqual([
      {
        ...{ index: 3, source: ['a', 'b'], references: [['x']], hypothesis: ['x'], score: -0.12346 },
        ...{ features: ['N', 'PL'], alignment: [[0.12, 0.88]], kept: 'sampled' },
      },
      { index: 1, source: ['a', 'b'], references: [['x']], hypothesis: ['q'], score: -1 },
    ])
  })

  it('has those of dev where there is no test, and is none of a forecast', () => {
    expect(predictionTable(given([line(0, { split: 'dev' })]))).toMatchObject({ split: 'dev', all: 1 })
    expect(predictionTable(given([]))).toBeUndefined()
    const numbers = { reference: [1], forecast: [2], context: [3] } as unknown as NonNullable<PredictionLine['values']>
    expect(predictionTable(given([line(0, { values: numbers })]))).toBeUndefined()
  })

  it('of more has half of the room for the worst, and half for a sample', () => {
    // Some 50,000 characters a row, and room for 1,200,000: 23 and a bit; 11 of the worst, 11 and a bit of the others.
    const long = Array.from({ length: 100 }, () => 'c'.repeat(497))
    const rows = Array.from({ length: 60 }, (_, index) =>
      line(index, { source: long, references: [['x', 'y']], hypothesis: index < 30 ? ['x', 'y'] : ['x', 'q'] }),
    )
    const characters = (index: number) => {
      const { source, references, hypothesis, score } = rows[index] ?? expect.fail()
      return JSON.stringify({ index, source, references, hypothesis, score }).length
    }
    expect([characters(5), characters(35)]).toEqual([50_081, 50_082])
    const table = predictionTable(given(rows)) ?? expect.fail()
    const shown = table.rows.map(({ index }) => index)
    expect(table.all).toBe(60)
    // Rows 30 to 40 are the first eleven of the worst: 11 x 50,082 characters of 600,000.
    expect(shown).toEqual(expect.arrayContaining(Array.from({ length: 11 }, (_, at) => 30 + at)))
    expect(shown).toEqual(shown.toSorted((a, b) => a - b))
    const others = shown.filter((index) => index < 30 || index > 40)
    expect(others).toHaveLength(11)
    expect(others.some((index) => index < 30)).toBe(true)
    expect(predictionTable(given(rows))).toEqual(table)
  })
})

describe('the axes of curves over steps', () => {
  const train = (step: number, tokens?: number): MetricsLine => ({
    ...{ kind: 'train', step, epoch: 0, loss: 1, gradientNorm: 1, learningRate: 1 },
    ...(tokens !== undefined && { tokens }),
  })
  const validation: MetricsLine = { kind: 'validation', step: 15, loss: 1, metrics: {}, best: true }

  it('count tokens from line to line; none where a line does not say', () => {
    expect(tokensUntil([train(10, 300), validation, train(20, 200)])).toEqual([
      [0, 0],
      [10, 300],
      [20, 500],
    ])
    expect(tokensUntil([train(10, 300), train(20)])).toBeUndefined()
    expect(tokensUntil([validation])).toBeUndefined()
    expect(tokensUntil([train(10, 0)])).toBeUndefined()
  })

  it('have the time of training over its steps, where it was measured', () => {
    const of = (timings: object, stepsDone = 20) =>
      stepAxes({ spec: record.spec, timings: { ...timings } as typeof record.timings, stepsDone }, [train(20, 7)])
    expect(of({ train: 5000 })).toEqual({
      tokens: {
        name: 'tokens',
        knots: [
          [0, 0],
          [20, 7],
        ],
      },
      time: { ms: 5000, steps: 20 },
    })
    expect(of({ trainMs: 6000 }).time).toEqual({ ms: 6000, steps: 20 })
    expect(of({ total: 6000 }).time).toBeUndefined()
    expect(of({ train: 0 }).time).toBeUndefined()
    expect(of({ train: 5000 }, 0).time).toBeUndefined()
    expect(stepAxes({ spec: record.spec, timings: record.timings, stepsDone: 20 }, []).tokens).toBeUndefined()
  })
})

describe('what a playground begins with', () => {
  const scaling = (count: number, role?: 'known-ahead') =>
    Array.from({ length: count }, (_, at) => ({ name: `${at}`, ...(role && { role }) })) as never

  it('twenty sources of test, drawn by the seed, with their features', () => {
    const rows = Array.from({ length: 50 }, (_, at) =>
      line(at, { split: at < 5 ? 'dev' : 'test', source: [`${at}`, '!'], features: at % 2 ? ['N', 'PL'] : [] }),
    )
    const { examples, features, series } = playgroundExamples(given(rows), {}, ';')
    expect(examples).toHaveLength(20)
    expect(new Set(examples).size).toBe(20)
    expect(series).toEqual([])
    for (const [at, example] of examples.entries()) {
      const index = Number.parseInt(example, 10)
      expect(example).toBe(`${index}!`)
      expect(index).toBeGreaterThanOrEqual(5)
      expect(features[at]).toBe(index % 2 ? 'N;PL' : '')
    }
    expect(playgroundExamples(given(rows), {}, ';').examples).toEqual(examples)
    expect(playgroundExamples(given(rows), {}).features.filter(Boolean)[0]).toBe('N PL')
    const dev = playgroundExamples(given(rows.slice(0, 5)), {}).examples
    expect(dev.toSorted()).toEqual(['0!', '1!', '2!', '3!', '4!'])
  })

  it('the series of test, as far as its windows follow each other step by step', () => {
    const window = (index: number, ...reference: readonly number[]) =>
      line(index, { values: { reference, forecast: reference } as unknown as NonNullable<PredictionLine['values']> })
    const seriesOf = (rows: readonly PredictionLine[], columns: number, role?: 'known-ahead') =>
      playgroundExamples(given(rows), { scaling: scaling(columns, role) }).series
    // Three steps ahead of one number, each window one step after the one before.
    const rows = [window(0, 1, 2, 3), window(1, 2, 3, 4), window(2, 3, 4, 5)]
    expect(seriesOf(rows, 1)).toEqual([[1], [2], [3]])
    // Two numbers a step, two steps ahead.
    expect(seriesOf([window(0, 1, 10, 2, 20), window(1, 2, 20, 3, 30)], 2)).toEqual([
      [1, 10],
      [2, 20],
    ])
    expect(seriesOf([window(0, 1, 2, 3), window(1, 3, 4, 5)], 1)).toEqual([])
    expect(seriesOf([window(0, 1, 2, 3), window(1, 2, 9, 4)], 1)).toEqual([])
    // One step ahead says nothing of what follows it, and a column that is known ahead is not forecast.
    expect(seriesOf([window(0, 1), window(1, 2)], 1)).toEqual([])
    expect(seriesOf(rows, 1, 'known-ahead')).toEqual([])
    expect(seriesOf([...rows.map((row) => ({ ...row, split: 'dev' as const }))], 1)).toEqual([])
    const many = Array.from({ length: 600 }, (_, at) => window(at, at, at + 1))
    expect(seriesOf(many, 1)).toHaveLength(500)
    expect(playgroundExamples(given(rows), { scaling: scaling(1) }).examples).toEqual([])
  })
})
