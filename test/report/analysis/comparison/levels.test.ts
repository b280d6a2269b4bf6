import { expect, test } from 'vitest'
import { unitsOf } from '../../../../src/report/analysis/comparison/levels.js'
import { groupTrials } from '../../../../src/report/analysis/comparison/variants.js'
import { sizedTrial } from '../../found.js'

type Record = NonNullable<Parameters<typeof sizedTrial>[2]>['record']

/** A trial of the grid over the encoder's size and the size of batches, called by both. */
const sized = (hidden: number, batchSize: number, seed: number, record: Record = {}) =>
  sizedTrial(
    hidden,
    seed,
    {
      label: `${hidden}/${batchSize}`,
      variant: { 'model.encoder.hidden': hidden, 'train.batchSize': batchSize },
      record,
    },
    { batchSize },
  )

/** A trial of the grid over the optimizer, its options and the size of batches. */
const optimized = (type: string, learningRate: number, batchSize: number, seed: number) =>
  sizedTrial(
    64,
    seed,
    {
      label: `${type}/${batchSize}`,
      variant: { 'train.optimizer': type, 'train.optimizer.learningRate': learningRate, 'train.batchSize': batchSize },
    },
    { optimizer: { type, learningRate }, batchSize },
  )

/** Whether settings are averaged over, and each level's units: the seed, and what is averaged for it. */
function unitsBy(by: string, trials: Parameters<typeof groupTrials>[0]) {
  const [group, ...others] = groupTrials(trials, { by, onlyChanged: true })
  if (group === undefined || others.length > 0) throw new Error('one group')
  const units = unitsOf(group)
  const shown = group.variants.map((variant) =>
    units.of(variant).map(({ seed, trials: of }) => `${seed}: ${of.map(({ record }) => record.label).join(' ')}`),
  )
  return [units.averaged, ...shown]
}

const seeds = [1, 2]
const full = (hidden: number, ...batches: readonly number[]) =>
  batches.flatMap((batchSize) => seeds.map((seed) => sized(hidden, batchSize, seed)))

test('a level of which nothing has finished does not keep the others from being averaged', () => {
  const stopped = seeds.map((seed) => sized(256, 16, seed, { status: 'cancelled', metrics: {} }))
  expect(unitsBy('model.encoder.hidden', [...full(64, 16, 32), ...full(128, 16, 32, 48), ...stopped])).toEqual([
    true,
    ['1: 64/16 64/32', '2: 64/16 64/32'],
    // 48 is of one of the levels that have results, not of both.
    ['1: 128/16 128/32', '2: 128/16 128/32'],
    [],
  ])
})

test('settings are averaged over that every level has: those of two of three are left out', () => {
  const trials = [...full(64, 16, 32, 48), ...full(128, 16, 32, 48), ...full(256, 16, 32)]
  expect(unitsBy('model.encoder.hidden', trials)).toEqual([
    true,
    ...[64, 128, 256].map((hidden) => seeds.map((seed) => `${seed}: ${hidden}/16 ${hidden}/32`)),
  ])
})

test('options of a part are no other settings than the part, nor is the part another one than an option of it', () => {
  // Each optimizer has a learning rate of its own: by either of the two, batches of 16 are what both levels have.
  const trials = seeds.flatMap((seed) => [
    optimized('adam', 0.1, 16, seed),
    optimized('adam', 0.1, 48, seed),
    optimized('sgd', 0.2, 16, seed),
  ])
  const expected = [true, ['1: adam/16', '2: adam/16'], ['1: sgd/16', '2: sgd/16']]
  expect(unitsBy('train.optimizer', trials)).toEqual(expected)
  expect(unitsBy('train.optimizer.learningRate', trials)).toEqual(expected)
})

test('with one seed of a setting each trial is a value by itself', () => {
  expect(unitsBy('model.encoder.hidden', [...full(64, 16), sized(64, 32, 1), ...full(128, 16, 32)])).toEqual([
    false,
    ['1: 64/16', '2: 64/16', '1: 64/32'],
    ['1: 128/16', '2: 128/16', '1: 128/32', '2: 128/32'],
  ])
})
