import { expect, test } from 'vitest'
import { byExpectedTime } from '../../src/runner/coordinator/schedule.js'
import { explain } from '../../src/spec/explain/explain.js'
import { createDatasetCache } from '../../src/spec/plan/datasets.js'
import { costOfTrial } from '../../src/spec/plan/trial-cost.js'
import { prepare } from '../../src/spec/prepare.js'
import { readStartingState } from '../../src/store/index.js'

async function plannedWith(...set: string[]) {
  const { specs, plan, problems } = await prepare(['test/spec/broken/base.yaml'], {
    readState: readStartingState,
    kind: 'specs',
    set,
  })
  expect(problems).toEqual([])
  return { specs, trials: plan?.trials ?? [] }
}

test('a trial takes as many steps as there are, each as long as explain says', async () => {
  const { specs, trials } = await plannedWith('train.steps=40', 'train.accumulate=3')
  const [loaded] = specs
  if (loaded?.dataset === undefined) throw new Error('no dataset')
  const { sizes, shape } = loaded.dataset
  const { cost } = explain(loaded.spec, { sizes }, shape)
  expect(trials[0]?.cost).toMatchObject({ steps: 40, parameters: cost?.parameters, bytes: cost?.bytes })
  expect(trials[0]?.cost?.milliseconds).toBeCloseTo(40 * 3 * (cost?.millisecondsAStep ?? 0), 9)
})

test('epochs: passes over the one training example, in batches of 1', async () => {
  const { specs } = await plannedWith()
  const [loaded] = specs
  if (loaded === undefined) throw new Error('no spec')
  const { steps: _, ...train } = loaded.spec.train
  const spec = { ...loaded.spec, train: { ...train, epochs: 7, batchSize: 1, accumulate: 2 } }
  expect(costOfTrial(spec, await createDatasetCache().read(loaded)).steps).toBe(3)
})

test('long trials start first, by that estimate: also where a hidden size says nothing', async () => {
  const { trials } = await plannedWith('model.context.scorer={type: additive, size: 8},{type: additive, size: 900}')
  const tasks = trials.map((trial) => ({ kind: 'train' as const, trial }))
  expect(tasks.sort(byExpectedTime).map(({ trial }) => trial.label)).toEqual([
    'base additive(size=900)',
    'base additive(size=8)',
  ])
})

test('a trial that would not fit is reported with what it would take, before anything trains', async () => {
  const set = ['model.encoder.hidden=16,40000']
  const problemsWith = async (memoryBytes: number) =>
    (await prepare(['test/spec/broken/base.yaml'], { readState: readStartingState, kind: 'specs', set, memoryBytes }))
      .problems
  const [problem, ...more] = await problemsWith(2e9)
  expect(more).toEqual([])
  expect(problem?.message).toMatch(
    /needs about \d{3}\.\d GB of memory; a trial may take 2\.0 GB \("base hidden=40000"\)/,
  )
  expect(await problemsWith(1e13)).toEqual([])
})

test('the checkpoint: last and best parameters, what the optimizer keeps, and the copies of an average', async () => {
  const costWith = async (...set: string[]) => {
    const { trials } = await plannedWith('train.steps=40', 'train.validate.every=10', ...set)
    const { parameters = 0, bytes = 0, checkpointBytes = 0 } = trials[0]?.cost ?? {}
    return { bytes, copies: checkpointBytes / (4 * parameters) }
  }
  const plain = await costWith('train.optimizer=adam')
  const averaged = await costWith('train.optimizer=adam', 'train.average=3')
  expect([plain.copies, averaged.copies]).toEqual([4, 7])
  expect(averaged.bytes).toBeGreaterThan(plain.bytes)
  expect((await costWith('train.optimizer={type: sgd, learningRate: 1}')).copies).toBe(2)
  // No more copies than there are validations.
  expect((await costWith('train.optimizer=adam', 'train.average=9')).copies).toBe(8)
})

test('an average is another trial; what is kept of a training is not', async () => {
  const idWith = async (...set: string[]) => (await plannedWith(...set)).trials[0]?.id
  const plain = await idWith()
  expect(await idWith('train.keepCheckpoint=false')).toBe(plain)
  expect(await idWith('train.average=3')).not.toBe(plain)
})
