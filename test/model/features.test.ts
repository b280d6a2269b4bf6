import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packIds } from '../../src/data/encoding/columns.js'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { runParameters } from '../../src/inference/run-parameters.js'
import { initialise } from '../../src/model/initialise.js'
import type { ModelOptions } from '../../src/model/options.js'
import type { ModelSizes } from '../../src/model/sizes.js'
import { taskOf } from '../../src/task/index.js'
import type { Sources } from '../../src/task/models/source-inputs.js'
import { attentionOptions, decoderOptions, encoderOptions } from '../support/options.js'

type Features = NonNullable<ModelOptions['features']>

const representation = { type: 'embedding', size: 4, start: 'random', frozen: false } as const
const joins: Readonly<Record<string, Features['join']>> = {
  source: { type: 'source' },
  context: { type: 'context', summary: { from: 'all-states', pool: 'mean' } },
  attention: {
    type: 'attention',
    scorer: { type: 'additive', size: 3 },
    normaliser: { type: 'softmax' },
    temperature: 1,
  },
}

function modelWith(features: Partial<Features>, more: Partial<ModelOptions> = {}): ModelOptions {
  const { context: join } = joins
  if (join === undefined) throw new RangeError('there is no such join')
  return {
    source: { representation },
    target: { representation },
    encoder: encoderOptions({ hidden: 4 }),
    context: attentionOptions(),
    decoder: decoderOptions({ hidden: 4 }),
    features: { representation, join, ...features },
    ...more,
  }
}

const sizes = (longest: number): ModelSizes => ({
  source: { vocabulary: 9 },
  target: { vocabulary: 8 },
  features: { vocabulary: 7, longest },
  longestSource: 4,
  longestTarget: 3,
})

/** Symbols and features by id, in rows. */
function sourcesOf(source: readonly number[][], features: readonly number[][]): Sources {
  const column = (rows: readonly number[][]) =>
    packIds(
      rows.map((row) => row.map(String)),
      Number,
    )
  return { source: column(source), features: column(features) }
}

let engine: Engine
beforeAll(async () => {
  engine = await createEngine('tfjs-cpu', { threads: 1 })
})
afterAll(() => engine.dispose())

/** What an untrained model predicts for each row, padded to so many places of features. */
async function predictions(task: string, model: ModelOptions, longest: number, split: Sources) {
  const built = taskOf({ type: task }).build(model, sizes(longest))
  const { run, dispose } = runParameters(engine, initialise(built.parameters, 3))
  const indices = Array.from({ length: split.source.offsets.length - 1 }, (_, row) => row)
  const examples = { split, indices, shape: { batch: 4, source: 4, target: 1 } }
  const search = { decode: { type: 'greedy' }, maxLength: 3, alignments: 9, seed: 1 } as const
  const found = await built.predictor.predict(run, examples, search)
  await dispose()
  return found.map(({ ids = [], score, alignment }) => ({ ids: [...ids], score, alignment }))
}

const source = [
  [4, 5, 6],
  [4, 5, 6],
  [7, 8],
]
const split = sourcesOf(source, [[4, 5], [6], []])

const cases = ['transduce', 'classify', 'tag'].flatMap((task) =>
  Object.entries(joins)
    .filter(([name]) => task !== 'tag' || name !== 'source')
    .flatMap(([name, join]) =>
      [undefined, encoderOptions({ hidden: 3 })].map((encoder) => ({ task, name, join, encoder })),
    )
    .filter(({ name, encoder }) => name !== 'source' || encoder === undefined),
)

describe.each(cases)('$task, features joined by $name', ({ task, join, encoder }) => {
  const model = modelWith(
    { join, ...(encoder && { encoder }) },
    task === 'classify' ? { context: { from: 'last-state' } } : {},
  )

  it('gives the same however far they are padded', async () => {
    const [few, many] = [await predictions(task, model, 2, split), await predictions(task, model, 5, split)]
    expect(many.map(({ ids }) => ids)).toEqual(few.map(({ ids }) => ids))
    many.forEach(({ score }, row) => {
      expect(score).toBeCloseTo(few[row]?.score ?? Number.NaN, 5)
    })
  })

  it('depends on them, and not on those of other examples', async () => {
    const all = await predictions(task, model, 2, split)
    expect(all[0]?.score).not.toBe(all[1]?.score)
    const others = await predictions(task, model, 2, sourcesOf(source, [[4, 5], [5], [6, 4]]))
    expect(others[0]?.score).toBeCloseTo(all[0]?.score ?? Number.NaN, 6)
  })
})

it('features that are positions of the source are aligned with, before its symbols', async () => {
  const { source: join } = joins
  const [first, , last] = await predictions('transduce', modelWith({ ...(join && { join }) }), 3, split)
  for (const row of first?.alignment ?? []) expect(row).toHaveLength(2 + 3)
  for (const row of last?.alignment ?? []) expect(row).toHaveLength(2)
})

