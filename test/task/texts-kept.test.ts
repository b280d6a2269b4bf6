import { expect, test } from 'vitest'
import { floats, ints } from '../../src/core/tensors.js'
import type { Tensor } from '../../src/core/tf.js'
import { mapTree } from '../../src/core/tree.js'
import type { Dataset, Split } from '../../src/data/types.js'
import { buildMetrics } from '../../src/metrics/score.js'
import { initialise } from '../../src/model/initialise.js'
import { evaluate, evaluationBatches } from '../../src/task/evaluate.js'
import { sampledOf } from '../../src/task/kept.js'
import { languageModel } from '../../src/task/language-model.js'
import type { RunPure, TaskModel } from '../../src/task/types.js'
import { writtenTexts } from '../../src/task/written-texts.js'
import { embedded, encoderOptions } from '../support/options.js'
import { upload } from '../support/tensors.js'
import { toColumn } from '../train/toy.js'

// What evaluations keep of texts, and what a language model writes: 60 texts over a, b and c (ids 4 to 6).
const symbols = ['<pad>', '<bos>', '<eos>', '<unk>', 'a', 'b', 'c']
const column = toColumn(
  Array.from({ length: 60 }, (_, text) =>
    Array.from({ length: 1 + (text % 5) }, (_, at) => 4 + ((text * (at + 2) + at) % 3)),
  ),
)
const split: Split = { size: 60, source: column, target: column }
const dataset: Pick<Dataset, 'sourceVocabulary' | 'targetVocabulary' | 'joiners'> = {
  sourceVocabulary: { symbols, specials: true },
  targetVocabulary: { symbols, specials: true },
  joiners: { source: '', target: '' },
}
const model = { source: embedded(4), encoder: encoderOptions({ cell: { type: 'lstm', forgetBias: 1 }, hidden: 5 }) }
const sizes = { source: { vocabulary: 7 }, target: { vocabulary: 7 }, longestSource: 5, longestTarget: 5 }

/** Runs pure functions on the CPU backend, with fixed parameters. */
function running(built: TaskModel): RunPure {
  const params = upload(initialise(built.parameters, 3))
  return async (_, pure, inputs) => mapTree(pure(params, upload(inputs)), download)
}

function download(tensor: Tensor) {
  const data = tensor.dataSync()
  return tensor.dtype === 'float32'
    ? floats(Float32Array.from(data), tensor.shape)
    : ints(Int32Array.from(data), tensor.shape)
}

const built = (options: { readonly chunk?: number } = {}) => languageModel.build(options).build(model, sizes)

test.each([{}, { chunk: 7 }])(
  'surprisals are kept of a sample and of the texts that are predicted worst: %j',
  async (options) => {
    const task = built(options)
    const metrics = buildMetrics([{ type: 'perplexity' }])
    const evaluator = { model: task, dataset, maxLength: 5, decode: { type: 'greedy' }, metrics, seed: 1 } as const
    const { examples, loss } = await evaluate(evaluator, 'dev', split, evaluationBatches(task, split, 8), running(task))
    const sample = sampledOf(60)
    const nats = examples.map(({ statistics }) => statistics.perplexity?.[0] ?? Number.NaN)
    const mean = (index: number) => (nats[index] ?? 0) / ((examples[index]?.source.length ?? 0) + 1)
    for (const { index, source, kept, sourceScores } of examples) {
      expect(kept === 'sampled').toBe(sample.has(index))
      expect(sourceScores?.length).toBe(kept === undefined ? undefined : source.length + 1)
      const sum = (sourceScores ?? []).reduce((all, score) => all - score, 0)
      if (kept !== undefined) expect(sum).toBeCloseTo(nats[index] ?? 0, 4)
    }
    const worst = examples.filter(({ kept }) => kept === 'mistake').map(({ index }) => mean(index))
    expect(worst).toHaveLength(25)
    const others = examples.filter(({ kept }) => kept === undefined).map(({ index }) => mean(index))
    expect(Math.max(...others)).toBeLessThanOrEqual(Math.min(...worst))
    const tokens = column.data.length + 60
    expect(loss).toBeCloseTo(nats.reduce((all, one) => all + one, 0) / tokens, 5)
  },
)

test('a written text has the score that the same text is given as data', async () => {
  const task = built()
  const run = running(task)
  const found = await writtenTexts(task.predictor, dataset, run, 5)
  expect(found).toEqual(await writtenTexts(task.predictor, dataset, run, 5))
  expect(found?.texts).not.toEqual((await writtenTexts(task.predictor, dataset, run, 6))?.texts)
  const texts = found?.texts ?? []
  expect(texts).toHaveLength(4)
  for (const { tokens, score } of texts) {
    const ids = tokens.map((token) => symbols.indexOf(token))
    const source = toColumn([ids, ids])
    const shape = { batch: 2, source: ids.length, target: ids.length }
    const examples = { split: { size: 2, source, target: source }, indices: [0, 1], shape }
    const [forced] = (await task.predictor.score?.(run, examples, false)) ?? []
    expect(forced?.logProbs).toHaveLength(ids.length + 1)
    // At the limit a text is cut off: it has no end.
    const logProbs = forced?.logProbs.slice(0, tokens.length === found?.limit ? -1 : undefined) ?? []
    expect(score).toBeCloseTo(
      logProbs.reduce((sum, one) => sum + one, 0),
      3,
    )
  }
})

test('a model that cannot write gives no texts', async () => {
  expect(await writtenTexts({}, dataset, running(built()), 5)).toBeUndefined()
})
