import { units } from '../../src/model/axes.js'
import type { AttentionChoice } from '../../src/model/context/index.js'
import type { DecoderOptions, EncoderOptions, SideOptions } from '../../src/model/options.js'
import type { TrainOptions } from '../../src/train/options.js'

/** An encoder's options with every default filled in, as the spec reader does it. */
export function encoderOptions(more: Partial<EncoderOptions> = {}): EncoderOptions {
  return {
    cell: { type: 'gru', reset: 'after' },
    hidden: 3,
    layers: 1,
    dropout: 0,
    variational: false,
    layerNorm: false,
    residual: false,
    initialiser: { type: 'standard' },
    bidirectional: false,
    combine: 'concat',
    initialState: 'zero',
    unroll: { type: 'shared' },
    ...more,
  }
}

/** A decoder's options with every default filled in. */
export function decoderOptions(more: Partial<DecoderOptions> = {}): DecoderOptions {
  return {
    cell: { type: 'gru', reset: 'after' },
    hidden: 3,
    layers: 1,
    dropout: 0,
    variational: false,
    layerNorm: false,
    residual: false,
    initialiser: { type: 'standard' },
    initialState: 'zero',
    receives: 'both',
    bridge: 'automatic',
    readout: 'automatic',
    tiedEmbedding: false,
    ...more,
  }
}

/** Attention with every default filled in. */
export function attentionOptions(more: Partial<AttentionChoice> = {}): AttentionChoice {
  return {
    from: 'attention',
    scorer: { type: 'additive', size: 5 },
    position: 'before',
    inputFeeding: false,
    normaliser: { type: 'softmax' },
    temperature: 1,
    ...more,
  }
}

/** What scorers are built for: the sizes of queries and keys. */
export function scorerSizes(query: number, key: number) {
  return { query: units('Q', query), key: units('D', key), coverage: false }
}

/** A side with a learned embedding. */
export function embedded(size: number): SideOptions {
  return { representation: { type: 'embedding', size, start: 'random', frozen: false } }
}

/** Training options with every default filled in. */
/** The search method of validations and of evaluations, where nothing else is wanted. */
export const greedy = { type: 'greedy' } as const

export function trainOptions(more: Partial<TrainOptions> = {}): TrainOptions {
  return {
    optimizer: { type: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    schedule: { type: 'constant' },
    batchSize: 16,
    maxShapes: 2,
    warmup: 0,
    accumulate: 1,
    labelSmoothing: 0,
    teacherForcing: { type: 'always' },
    freeze: [],
    validate: { every: 5, decode: greedy },
    ...more,
  }
}
