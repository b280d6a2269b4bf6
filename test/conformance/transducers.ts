import { cells } from '../../src/model/cells/index.js'
import { contexts, formers } from '../../src/model/context/index.js'
import { headPart, heads } from '../../src/model/heads/index.js'
import { initialisers } from '../../src/model/initialisers.js'
import { maps } from '../../src/model/maps/index.js'
import { normalisers } from '../../src/model/normalisers/index.js'
import { representations } from '../../src/model/representation/index.js'
import { scorers } from '../../src/model/scorers/index.js'
import { everyPart, furtherChoices, nameOf, training, type Written, type WrittenSpec } from './variants.js'

// Four pairs whose next symbol follows from the symbol before and the source, so that even a decoder without a state can
// learn them; no two sources have the same set of symbols, so that an encoder without one can tell them apart.
const pairs = [
  ['a', 'x'],
  ['ba', 'yz'],
  ['cba', 'zwx'],
  ['dbbc', 'vu'],
]
// For a decoder without a state that sees C at the first step alone: what follows depends on the symbol before alone.
const chain = [
  ['a', 'z'],
  ['ba', 'yz'],
  ['cba', 'xyz'],
  ['dbbc', 'wxyz'],
]

export const encoders: Readonly<Record<string, Written>> = {
  'one layer': { hidden: 8 },
  'two layers': { hidden: 8, layers: 2 },
  'both directions': { hidden: 4, bidirectional: true },
  'both directions added, two layers': { hidden: 8, bidirectional: true, combine: 'sum', layers: 2 },
}
const entries = ['initial-state', 'first-step', 'every-step', 'both']

/** The registries' parts by their place in the model. A new part is in the grid without a change here. */
export const cellChoices = [...everyPart(cells), { type: 'gru', reset: 'before' }]
export const fixedContexts: Written[] = everyPart(formers, 'from').flatMap((context) => {
  if (context.from === 'transform') return everyPart(maps).map((map) => ({ ...context, map }))
  if (context.from === 'all-states') return ['mean', 'max', 'sum', 'learned'].map((pool) => ({ ...context, pool }))
  return [context]
})
/** Every head but the usual one, and its further choices. */
export const otherHeads = [...everyPart(heads), ...furtherChoices(heads)].filter(
  ({ type }) => type !== headPart(undefined).name,
)
/** Where attention meets the cell. */
const positions = [{ position: 'before' }, { position: 'after' }, { position: 'after', inputFeeding: true }]
const contextChoices: Written[] = [
  ...fixedContexts,
  ...Object.keys(contexts.parts)
    .filter((name) => !(name in formers.parts))
    .flatMap((from) =>
      everyPart(scorers).flatMap((scorer) => positions.map((position) => ({ from, scorer, ...position }))),
    ),
]

interface Place {
  readonly cell: Written
  readonly encoder: Written
  readonly context: Written
  readonly receives: string
  readonly more?: {
    readonly source?: Written
    readonly target?: Written
    readonly decoder?: Written
    readonly encoder?: Written
    readonly head?: Written
  }
}

function written({ cell, encoder, context, receives, more = {} }: Place): Record<string, unknown> {
  const representation = { type: 'embedding', size: 6 }
  const examples = cell.type === 'feed-forward' && receives === 'first-step' ? chain : pairs
  return {
    name: 'conformance',
    task: 'transduce',
    data: {
      source: { type: 'inline', train: examples, dev: examples, test: examples },
      sourceTokens: 'characters',
      targetTokens: 'characters',
    },
    model: {
      source: { representation: more.source ?? representation },
      target: { representation: more.target ?? representation },
      encoder: { cell, ...encoder, ...more.encoder },
      context,
      decoder: { cell, hidden: 8, layers: encoder.layers ?? 1, receives, ...more.decoder },
      ...(more.head === undefined ? {} : { head: more.head }),
    },
    train: training,
  }
}

/** (cell x encoder x context x entry x scorer): every combination that is written down, legal or not. */
export function transducers(): WrittenSpec[] {
  return cellChoices.flatMap((cell) =>
    Object.entries(encoders).flatMap(([encoderName, encoder]) =>
      contextChoices.flatMap((context) =>
        entries.map(
          (receives): WrittenSpec => [
            [nameOf(cell), encoderName, nameOf(context, 'from'), receives].join(' | '),
            written({ cell, encoder, context, receives }),
          ],
        ),
      ),
    ),
  )
}

