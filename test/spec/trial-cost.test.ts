import { expect, test } from 'vitest'
import { createDataReader, mistakesOnData } from '../../src/cli/data.js'
import { byExpectedTime } from '../../src/runner/schedule.js'
import { explain } from '../../src/spec/explain/explain.js'
import { loadSpecs } from '../../src/spec/plan/load-specs.js'
import { costOfTrial, meanLengths } from '../../src/spec/plan/trial-cost.js'
import { planTrials } from '../../src/spec/plan/trials.js'
import { modelSizes } from '../../src/task/sizes.js'

async function plannedWith(...set: string[]) {
  const { specs, problems } = loadSpecs(['test/spec/broken/base.yaml'], { set })
  expect(problems).toEqual([])
  const reader = createDataReader()
  const read = (loaded: (typeof specs)[number]) => reader.read(loaded)
  const { plan } = await planTrials(specs, async (loaded) => (await read(loaded)).digest, {
    costOf: async (loaded) => costOfTrial(loaded.spec, await read(loaded)),
  })
  return { specs, read, reader, trials: plan.trials }
}

test('a trial takes as many steps as there are, each as long as explain says', async () => {
  const { specs, read, trials } = await plannedWith('train.steps=40', 'train.accumulate=3')
  const [loaded] = specs
  if (loaded === undefined) throw new Error('no spec')
  const data = await read(loaded)
  const shape = { batch: loaded.spec.train.batchSize, ...meanLengths(loaded.spec, data) }
  const { cost } = explain(loaded.spec, { sizes: modelSizes(data) }, shape)
  expect(trials[0]?.cost).toMatchObject({ steps: 40, parameters: cost?.parameters, bytes: cost?.bytes })
  expect(trials[0]?.cost?.milliseconds).toBeCloseTo(40 * 3 * (cost?.millisecondsAStep ?? 0), 9)
})

test('epochs: passes over the one training example, in batches of 1', async () => {
  const { specs, read } = await plannedWith()
  const [loaded] = specs
  if (loaded === undefined) throw new Error('no spec')
  const { steps: _, ...train } = loaded.spec.train
  const spec = { ...loaded.spec, train: { ...train, epochs: 7, batchSize: 1, accumulate: 2 } }
  expect(costOfTrial(spec, await read(loaded)).steps).toBe(3)
})

test('long trials start first, by that estimate: also where a hidden size says nothing', async () => {
  const { trials } = await plannedWith('model.context.scorer={type: additive, size: 8},{type: additive, size: 900}')
  expect([...trials].sort(byExpectedTime).map(({ label }) => label)).toEqual([
    'base additive(size=900)',
    'base additive(size=8)',
  ])
})

test('a trial that would not fit is told with what it would take, before anything trains', async () => {
  const { specs, reader } = await plannedWith('model.encoder.hidden=16,40000')
  const [problem, ...more] = await mistakesOnData(specs, reader, { memoryBytes: 2e9 })
  expect(more).toEqual([])
  expect(problem?.message).toMatch(
    /needs about \d{3}\.\d GB of memory; a trial may take 2\.0 GB \("base hidden=40000"\)/,
  )
  expect(await mistakesOnData(specs, reader, { memoryBytes: 1e13 })).toEqual([])
})