describe('what cannot be is refused in its place', () => {
  const problemsOf = (task: string, model: ModelOptions) =>
    taskOf({ type: task })
      .problems(model)
      .map(({ path }) => path)
  const join = (name: string) => {
    const found = joins[name]
    if (found === undefined) throw new RangeError(name)
    return { join: found }
  }

  it.each([
    ['tag', 'model.features.join', modelWith(join('source'))],
    [
      'transduce',
      'model.features.representation.start',
      modelWith({ representation: { ...representation, start: 'vectors' } }),
    ],
    ['transduce', 'model.features.encoder', modelWith({ ...join('source'), encoder: encoderOptions() })],
    [
      'transduce',
      'model.features.representation',
      modelWith({ ...join('source'), representation: { ...representation, size: 5 } }),
    ],
    [
      'transduce',
      'model.features.join.summary',
      modelWith({ join: { type: 'context', summary: { from: 'last-state' } } }),
    ],
    [
      'transduce',
      'model.features.join.scorer',
      modelWith({
        join: { type: 'attention', scorer: { type: 'dot' }, normaliser: { type: 'softmax' }, temperature: 1 },
        representation: { type: 'one-hot' },
      }),
    ],
    [
      'transduce',
      'model.features.join',
      modelWith(join('attention'), {
        context: { from: 'last-state' },
        decoder: decoderOptions({ hidden: 4, receives: 'first-step' }),
      }),
    ],
    [
      'transduce',
      'model.decoder.bridge',
      modelWith(join('context'), { decoder: decoderOptions({ hidden: 4, bridge: 'none' }) }),
    ],
  ])('%s: %s', (task, path, model) => {
    expect(problemsOf(task, model)).toContain(path)
  })
})

describe('what the rules and the outline say of features whose number is not known', () => {
  const oneHot = { representation: { type: 'one-hot' } } as const
  const messagesOf = (model: ModelOptions) =>
    taskOf({ type: 'transduce' })
      .problems(model)
      .map(({ message }) => message)

  it('a bridge and a tied embedding name no size that no one has written', () => {
    const fixed = { context: { from: 'all-states', pool: 'mean' } } as const
    const bridge = decoderOptions({ hidden: 4, receives: 'both', bridge: 'none' })
    expect(messagesOf(modelWith(oneHot, { ...fixed, decoder: bridge }))).toEqual([
      "without a bridge the encoder's state must fit the decoder's: C has 4 numbers and one for each feature in the data, the decoder's state 4",
    ])
    const tied = decoderOptions({ hidden: 4, receives: 'both', tiedEmbedding: true, readout: 'output-and-context' })
    expect(messagesOf(modelWith(oneHot, { decoder: tied }))).toEqual([
      'the output layer reads 8 numbers and one for each feature in the data, but the target embedding has size 4: they cannot be tied',
    ])
  })

  it('a scorer of features calls sizes by what they are', () => {
    const dot = { ...joins.attention, scorer: { type: 'dot' } } as Features['join']
    expect(messagesOf(modelWith({ join: dot, representation: { ...representation, size: 5 } }))).toEqual([
      "the dot scorer needs a query (the size of what asks, 4) and keys (the features' size, 5) of equal size",
    ])
    const heads = { ...joins.attention, scorer: { type: 'multi-head-dot', heads: 3 } } as Features['join']
    expect(messagesOf(modelWith({ join: heads }))).toEqual(["3 heads cannot share the features' size 4 equally"])
  })

  it('keys of features are computed once for each, a map of their last state once for all', () => {
    const workAt = (model: ModelOptions, id: string) => {
      const { outline } = taskOf({ type: 'transduce' }).build(model, sizes(3))
      return outline.nodes.filter((node) => node.id === id).flatMap(({ work }) => work)
    }
    const { attention } = joins
    if (attention === undefined) throw new RangeError('there is no such join')
    // Additive of size 3: W_k [4,3] for each of 3 features, W_q [4,3] at each step, and 3 + 4 for each pair.
    expect(workAt(modelWith({ join: attention }), 'features.scorer')).toEqual([
      { per: 'example', multiplyAdds: 36, results: 9 },
      { per: 'target step', multiplyAdds: 12, results: 3 },
      { per: 'target step', multiplyAdds: 21, results: 9 },
    ])
    const summary = { from: 'transform', map: { type: 'tanh', size: 5 } } as const
    const encoded = { encoder: encoderOptions({ hidden: 4 }), join: { type: 'context', summary } } as const
    expect(workAt(modelWith(encoded), 'features.join')).toEqual([{ per: 'example', multiplyAdds: 20, results: 5 }])
  })
})
