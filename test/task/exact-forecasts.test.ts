import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isUndefined } from '../../src/core/measured.js'
import type { MetricResult } from '../../src/metrics/score.js'
import { readEvaluation, readPredictions } from '../../src/store/index.js'
import { built } from '../support/trained-runs.js'

// One number of a thousand million makes float32 forget what the others are; forecasts are scored by them all the same.
const numbers = Array.from({ length: 60 }, (_, step) => (step === 20 ? -1e9 : 10 + ((step * 7) % 11) / 10))
const [dev, held, horizon, window] = [12, 14, 2, 8]
const spec = {
  task: 'forecast',
  data: {
    source: { type: 'series', file: 'series.csv', columns: ['v'], window, horizon },
    split: { dev, test: held },
  },
  model: {
    source: { representation: 'numbers' },
    encoder: { cell: 'gru', hidden: 4 },
    context: 'last-state',
  },
  train: { optimizer: 'adam', steps: 4, validate: { every: 4 }, batchSize: 8 },
  metrics: ['mae', 'rmse', 'mase', 'skill', 'smape'],
}

const folder = mkdtempSync(join(tmpdir(), 'seqlab-exact-'))
let trial = ''
beforeAll(async () => {
  writeFileSync(join(folder, 'series.csv'), `v\n${numbers.join('\n')}\n`)
  // The test part alone, with the window before it.
  writeFileSync(join(folder, 'last.csv'), `v\n${numbers.slice(-held - window).join('\n')}\n`)
  writeFileSync(join(folder, 'study.yaml'), JSON.stringify(spec))
  const { code, stderr } = await built(folder, ['run', 'study.yaml', '--out', 'runs'])
  expect(stderr).toContain('completed')
  expect(code).toBe(0)
  const runs = join(folder, 'runs', 'study')
  trial = join(runs, readdirSync(runs).find((name) => /^[\da-f]{16}$/.test(name)) ?? '')
})
afterAll(() => rmSync(folder, { recursive: true }))

const figureOf = (result: MetricResult | undefined) =>
  result === undefined || isUndefined(result) ? Number.NaN : result.value
const mean = (all: readonly number[]) => all.reduce((sum, value) => sum + value, 0) / all.length

/** By the definitions of the metrics, from what the file has and what was predicted. */
function figures(predicted: readonly (readonly number[])[]): Record<string, number> {
  const first = numbers.length - held
  const pairs = predicted.flatMap((row, at) =>
    row.map((value, ahead) => {
      const before = numbers[first + at - 1] ?? 0
      return { value, reference: numbers[first + at + ahead] ?? 0, before }
    }),
  )
  const errors = pairs.map(({ value, reference }) => Math.abs(value - reference))
  const naive = pairs.map(({ reference, before }) => Math.abs(before - reference))
  const train = numbers.slice(0, first - dev)
  const inTraining = mean(train.slice(1).map((value, at) => Math.abs(value - (train[at] ?? 0))))
  return {
    mae: mean(errors),
    rmse: Math.sqrt(mean(errors.map((error) => error ** 2))),
    mase: mean(errors) / inTraining,
    skill: 1 - mean(errors) / mean(naive),
    smape: mean(
      pairs.map(({ value, reference }) => (2 * Math.abs(value - reference)) / (Math.abs(value) + Math.abs(reference))),
    ),
  }
}

test('references are the numbers of the file, and figures those of a calculation by hand', () => {
  const lines = readPredictions(trial).filter(({ split }) => split === 'test')
  expect(lines.map(({ values }) => values?.reference)).toEqual(
    Array.from({ length: held - horizon + 1 }, (_, at) => numbers.slice(numbers.length - held + at).slice(0, horizon)),
  )
  const expected = figures(lines.map(({ values }) => values?.predicted ?? []))
  const found = readEvaluation(trial)?.results.test ?? {}
  for (const [name, value] of Object.entries(expected))
    expect([name, figureOf(found[name]) / value]).toEqual([name, expect.closeTo(1, 9)])
})

test('the naive forecast beside them is exact: it repeats the number before the target', () => {
  const lines = readPredictions(trial).filter(({ split }) => split === 'dev')
  const first = numbers.length - held - dev
  expect(lines.map(({ values }) => values?.naive)).toEqual(
    Array.from({ length: dev - horizon + 1 }, (_, at) => Array(horizon).fill(numbers[first + at - 1])),
  )
})

test('evaluated on a file of the test part alone the model has the same figures and references', async () => {
  const { code, stdout, stderr } = await built(folder, ['evaluate', trial, '--test', 'last.csv', '--into', 'own'])
  expect([code, stderr]).toEqual([0, expect.any(String)])
  expect(stdout).toContain('MASE')
  const written = readFileSync(join(folder, 'own', 'predictions.jsonl'), 'utf8')
    .trim()
    .split('\n')
  const references = written.map((line) => JSON.parse(line).values.reference)
  const own = readPredictions(trial).filter(({ split }) => split === 'test')
  expect(references).toEqual(own.map(({ values }) => values?.reference))
})
