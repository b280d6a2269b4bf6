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

test('one row is as long as it is', async () => {
  const data = await createDatasetCache().read(tagger)
  // It begins at 0, and the next one would at 3.
  const source = { ...data.train.source, offsets: Int32Array.of(0, 3) }
  expect(meanLengths(tagger.spec, { ...data, train: { ...data.train, source } })).toEqual({ source: 3, target: 0 })
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

test('reading, compiling, validations and the checkpoint', async () => {
  const data = await createDatasetCache().read(transducer)
  const train = { ...transducer.spec.train, steps: 40, validate: { ...transducer.spec.train.validate, every: 15 } }
  const found = costOfTrial({ ...transducer.spec, train }, data)
  // 3, 2 and 1 examples, 0.006 ms each.
  expect(found.reading).toBeCloseTo(0.036, 12)
  // Batches of 2 of 3 training examples have two shapes; 3 source steps and 2 target steps, 25 ms each (5 to evaluate).
  expect(found.compile).toEqual({
    train: { graphs: 2, ms: 125 },
    dev: { graphs: 3, ms: 25 },
    test: { graphs: 3, ms: 25 },
  })
  // 15, 30 and 40 steps. An example takes 1.5 times what it takes in a step of 2.
  expect(found.evaluation.validations).toBe(3)
  expect(found.evaluation.dev).toBeCloseTo(1.5 * found.millisecondsAStep, 12)
  expect(found.evaluation.test).toBeCloseTo(0.75 * found.millisecondsAStep, 12)
  const with_ = (more: Partial<typeof train>) => costOfTrial({ ...transducer.spec, train: { ...train, ...more } }, data)
  expect(with_({ maxShapes: 1 }).compile.train.graphs).toBe(1)
  expect(with_({ steps: 1 }).compile.train.graphs).toBe(1)
  expect(with_({ steps: 1, accumulate: 2 }).compile.train.graphs).toBe(2)
  // Adam keeps two moments besides the last and the best parameters; an average two copies, and no more than validations.
  const adam = { type: 'adam', learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const
  const copiesOf = (more: Partial<typeof train>) => {
    const { checkpointBytes, parameters, bytes } = with_({ optimizer: adam, ...more })
    return { copies: checkpointBytes / (4 * parameters), bytes: bytes / (4 * parameters) }
  }
  const [plain, averaged, most] = [copiesOf({}), copiesOf({ average: 2 }), copiesOf({ average: 9 })]
  expect([plain.copies, averaged.copies, most.copies]).toEqual([4, 6, 7])
  expect(averaged.bytes - plain.bytes).toBeCloseTo(2, 9)
})

test('where nothing is decoded, an evaluation has one graph for each shape, and goes forward alone', async () => {
  const data = await createDatasetCache().read(tagger)
  const found = costOfTrial(tagger.spec, data)
  const { batchSize } = tagger.spec.train
  expect(found.compile.dev).toEqual({ graphs: 1, ms: 10 })
  expect(found.evaluation.dev).toBeCloseTo((0.4 * found.millisecondsAStep) / batchSize, 12)
  const none = { ...data, dev: { ...data.dev, size: 0 } }
  expect(costOfTrial(tagger.spec, none).evaluation.validations).toBe(0)
})

test('a long evaluation has a graph for each of up to four shapes of batches of 64, of each kind', async () => {
  const data = await createDatasetCache().read(transducer)
  const graphsOf = (size: number) => {
    return costOfTrial(transducer.spec, { ...data, dev: { ...data.dev, size } }).compile.dev.graphs
  }
  // Of each shape there are an encoder, a search and a cross-entropy.
  expect([64, 65, 200, 1000].map(graphsOf)).toEqual([3, 6, 12, 12])
})

test('chunks have one shape, however many rows there are', async () => {
  const text = taggerText.replace('task: tag', 'task: { type: language-model, chunk: 4 }')
  const lines = 'type: text, unit: line, text: "a b\\nb\\na\\nb a\\na b\\nb b" }, split: { dev: 1, test: 1 }'
  const model = loadedFrom(text.replace('type: inline, examples: [[a b, x y]] }', lines))
  const data = await createDatasetCache().read(model)
  const found = costOfTrial(model.spec, { ...data, dev: { ...data.dev, size: 1000 } })
  expect([found.compile.train.graphs, found.compile.dev.graphs]).toEqual([1, 1])
})
