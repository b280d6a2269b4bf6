import { type Case, models, sizes } from '../step/cases.js'

/** A model that bench/step/serve.ts does not know: a spec, and which of its graphs is run. */
export interface SpecCase {
  readonly name: string
  readonly spec: object
  /** The start of a compiled function's name. */
  readonly graph: Graph
}

/** A training step; four greedy steps in one graph; one step of a beam of four. */
type Graph = 'train' | 'greedy' | 'step-of-4'

type Options = Readonly<Record<string, unknown>>

interface Model {
  readonly encoder?: Options
  readonly decoder?: Options
  readonly context?: Options
  /** Instead of Adam with clipping, where the model refuses them. */
  readonly train?: Options
}

// So low that one batch is not learned by heart, which would make gradients too small for fast arithmetic.
const learningRate = 1e-6
const [symbols, rows, sourceSteps, targetSteps] = [60, 64, 12, 12]

/** The usual cases, at the sizes that are small enough for what is not a matrix product to count. */
export const benchCases: readonly Case[] = Object.entries(models).flatMap(([model, form]) =>
  ['tiny', 'small'].flatMap((name) => {
    const size = sizes[name]
    return size === undefined ? [] : [{ name: `${model} ${name}`, ...form, size }]
  }),
)

const additive = { from: 'attention', scorer: { type: 'additive', size: 64 } }
const adam = { optimizer: { type: 'adam', learningRate }, clipNorm: 1 }
const lastState = { from: 'last-state' }
const multiHead = { from: 'attention', scorer: { type: 'multi-head-dot', heads: 4 } }
const both = (cell: Options, more: Options = {}): Model => ({ encoder: { cell, ...more }, decoder: { cell, ...more } })
const everyStep = (model: Model): Model => ({ ...model, decoder: { ...model.decoder, receives: 'every-step' } })
const [gru, lstm, elman, aaren] = [{ type: 'gru' }, { type: 'lstm' }, { type: 'elman' }, { type: 'aaren' }]

const training: Readonly<Record<string, Model>> = {
  aaren: everyStep({ ...both(aaren), context: lastState }),
  'aaren, attention': everyStep({ ...both(aaren), context: additive }),
  'elman, attention': { ...both(elman), context: additive },
  'gru, reset before, attention': { ...both({ type: 'gru', reset: 'before' }), context: additive },
  'gru, untied encoder': {
    encoder: { cell: gru, unroll: { type: 'untied', length: sourceSteps } },
    decoder: { cell: gru },
    train: { optimizer: { type: 'sgd', learningRate } },
  },
  'gru, coverage': { ...both(gru), context: { ...additive, coverage: 1 } },
  'gru, multi-head': { ...both(gru), context: multiHead },
  'gru, attention after, input feeding': {
    ...both(gru),
    context: { ...additive, position: 'after', inputFeeding: true },
  },
  'gru, two layers, layer norm': { ...both(gru, { layers: 2, layerNorm: true }), context: additive },
  'lstm, learned start, both directions': {
    encoder: { cell: lstm, bidirectional: true, initialState: 'learned' },
    decoder: { cell: lstm },
    context: additive,
  },
}

const predicting: Readonly<Record<string, Model>> = {
  gru: { ...both(gru), context: lastState },
  'gru, attention': { ...both(gru), context: additive },
  'lstm, attention': { ...both(lstm), context: additive },
  'aaren, attention': everyStep({ ...both(aaren), context: additive }),
}

const named = (models: Readonly<Record<string, Model>>, graph: Graph, suffix: string) =>
  Object.entries(models).map(([name, model]) => specCase(`${name}${suffix}`, model, graph))

export const specCases: readonly SpecCase[] = [
  ...named(training, 'train', ', training'),
  ...named(predicting, 'greedy', ', greedy'),
  ...named(predicting, 'step-of-4', ', beam'),
]

function specCase(
  name: string,
  { encoder, decoder, context = lastState, train = adam }: Model,
  graph: Graph,
): SpecCase {
  const side = { representation: { type: 'embedding', size: 32 } }
  const receives = context.from === 'attention' ? 'both' : 'initial-state'
  const spec = {
    name: 'against',
    task: 'transduce',
    data: {
      source: { type: 'inline', train: pairs(0), dev: pairs(1), test: pairs(2) },
      sourceTokens: 'whitespace',
      targetTokens: 'whitespace',
    },
    model: {
      ...{ source: side, target: side, context },
      encoder: { hidden: 64, ...encoder },
      decoder: { hidden: 64, receives, ...decoder },
    },
    train: { batchSize: rows, steps: 1, validate: { every: 1 }, ...train },
    decode: graph === 'step-of-4' ? { type: 'beam', width: 4 } : 'greedy',
  }
  return { name, spec, graph }
}

/** One batch in which all lengths are equal and every symbol occurs. */
function pairs(offset: number): [string, string][] {
  const text = (row: number, steps: number, stride: number) =>
    Array.from({ length: steps }, (_, step) => `s${(row + offset + step * stride) % symbols}`).join(' ')
  // One less: the end of the output is a step too.
  return Array.from({ length: rows }, (_, row) => [text(row, sourceSteps, 7), text(row, targetSteps - 1, 11)])
}
