import { expect, test } from 'vitest'
import { groupTrials, settingText } from '../../../../src/report/analysis/comparison/variants.js'
import { foundTrial, sizedTrial } from '../../found.js'
import { madeUpSpec } from '../../made-up.js'

test('the levels of a setting have its value, and the values of the grid', () => {
  const [group] = groupTrials([sizedTrial(64, 1, {}, { batchSize: 16 }), sizedTrial(64, 2, {}, { batchSize: 32 })], {
    by: 'train.batchSize',
    onlyChanged: true,
  })
  expect(group?.variants.map(({ settings }) => settings)).toEqual([
    { 'train.batchSize': 16, 'model.encoder.hidden': 64 },
    { 'train.batchSize': 32, 'model.encoder.hidden': 64 },
  ])
})

test('a variant has what the grid calls its values, also with one trial', () => {
  const [group] = groupTrials([foundTrial({ variant: { size: 'small' } })], { onlyChanged: true })
  expect(group?.variants.map(({ settings }) => settings)).toEqual([{ size: 'small' }])
})

test('a setting that a trial lacks is none', () => {
  expect([undefined, null, 0, false, 'adam'].map(settingText)).toEqual(['none', 'none', '0', 'false', 'adam'])
  const { clipNorm: _, ...train } = madeUpSpec.train
  const trials = [foundTrial({ label: 'a' }), foundTrial({ label: 'b', spec: { ...madeUpSpec, train } })]
  const [group] = groupTrials(trials, { by: 'train.clipNorm', onlyChanged: true })
  // Without a value comes last.
  expect(group?.variants.map(({ label }) => label)).toEqual(['clipNorm = 1', 'clipNorm = none'])
})
