import { expect, test } from 'vitest'
import { costOf } from '../../../src/spec/plan/cost.js'
import { createDatasetCache } from '../../../src/spec/plan/datasets.js'
import { modelOf } from '../../../src/spec/plan/parameters.js'
import { costOfTrial, meanLengths } from '../../../src/spec/plan/trial-cost.js'
import { modelSizes } from '../../../src/task/sizes.js'
import { loadedFrom, taggerText, transducerText } from './loaded.js'

const transducer = loadedFrom(
  transducerText.replace(
    'examples: [[ab, x y]] }',
    "train: [['1 2 3', x], ['1 2', x], ['1 2', x]], dev: [['1', x], ['2', x]], test: [['3', x]] }",
  ),
)
const tagger = loadedFrom(
  taggerText.replace('examples: [[a b, x y]] }', 'train: [[a b, x y], [b, y]], dev: [[a, x]], test: [[b, y]] }'),
)

test('batches are as long as training rows on average, rounded up; a target has one step more for its end', async () => {
  const read = createDatasetCache().read
  // 7 tokens in 3 sources, 3 in 3 targets.
  expect(meanLengths(transducer.spec, await read(transducer))).toEqual({ source: 3, target: 2 })
  expect(meanLengths(tagger.spec, await read(tagger))).toEqual({ source: 2, target: 0 })
})

test('a trial takes its steps, each as many batches as are accumulated', async () => {
  const data = await createDatasetCache().read(transducer)
  const train = { ...transducer.spec.train, accumulate: 3, steps: 40 }
  const cost = costOf(modelOf(transducer.spec, modelSizes(data)), { batch: 2, source: 3, target: 2 })
  const found = costOfTrial({ ...transducer.spec, train }, data)
  expect(found).toMatchObject({ ...cost, steps: 40 })
  expect(found.milliseconds).toBeCloseTo(40 * 3 * cost.millisecondsAStep, 9)
})

test('epochs: passes over 3 examples, in batches of 2', async () => {
  const data = await createDatasetCache().read(transducer)
  const stepsOf = (epochs: number, accumulate: number) => {
    const { steps: _, ...train } = transducer.spec.train
    return costOfTrial({ ...transducer.spec, train: { ...train, epochs, accumulate } }, data).steps
  }
  expect([stepsOf(1, 1), stepsOf(7, 1), stepsOf(7, 3), stepsOf(1, 5)]).toEqual([2, 14, 4, 1])
})
