import { stringify } from 'yaml'
import { cells } from '../../src/model/cells/index.js'
import { contexts, formers } from '../../src/model/context/index.js'
import { initialisers } from '../../src/model/initialisers.js'
import { maps } from '../../src/model/maps/index.js'
import { normalisers } from '../../src/model/normalisers/index.js'
import { representations } from '../../src/model/representation/index.js'
import { scorers } from '../../src/model/scorers/index.js'
import { createCheck } from '../../src/spec/check.js'
import { type Resolved, resolveSpec } from '../../src/spec/resolve.js'
import { specSchema } from '../../src/spec/schema.js'
import type { Spec } from '../../src/spec/types.js'
import { readYaml } from '../../src/spec/yaml.js'
import { everyPart, furtherChoices, nameOf, type Written } from './variants.js'

/** One model of the grid: what an author would write, and what came of it. */
export interface Combination {
  readonly name: string
  readonly spec: Spec
}

export interface Illegal {
  readonly name: string
  readonly reasons: readonly string[]
}

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

const encoders: Readonly<Record<string, Written>> = {
  'one layer': { hidden: 8 },
  'two layers': { hidden: 8, layers: 2 },
  'both directions': { hidden: 4, bidirectional: true },
  'both directions added, two layers': { hidden: 8, bidirectional: true, combine: 'sum', layers: 2 },
}
const entries = ['initial-state', 'first-step', 'every-step', 'both']

/** The registries' parts that stand in each place. A new part is in the grid without a change here. */
const cellChoices = [...everyPart(cells), { type: 'gru', reset: 'before' }]
const contextChoices: Written[] = [
  ...everyPart(formers, 'from').flatMap((context) => {
    if (context.from === 'transform') return everyPart(maps).map((map) => ({ ...context, map }))
    if (context.from === 'all-states') return ['mean', 'max', 'sum', 'learned'].map((pool) => ({ ...context, pool }))
    return [context]
  }),
  ...Object.keys(contexts.parts)
    .filter((name) => !(name in formers.parts))
    .flatMap((from) =>
      everyPart(scorers).flatMap((scorer) => ['before', 'after'].map((position) => ({ from, scorer, position }))),
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
    },
    train: {
      optimizer: { type: 'adam', learningRate: 0.03 },
      batchSize: 4,
      steps: 300,
      clipNorm: 5,
      validate: { every: 300 },
    },
  }
}

/** (cell x encoder x context x entry x scorer): every combination that is written down, legal or not. */
function product(): [name: string, spec: Record<string, unknown>][] {
  return cellChoices.flatMap((cell) =>
    Object.entries(encoders).flatMap(([encoderName, encoder]) =>
      contextChoices.flatMap((context) =>
        entries.map((receives): [string, Record<string, unknown>] => [
          [nameOf(cell), encoderName, nameOf(context, 'from'), receives].join(' | '),
          written({ cell, encoder, context, receives }),
        ]),
      ),
    ),
  )
}

/** Options and parts that the product holds fixed, one at a time from a plain model. */
function singles(): [name: string, spec: Record<string, unknown>][] {
  const additive = { from: 'attention', scorer: { type: 'additive', size: 8 } }
  const plain: Place = { cell: { type: 'gru' }, encoder: { hidden: 8 }, context: additive, receives: 'both' }
  const everyStep = { ...plain, receives: 'every-step' }
  const twoLayers = { ...plain, encoder: { hidden: 8, layers: 2 } }
  const lastState = { ...plain, context: { from: 'last-state' } }
  const single = (place: Place, name: string, more: NonNullable<Place['more']>): [string, Record<string, unknown>] => [
    `alone | ${name}`,
    written({ ...place, more }),
  ]
  const around = [{ layerNorm: true }, { residual: true }, { dropout: 0.1 }, { dropout: 0.1, variational: true }]
  return [
    ...furtherChoices(cells).map((cell) => single({ ...everyStep, cell }, nameOf(cell), {})),
    ...cellChoices.flatMap((cell) => [
      single(everyStep, `encoder ${nameOf(cell)}, decoder gru`, { encoder: { cell } }),
      single(lastState, `encoder ${nameOf(cell)}, decoder lstm`, { encoder: { cell }, decoder: { cell: 'lstm' } }),
      single(everyStep, `encoder lstm, decoder ${nameOf(cell)}`, { encoder: { cell: 'lstm' }, decoder: { cell } }),
    ]),
    ...everyPart(representations).flatMap((representation) => [
      single(plain, `source ${nameOf(representation)}`, { source: given(representation, 'abcd') }),
      single(plain, `target ${nameOf(representation)}`, { target: given(representation, 'uvwxyz') }),
    ]),
    ...everyPart(initialisers).map((initialiser) =>
      single(plain, `initialiser ${nameOf(initialiser)}`, {
        encoder: { initialiser: valued(initialiser) },
        decoder: { initialiser: valued(initialiser) },
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
    single(plain, 'readout output', { decoder: { readout: 'output' } }),
    single(lastState, 'readout output-and-context', { decoder: { readout: 'output-and-context' } }),
    single({ ...plain, context: { from: 'last-state' }, receives: 'initial-state' }, 'tied embedding', {
      target: { type: 'embedding', size: 8 },
      decoder: { tiedEmbedding: true },
    }),
    single(plain, 'frozen embedding', { source: { type: 'embedding', size: 6, frozen: true } }),
  ]
}

/** What `vectors` needs beyond its name: one for each symbol. */
function given(representation: Written, symbols: string): Written {
  if (representation.type !== 'vectors') return representation
  return {
    ...representation,
    vectors: Object.fromEntries([...symbols].map((symbol, i) => [symbol, [i === 0 ? 1 : 0, i, (i * i) / 4]])),
  }
}

function valued(initialiser: Written): Written {
  return initialiser.type === 'constant' ? { ...initialiser, value: 0.1 } : initialiser
}

/** Every combination that can be written down, legal or not: name and spec. */
export function everyCombination(): readonly [name: string, spec: Record<string, unknown>][] {
  return [...product(), ...singles()]
}

/** Reads a combination as the program reads a spec: legal, or refused with the reasons. */
export function resolve([name, spec]: readonly [string, Record<string, unknown>]): Combination | Illegal {
  const read = readSpec(stringify(spec))
  if ('spec' in read) return { name, spec: read.spec }
  return { name, reasons: read.problems.map(({ path, message }) => `${path}: ${message}`) }
}

export function isLegal(combination: Combination | Illegal): combination is Combination {
  return 'spec' in combination
}

const schema = specSchema()
const check = createCheck()

/** A spec's YAML text -> the resolved spec or its problems, as `seqlab check` sees them. */
export function readSpec(text: string): Resolved {
  const read = readYaml(text, 'conformance.yaml')
  if ('problems' in read) return read
  if (read.node.kind !== 'map') throw new TypeError('a spec is a map')
  return resolveSpec(schema, check, read.node, 'conformance.yaml')
}
