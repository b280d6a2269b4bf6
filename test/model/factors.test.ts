import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../../src/core/tf.js'
import { packIds } from '../../src/data/encoding/columns.js'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { runParameters } from '../../src/inference/run-parameters.js'
import { buildFactor, withFactors } from '../../src/model/factors/represent.js'
import { initialise } from '../../src/model/initialise.js'
import type { ModelOptions } from '../../src/model/options.js'
import { buildRepresentation } from '../../src/model/representation/index.js'
import { factorSideOf, type ModelSizes, sideOf } from '../../src/model/sizes.js'
import { taskOf } from '../../src/task/index.js'
import { type Sources, sourceInputs } from '../../src/task/models/source-inputs.js'
import { decoderOptions, encoderOptions } from '../support/options.js'
import { upload } from '../support/tensors.js'

const embedding = { type: 'embedding', size: 4, start: 'random', frozen: false } as const
const symbols = ['<pad>', '<bos>', '<eos>', '<unk>']

const sizes = (longest: number): ModelSizes => ({
  source: { vocabulary: 6 },
  target: { vocabulary: 5 },
  attributes: { pos: { vocabulary: 6, longest: 1 }, feats: { vocabulary: 7, longest, several: true } },
  longestSource: 3,
  longestTarget: 3,
  known: { factors: { pos: { symbols: [...symbols, 'N', 'V'] }, feats: { symbols: [...symbols, 'x', 'y', 'z'] } } },
})

/** By id. */
function sourcesOf(words: readonly number[][], pos: readonly number[][], feats: readonly number[][]): Sources {
  const column = (rows: readonly number[][]) =>
    packIds(
      rows.map((row) => row.map(String)),
      Number,
    )
  return { source: column(words), attributes: { pos: column(pos), feats: column(feats) } }
}

const split = sourcesOf([[4, 3, 5], [3]], [[4], [5], [4], [5]], [[4, 6], [], [5], [4, 5, 6]])
const factors: NonNullable<NonNullable<ModelOptions['source']>['factors']> = {
  pos: { type: 'vectors', vectors: { N: [1, 2], V: [3, 4] } },
  feats: { type: 'vectors', vectors: { x: [10], y: [20], z: [30] } },
}

let engine: Engine
beforeAll(async () => {
  engine = await createEngine('tfjs-cpu', { threads: 1 })
})
afterAll(() => engine.dispose())

it('a token is its own vector, that of its part of speech, and the sum of those of its features', () => {
  const own = sizes(3)
  const words = buildRepresentation({ type: 'one-hot' }, sideOf(own, 'source'))
  const built = Object.entries(factors).map(([name, choice]) =>
    buildFactor({ name, choice, side: factorSideOf(own, name) }),
  )
  const representation = withFactors(words, built)
  expect([representation.output.name, representation.output.size]).toEqual(['V_s+E_pos+E_feats', 9])
  const model: ModelOptions = { source: { representation: { type: 'one-hot' }, factors } }
  const batch = sourceInputs(model, own).batch(split, [0, 1], { batch: 2, source: 4, target: 1 })
  const params = upload(initialise({ source: representation.parameters }, 1))
  const read = upload(batch)
  const x = tf.tidy(() => {
    const { ids, mask, factors } = Object(read)
    return Object(representation.embed(Object(params).source, { ids, mask, factors })).arraySync() as number[][][]
  })
  // After six places of the one-hot word.
  expect(x.map((row) => row.map((token) => token.slice(6)))).toEqual([
    [
      [1, 2, 40],
      [3, 4, 0],
      [1, 2, 20],
      [0, 0, 0],
    ],
    [
      [3, 4, 60],
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ],
  ])
  tf.dispose([Object(params), Object(read)])
})

const modelWith = (more: Partial<ModelOptions> = {}): ModelOptions => ({
  source: { representation: embedding, factors: { pos: { type: 'one-hot' }, feats: embedding } },
  encoder: encoderOptions({ hidden: 4 }),
  ...more,
})

/** What an untrained model predicts for each row, padded to so many values and words. */
async function predictions(longest: number, of: Sources, steps = 3) {
  const built = taskOf({ type: 'tag' }).build(modelWith(), sizes(longest))
  const { run, dispose } = runParameters(engine, initialise(built.parameters, 3))
  const indices = Array.from({ length: of.source.offsets.length - 1 }, (_, row) => row)
  const examples = { split: of, indices, shape: { batch: 4, source: steps, target: 1 } }
  const search = { decode: { type: 'greedy' }, maxLength: 3, alignments: 9, seed: 1 } as const
  const found = await built.predictor.predict(run, examples, search)
  await dispose()
  return found.map(({ tokenScores = [] }) => [...tokenScores])
}

it('gives the same however far values and sentences are padded, and in whatever order values come', async () => {
  const few = (await predictions(3, split)).flat()
  const turned = sourcesOf([[4, 3, 5], [3]], [[4], [5], [4], [5]], [[6, 4], [], [5], [6, 5, 4]])
  for (const other of [await predictions(9, split, 5), await predictions(3, turned)]) {
    other.flat().forEach((score, at) => {
      expect(score).toBeCloseTo(few[at] ?? Number.NaN, 5)
    })
  }
})

it('tells unknown words from each other by their factors', async () => {
  const one = (pos: number, feats: number[]) => predictions(3, sourcesOf([[3]], [[pos]], [feats]))
  const scores = [await one(4, [4]), await one(5, [4]), await one(4, [4, 5]), await one(4, [])]
  expect(new Set(scores.flat(2)).size).toBe(4)
})

describe('what cannot be is refused in its place', () => {
  const of = (task: string, more: Partial<ModelOptions>) =>
    taskOf({ type: task })
      .problems(modelWith(more))
      .map(({ path }) => path)
  const source = (pos: NonNullable<NonNullable<ModelOptions['source']>['factors']>[string]) => ({
    source: { representation: embedding, factors: { pos } },
  })

  it.each([
    ['language-model', {}, ''],
    ['forecast', {}, ''],
    ['generate', { target: { representation: embedding }, decoder: decoderOptions({ hidden: 4 }) }, ''],
    [
      'classify',
      { context: { from: 'last-state' }, features: { representation: embedding, join: { type: 'source' } } },
      '',
    ],
    ['tag', source({ type: 'bag-of-words' }), '.pos'],
    ['tag', source({ type: 'numbers' }), '.pos'],
    ['tag', source({ ...embedding, start: 'vectors' }), '.pos.start'],
    ['tag', source({ type: 'vectors', vectors: { a: [1], b: [1, 2] } }), '.pos'],
  ] as const)('%s', (task, more, where) => {
    expect(of(task, more)).toContain(`model.source.factors${where}`)
  })

  it('nothing of what can be', () => {
    expect(of('tag', {})).toEqual([])
    expect(of('tag', source({ type: 'one-hot' }))).toEqual([])
  })
})
