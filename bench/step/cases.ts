import type { HeadChoice } from '../../src/model/heads/index.js'
import type { ModelOptions } from '../../src/model/options.js'

export interface Size {
  readonly V: number
  readonly E: number
  readonly H: number
  readonly B: number
  readonly S: number
  readonly T: number
}

/** Vocabulary, embedding, hidden, batch, source and target steps. */
export const sizes: Readonly<Record<string, Size>> = {
  tiny: { V: 30, E: 32, H: 64, B: 32, S: 10, T: 10 },
  small: { V: 1000, E: 64, H: 128, B: 64, S: 12, T: 12 },
  medium: { V: 4000, E: 128, H: 256, B: 64, S: 20, T: 20 },
}

/** Sizes that are asked for by name only: to see how long a long unrolled graph takes to be made ready. */
export const longSizes: Readonly<Record<string, Size>> = { 'tiny-100': { V: 30, E: 32, H: 64, B: 32, S: 100, T: 100 } }

/** A model as the peers know it (bench/peers/cases.py). */
export interface Case {
  readonly name: string
  readonly cell: 'gru' | 'lstm' | 'min-gru'
  readonly bidirectional: boolean
  readonly attention: boolean
  /** Default: softmax. With `crf` the model is a tagger, which has no decoder, and TAGS tags. */
  readonly head?: Exclude<HeadChoice, { readonly type: 'softmax' }>
  readonly size: Size
}

/** Of a tagger: tags, whatever the vocabulary (CoNLL-2000's chunks have 23). */
export const TAGS = 24

type Form = Omit<Case, 'name' | 'size'>

/** The models of the table: the reference, the LSTM with two directions, and the one without attention. */
export const models: Readonly<Record<string, Form>> = {
  'gru-attention': { cell: 'gru', bidirectional: false, attention: true },
  'bilstm-attention': { cell: 'lstm', bidirectional: true, attention: true },
  'gru-last-state': { cell: 'gru', bidirectional: false, attention: false },
}

/** Models with other heads and cells, which the peers know that have all (`Who.knowsAll`). */
export const otherModels: Readonly<Record<string, Form>> = {
  'gru-hard-monotonic': {
    cell: 'gru',
    bidirectional: false,
    attention: false,
    head: { type: 'hard-monotonic-attention', order: 1, window: 4 },
  },
  'gru-pointer-generator': { cell: 'gru', bidirectional: false, attention: true, head: { type: 'pointer-generator' } },
  'bilstm-crf': { cell: 'lstm', bidirectional: true, attention: false, head: { type: 'crf', constraints: 'scheme' } },
  'min-gru-last-state': { cell: 'min-gru', bidirectional: false, attention: false },
}

const cells = {
  gru: { type: 'gru', reset: 'after' },
  lstm: { type: 'lstm', forgetBias: 1 },
  'min-gru': { type: 'min-gru', candidate: 'positive' },
} as const

/** The same model in seqlab's own words: additive attention of size H, or the last state as the decoder's first. */
export function modelOptions(which: Case): ModelOptions {
  const { attention, head } = which
  const encoder = encoderOptions(which)
  const side = sideOptions(which)
  if (head?.type === 'crf') return { source: side, encoder, head }
  return {
    source: side,
    target: side,
    encoder,
    context: attention
      ? {
          from: 'attention',
          scorer: { type: 'additive', size: which.size.H },
          position: 'before',
          inputFeeding: false,
          normaliser: { type: 'softmax' },
          temperature: 1,
        }
      : { from: 'last-state' },
    decoder: {
      ...around(which),
      initialState: 'zero',
      receives: attention ? 'both' : 'initial-state',
      bridge: 'automatic',
      readout: 'automatic',
      tiedEmbedding: false,
    },
    ...(head && { head }),
  }
}

function sideOptions({ size: { E } }: Case) {
  return { representation: { type: 'embedding', size: E, start: 'random', frozen: false } } as const
}

function encoderOptions(which: Case): NonNullable<ModelOptions['encoder']> {
  const { bidirectional } = which
  return {
    ...around(which),
    bidirectional,
    combine: 'concat',
    initialState: 'zero',
    unroll: { type: 'shared' },
  }
}

function around({ cell, size }: Case) {
  return {
    cell: cells[cell],
    hidden: size.H,
    layers: 1,
    dropout: 0,
    variational: false,
    layerNorm: false,
    residual: false,
    initialiser: { type: 'standard' },
  } as const
}

/**
 * Floating-point operations of one step's matrix products, forward and backward (twice the forward), two for a
 * multiplication with its addition: the least that any implementation does.
 */
export function matrixFlops({ cell, bidirectional, attention, head, size }: Case): number {
  const { V, E, H, B, S, T } = size
  const D = bidirectional ? 2 * H : H
  // All gates of all steps: each reads the input, and the state but for min-gru's.
  const cellProducts = (input: number) => (cell === 'min-gru' ? input * 2 : (input + H) * (cell === 'gru' ? 3 : 4)) * H
  const encoder = (bidirectional ? 2 : 1) * S * B * cellProducts(E)
  if (head?.type === 'crf') return 2 * 3 * (encoder + S * B * (D * TAGS + TAGS * TAGS))
  const bridge = bidirectional ? B * D * H : 0
  const scorer = attention ? B * (S * D * H + T * H * H + T * S * (H + D)) : 0
  const decoder = T * B * cellProducts(E + (attention ? D : 0))
  const readout = H + (attention ? D : 0)
  const hard = head?.type === 'hard-monotonic-attention'
  const output = hard ? hardMonotonicProducts(size, readout, D) : T * B * readout * V
  return 2 * 3 * (encoder + bridge + scorer + decoder + output)
}

/** Features of each target and source step, scores of each pair of them; the moves' own products are next to nothing. */
function hardMonotonicProducts({ V, B, S, T }: Size, readout: number, D: number): number {
  const features = readout + D
  return B * (S * D * (readout + features) + T * readout * features + T * S * features * V)
}
