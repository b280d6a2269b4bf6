import { expect, test } from 'vitest'
import { buildMetrics } from '../../src/metrics/score.js'
import { evaluate } from '../../src/task/evaluate.js'
import type { Predictor } from '../../src/task/types.js'

const symbols = ['<pad>', '<bos>', '<eos>', '<unk>', 'a', 'b', 'x', 'y']
const vocabulary = { symbols, specials: true }
const ids = (data: number[], ...offsets: number[]) =>
  ({ kind: 'ids', data: Int32Array.from(data), offsets: Int32Array.from(offsets) }) as const
const split = {
  size: 2,
  source: ids([4, 5, 4], 0, 2, 3),
  target: ids([6, 7, 6], 0, 2, 3),
  alignments: [
    {
      sure: [
        [0, 1],
        [1, 0],
      ],
      possible: [],
    },
    undefined,
  ],
} as const
const dataset = {
  sourceVocabulary: vocabulary,
  targetVocabulary: vocabulary,
  joiners: { source: ' ', target: ' ' },
}

/** Two features stand before the source's own tokens: x looks at a feature first and at b, y at a. */
const forced = {
  logProbs: [-1, -1, -1],
  alignment: [
    [0.5, 0, 0.1, 0.4],
    [0, 0.2, 0.7, 0.1],
    [1, 0, 0, 0],
  ],
}

async function evaluated(metric: 'aer' | 'ser') {
  let asked = 0
  const predictor: Pick<Predictor, 'evaluate' | 'score'> = {
    evaluate: async (_, { indices }) =>
      indices.map(() => ({ ids: [6], score: -1, alignment: [[1]], crossEntropyNats: 1, crossEntropyTokens: 1 })),
    score: async (_, { indices }) => {
      asked += 1
      return indices.map(() => forced)
    },
  }
  const metrics = buildMetrics([{ type: metric }])
  const evaluator = {
    model: { predictor },
    dataset,
    maxLength: 5,
    decode: { type: 'greedy' } as const,
    metrics,
    seed: 1,
  }
  const batches = [{ indices: [1, 0], shape: { batch: 2, source: 4, target: 2 } }]
  const run = async () => {
    throw new RangeError('nothing runs')
  }
  return { ...(await evaluate(evaluator, 'test', split, batches, run)), asked: () => asked }
}

test('weights of the reference by forced decoding, without features and the end, against the true links', async () => {
  const { metrics, examples, asked } = await evaluated('aer')
  expect(metrics).toEqual({ aer: 0 })
  expect(examples.map(({ statistics }) => statistics.aer)).toEqual([
    [2, 2, 2, 2],
    [0, 0, 0, 0],
  ])
  expect(examples.map(({ trueAlignment }) => trueAlignment)).toEqual([split.alignments[0], undefined])
  expect(asked()).toBe(1)
})

test('forced decoding only where a metric reads it', async () => {
  const { asked } = await evaluated('ser')
  expect(asked()).toBe(0)
})
