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
  readonly cell: 'gru' | 'lstm'
  readonly bidirectional: boolean
  readonly attention: boolean
  /** Default: softmax. */
  readonly head?: Extract<HeadChoice, { readonly type: 'hard-monotonic-attention' }>
  readonly size: Size
}

type Form = Omit<Case, 'name' | 'size'>

/** The models of the table: the reference, the LSTM with two directions, and the one without attention. */
export const models: Readonly<Record<string, Form>> = {
  'gru-attention': { cell: 'gru', bidirectional: false, attention: true },
  'bilstm-attention': { cell: 'lstm', bidirectional: true, attention: true },
  'gru-last-state': { cell: 'gru', bidirectional: false, attention: false },
}

/** Models with other heads, which the peers know that have them (`Who.heads`). */
export const headModels: Readonly<Record<string, Form>> = {
  'gru-hard-monotonic': {
    cell: 'gru',
    bidirectional: false,
    attention: false,
    head: { type: 'hard-monotonic-attention', order: 1, window: 4 },
  },
}

/** The same model in seqlab's own words: additive attention of size H, or the last state as the decoder's first. */
export function modelOptions({ cell, bidirectional, attention, head, size }: Case): ModelOptions {
  const { E, H } = size
  const side = { representation: { type: 'embedding', size: E, start: 'random', frozen: false } as const }
  const around = {
    layers: 1,
    dropout: 0,
    variational: false,
    layerNorm: false,
    residual: false,
    initialiser: { type: 'standard' } as const,
  }
  const chosen =
    cell === 'gru' ? ({ type: 'gru', reset: 'after' } as const) : ({ type: 'lstm', forgetBias: 1 } as const)
  return {
    source: side,
    target: side,
    encoder: {
      ...around,
      cell: chosen,
      hidden: H,
      bidirectional,
      combine: 'concat',
      initialState: 'zero',
      unroll: { type: 'shared' },
    },
    context: attention
      ? {
          from: 'attention',
          scorer: { type: 'additive', size: H },
          position: 'before',
          inputFeeding: false,
          normaliser: { type: 'softmax' },
          temperature: 1,
        }
      : { from: 'last-state' },
    decoder: {
      ...around,
      cell: chosen,
      hidden: H,
      initialState: 'zero',
      receives: attention ? 'both' : 'initial-state',
      bridge: 'automatic',
      readout: 'automatic',
      tiedEmbedding: false,
    },
    ...(head && { head }),
  }
}

/**
 * Floating-point operations of one step's matrix products, forward and backward (twice the forward), two for a
 * multiplication with its addition: the least that any implementation does.
 */
export function matrixFlops({ cell, bidirectional, attention, head, size }: Case): number {
  const { V, E, H, B, S, T } = size
  const gates = cell === 'gru' ? 3 : 4
  const D = bidirectional ? 2 * H : H
  const encoder = (bidirectional ? 2 : 1) * S * B * (E + H) * gates * H
  const bridge = bidirectional ? B * D * H : 0
  const scorer = attention ? B * (S * D * H + T * H * H + T * S * (H + D)) : 0
  const decoder = T * B * (E + (attention ? D : 0) + H) * gates * H
  const readout = H + (attention ? D : 0)
  const output = head === undefined ? T * B * readout * V : hardMonotonicProducts(size, readout, D)
  return 2 * 3 * (encoder + bridge + scorer + decoder + output)
}

/** Features of each target and source step, scores of each pair of them; the moves' own products are next to nothing. */
function hardMonotonicProducts({ V, B, S, T }: Size, readout: number, D: number): number {
  const features = readout + D
  return B * (S * D * (readout + features) + T * readout * features + T * S * features * V)
}
