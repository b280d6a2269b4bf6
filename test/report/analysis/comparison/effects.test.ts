import { expect, test } from 'vitest'
import { comparedGroup, sizedTrial } from '../../found.js'

/** A trial of the grid over the encoder's size and the size of batches. */
const of = (hidden: number, batchSize: number, seed: number, errors: number) =>
  sizedTrial(
    hidden,
    seed,
    {
      label: `${hidden}/${batchSize}`,
      variant: { 'model.encoder.hidden': hidden, 'train.batchSize': batchSize },
      errors: [errors, errors],
    },
    { batchSize },
  )

const full = [
  ...[of(64, 16, 1, 1), of(64, 16, 2, 2), of(64, 32, 1, 3), of(64, 32, 2, 4)],
  ...[of(128, 16, 1, 5), of(128, 16, 2, 6), of(128, 32, 1, 7), of(128, 32, 2, 9)],
]
const effectsOf = (trials: typeof full, options?: Parameters<typeof comparedGroup>[1]) =>
  comparedGroup(trials, options).effects.map(({ path, averaged, seedWord, mixed, levels, metric }) => [
    ...[path, averaged, seedWord, mixed, levels.map(({ id, level }) => `${id}: ${level}`)],
    metric.values.map(({ perSeed }) => perSeed.length),
  ])

test('levels that are averaged have a value for each seed', () => {
  expect(effectsOf(full)).toEqual([
    ['model.encoder.hidden', true, 'seed', ['train.batchSize'], ['v1: 64', 'v2: 128'], [2, 2]],
    ['train.batchSize', true, 'seed', ['model.encoder.hidden'], ['v1: 16', 'v2: 32'], [2, 2]],
  ])
})

test('levels that cannot be averaged have one for each run, and it is said', () => {
  const oneSeed = full.filter(({ record }) => record.seed === 1)
  expect(effectsOf(oneSeed)).toEqual([
    ['model.encoder.hidden', false, 'run', ['train.batchSize'], ['v1: 64', 'v2: 128'], [2, 2]],
    ['train.batchSize', false, 'run', ['model.encoder.hidden'], ['v1: 16', 'v2: 32'], [2, 2]],
  ])
})

test('a level of one setting is of seeds, not of runs', () => {
  // Only the diagonal of the grid: every size has a size of batches of its own.
  const diagonal = full.filter(({ record }) => ['64/16', '128/32'].includes(record.label))
  expect(effectsOf(diagonal)).toEqual([
    ['model.encoder.hidden', false, 'seed', [], ['v1: 64', 'v2: 128'], [2, 2]],
    ['train.batchSize', false, 'seed', [], ['v1: 16', 'v2: 32'], [2, 2]],
  ])
})

test('there are none of factors of which one level has finished, nor where the comparison groups by one', () => {
  const unfinished = full.map((trial) =>
    trial.record.label === '64/16'
      ? trial
      : { ...trial, record: { ...trial.record, status: 'cancelled' as const, metrics: {} } },
  )
  expect(effectsOf(unfinished)).toEqual([])
  expect(effectsOf(full, { by: 'train.batchSize' })).toEqual([])
})
