import { type CellChoice, cells as registeredCells } from '../../src/model/cells/index.js'
import type { AttentionChoice } from '../../src/model/context/index.js'
import type { ModelOptions } from '../../src/model/options.js'
import { scorers as registeredScorers } from '../../src/model/scorers/index.js'
import { attentionOptions, decoderOptions, embedded, encoderOptions } from '../support/options.js'
import { everyChoice } from '../support/parts.js'

/** Sizes that all of them can be built for. */
export const sizes = { source: { vocabulary: 6 }, target: { vocabulary: 5 }, longestSource: 3, longestTarget: 2 }

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

/**
 * Every pair of an encoder and a context with a quarter of the decoders (0 to 3), the next pair with the next quarter: all
 * quarters together are every combination.
 */
export function* everyModel(quarter: number): Generator<ModelOptions> {
  for (const [row, encoder] of encoders.entries())
    for (const [column, context] of contexts.entries())
      for (let at = (row + column + quarter) % 4; at < decoders.length; at += 4)
        yield { source, target, encoder, context, decoder: decoders[at] ?? decoderOptions({}) }
}

/** The options at which combinations are refused. */
export const refusedAt: readonly string[] = [
  'model.context.from',
  'model.context.inputFeeding',
  'model.context.scorer',
  'model.decoder.bridge',
  'model.decoder.readout',
  'model.decoder.receives',
  'model.decoder.tiedEmbedding',
]
