import { describe, expect, it } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { tf } from '../../src/core/tf.js'
import { leaves } from '../../src/core/tree.js'
import { type CellChoice, cells as registeredCells } from '../../src/model/cells/index.js'
import type { AttentionChoice } from '../../src/model/context/index.js'
import { initialise } from '../../src/model/initialise.js'
import type { ModelOptions } from '../../src/model/options.js'
import { scorers as registeredScorers } from '../../src/model/scorers/index.js'
import { buildTransducer, transducerProblems } from '../../src/model/transducer.js'
import { attentionOptions, decoderOptions, embedded, encoderOptions } from '../support/options.js'
import { everyChoice } from '../support/parts.js'
import { gradients, numbers, upload } from '../support/tensors.js'

const sizes = { source: { vocabulary: 6 }, target: { vocabulary: 5 }, longestSource: 3, longestTarget: 2 }

const cells = everyChoice<CellChoice>(registeredCells).map(([, cell]) => cell)
const scorers = everyChoice<AttentionChoice['scorer']>(registeredScorers).map(([, scorer]) => scorer)
const positions = [
  { position: 'before' },
  { position: 'after' },
  { position: 'after', inputFeeding: true },
  { position: 'before', inputFeeding: true },
] as const
const attentions = scorers.flatMap((scorer) => positions.map((position) => attentionOptions({ scorer, ...position })))
const contexts: NonNullable<ModelOptions['context']>[] = [
  { from: 'last-state' },
  { from: 'transform', map: { type: 'tanh', size: 4 } },
  { from: 'transform', map: { type: 'mlp', size: 3, hidden: 2 } },
  { from: 'all-states', pool: 'mean' },
  { from: 'all-states', pool: 'learned', map: { type: 'tanh', size: 4 } },
  ...attentions,
  attentionOptions({ coverage: 1 }),
  attentionOptions({ scorer: { type: 'general' }, coverage: 1, position: 'after', temperature: 0.5 }),
]
const encoders = cells.flatMap((cell) =>
  (
    [
      [4, false, 1],
      [2, true, 1],
      [3, false, 1],
      [4, false, 2],
    ] as const
  ).map(([hidden, bidirectional, layers]) => encoderOptions({ cell, hidden, bidirectional, layers })),
)
const decoders = cells.flatMap((cell) =>
  (['initial-state', 'first-step', 'every-step', 'both'] as const).flatMap((receives) =>
    (['automatic', 'dense', 'none'] as const).flatMap((bridge) =>
      (['automatic', 'output', 'output-and-context'] as const).flatMap((readout) =>
        [false, true].map((tiedEmbedding) =>
          decoderOptions({ cell, hidden: 4, receives, bridge, readout, tiedEmbedding }),
        ),
      ),
    ),
  ),
)

const [source, target] = [embedded(3), embedded(4)]

/** Every pair of an encoder and a context with a quarter of the decoders, the next pair with the next quarter. */
function* combinations(): Generator<ModelOptions> {
  for (const [row, encoder] of encoders.entries())
    for (const [column, context] of contexts.entries())
      for (let at = (row + column) % 4; at < decoders.length; at += 4)
        yield { source, target, encoder, context, decoder: decoders[at] ?? decoderOptions({}) }
}

const legal: ModelOptions[] = []
const refused = new Map<string, number>()
for (const model of combinations()) {
  const problems = transducerProblems(model)
  if (problems.length === 0) legal.push(model)
  for (const { path } of problems) refused.set(path, (refused.get(path) ?? 0) + 1)
}

// Two examples, and a row of padding alone, as the last batch of a split has them.
const rows = (dtype: 'int32' | 'float32', ...values: number[][]) => tf.tensor2d(values, [3, 3], dtype)
const batch = {
  source: {
    ids: rows('int32', [4, 5, 3], [5, 0, 0], [0, 0, 0]),
    mask: rows('float32', [1, 1, 1], [1, 0, 0], [0, 0, 0]),
  },
  target: {
    input: rows('int32', [1, 3, 4], [1, 4, 0], [0, 0, 0]),
    output: rows('int32', [3, 4, 2], [4, 2, 0], [0, 0, 0]),
    mask: rows('float32', [1, 1, 1], [1, 1, 0], [0, 0, 0]),
  },
}

describe('combinations of encoder, context, entry, bridge and output', () => {
  it('is refused for a reason at its own option, or can be built', () => {
    expect(legal.length).toBeGreaterThan(10_000)
    expect([...refused.keys()].sort()).toEqual([
      'model.context.from',
      'model.context.inputFeeding',
      'model.context.scorer',
      'model.decoder.bridge',
      'model.decoder.readout',
      'model.decoder.receives',
      'model.decoder.tiedEmbedding',
    ])
  })

  it('that is legal can be built (a seeded sample)', () => {
    for (const model of randomStream(2, 'test').shuffle(legal).slice(0, 2000)) buildTransducer(model, sizes)
  })

  it('that is legal trains every parameter (a seeded sample)', () => {
    for (const model of randomStream(1, 'test').shuffle(legal).slice(0, 40)) {
      tf.tidy(() => {
        const transducer = buildTransducer(model, sizes)
        const params = upload(initialise(transducer.parameters, 1))
        const slopes = gradients(params, (p) => {
          const settings = { labelSmoothing: 0, teacherForcing: 1 }
          return transducer.loss(p, batch.source, batch.target, undefined, settings).objective
        })
        for (const [path, slope] of leaves(slopes)) {
          const values = numbers(slope)
          const trained = values.every(Number.isFinite) && values.some((x) => x !== 0)
          expect(trained, `${path} of ${JSON.stringify(model)}`).toBe(true)
        }
      })
    }
  })
})