/** Options and parts that the product holds fixed, one at a time from a plain model. */
export function singles(): WrittenSpec[] {
  const additive = { from: 'attention', scorer: { type: 'additive', size: 8 } }
  const plain: Place = { cell: { type: 'gru' }, encoder: { hidden: 8 }, context: additive, receives: 'both' }
  const everyStep = { ...plain, receives: 'every-step' }
  const twoLayers = { ...plain, encoder: { hidden: 8, layers: 2 } }
  const lastState = { ...plain, context: { from: 'last-state' } }
  const single = (place: Place, name: string, more: NonNullable<Place['more']>): WrittenSpec => [
    `alone | ${name}`,
    written({ ...place, more }),
  ]
  const around = [{ layerNorm: true }, { residual: true }, { dropout: 0.1 }, { dropout: 0.1, variational: true }]
  return [
    ...furtherChoices(cells).map((cell) => single({ ...everyStep, cell }, nameOf(cell), {})),
    single(twoLayers, 'a width for each layer', { encoder: { hidden: [8, 5] }, decoder: { hidden: [4, 6] } }),
    single({ ...twoLayers, cell: { type: 'lstm' }, context: { from: 'last-state' } }, 'copied states of two widths', {
      encoder: { hidden: [8, 5] },
      decoder: { hidden: [8, 5], dropout: 0.1, layerNorm: true },
    }),
    single({ ...twoLayers, encoder: { ...twoLayers.encoder, bidirectional: true } }, 'two directions of two widths', {
      encoder: { hidden: [3, 5], dropout: 0.1, layerNorm: true },
    }),
    ...cellChoices.flatMap((cell) => [
      single(everyStep, `encoder ${nameOf(cell)}, decoder lstm`, { encoder: { cell }, decoder: { cell: 'lstm' } }),
      single(lastState, `last state of ${nameOf(cell)}, decoder lstm`, {
        encoder: { cell },
        decoder: { cell: 'lstm' },
      }),
    ]),
    ...cellChoices
      .filter(({ type }) => type !== 'lstm')
      .map((cell) =>
        single(everyStep, `encoder elman, decoder ${nameOf(cell)}`, { encoder: { cell: 'elman' }, decoder: { cell } }),
      ),
    ...everyPart(representations).flatMap((representation) => [
      single(plain, `source ${nameOf(representation)}`, { source: given(representation, 'abcd') }),
      single(plain, `target ${nameOf(representation)}`, { target: given(representation, 'uvwxyz') }),
    ]),
    ...everyPart(initialisers).map((initialiser) =>
      single(plain, `initialiser ${nameOf(initialiser)}`, {
        encoder: { initialiser },
        decoder: { initialiser },
      }),
    ),
    ...around.flatMap((option) => [
      single(twoLayers, `encoder ${nameOf(option)}`, { encoder: option }),
      single(twoLayers, `decoder ${nameOf(option)}`, { decoder: option }),
    ]),
    ...everyPart(maps).map((map) =>
      single({ ...plain, context: { from: 'all-states', pool: 'mean', map } }, `pooled through ${nameOf(map)}`, {}),
    ),
    ...everyPart(normalisers).map((normaliser) =>
      single({ ...plain, context: { ...additive, normaliser } }, `normaliser ${nameOf(normaliser)}`, {}),
    ),
    single({ ...plain, context: { ...additive, temperature: 2 } }, 'temperature 2', {}),
    single({ ...plain, context: { ...additive, coverage: 0.01 } }, 'coverage 0.01', {}),
    single(plain, 'learned initial state', { encoder: { initialState: 'learned' } }),
    single({ ...plain, cell: { type: 'lstm' } }, 'learned initial state of lstm', {
      encoder: { initialState: 'learned' },
    }),
    single({ ...plain, cell: { type: 'aaren' } }, 'learned initial state of aaren', {
      encoder: { initialState: 'learned' },
    }),
    single(lastState, 'dense bridge', { decoder: { bridge: 'dense' } }),
    single(lastState, 'no bridge', { decoder: { bridge: 'none' } }),
    single(lastState, 'bridge between unequal sizes', { encoder: { hidden: 5, bidirectional: true } }),
    single({ ...plain, context: { from: 'attention', scorer: 'general' } }, 'unequal sizes under attention', {
      encoder: { hidden: 5 },
    }),
    // softmax is the head of all the others.
    ...otherHeads.flatMap((head) => [
      single(plain, `head ${nameOf(head)} under attention`, { head }),
      single(lastState, `head ${nameOf(head)} without attention`, { head }),
    ]),
    single(plain, 'readout output', { decoder: { readout: 'output' } }),
    single(lastState, 'readout output-and-context', { decoder: { readout: 'output-and-context' } }),
    single({ ...plain, context: { from: 'last-state' }, receives: 'initial-state' }, 'tied embedding', {
      target: { type: 'embedding', size: 8 },
      decoder: { tiedEmbedding: true },
    }),
    // Merged gradients are not the loss's own: test/model/encoder/unroll.test.ts is about them.
    trainedPlainly(single(plain, 'untied', { encoder: { unroll: { type: 'untied', length: 6 } } })),
    single(plain, 'frozen embedding', { source: { type: 'embedding', size: 6, frozen: true } }),
  ]
}

/** All that untied weights may be trained by. */
function trainedPlainly([name, spec]: WrittenSpec): WrittenSpec {
  const { clipNorm: _, ...unclipped } = training
  return [name, { ...spec, train: { ...unclipped, optimizer: { type: 'sgd', learningRate: 1 } } }]
}

/** What `vectors` needs beyond its name: one for each symbol. */
function given(representation: Written, symbols: string): Written {
  if (representation.type !== 'vectors') return representation
  return {
    ...representation,
    vectors: Object.fromEntries([...symbols].map((symbol, i) => [symbol, [i === 0 ? 1 : 0, i, (i * i) / 4]])),
  }
}
