import type { TObject } from 'typebox'
import type { Part } from '../core/part.js'
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '../core/tf.js'
import type { Tree } from '../core/tree.js'
import type { Encoded, State } from './encoder/types.js'
import type { FastScorer } from './gradients/types.js'
import type { BatchShape, Noise, NoiseSpec } from './noise.js'
import type { ParameterSpec, Params } from './parameters.js'
import type { Sequence } from './representation/types.js'

// Axis names: B batch, S source steps, T target steps, E embedding, H hidden, D an encoder output's size (2H where two
// directions are concatenated), C the context's size, V vocabulary.

export type { State } from './encoder/types.js'
export type { BatchShape, Noise, NoiseSpec } from './noise.js'
export type { Initialiser, ParameterSpec, Params } from './parameters.js'
export type { KnownSymbols, Sequence, SymbolSpace } from './representation/types.js'
export type { ModelSizes } from './sizes.js'

// ---- cells, encoder: in their folders ----------------------------------------------------------------------------

export type { CarrySize, Encoded, Encoder, LayerState } from './encoder/types.js'

// ---- context -----------------------------------------------------------------------------------------------------

export interface Context {
  /** [B,C]. */
  readonly vector: Tensor2D
}

export interface ContextSizes {
  /** D. */
  readonly outputs: number
}

/** Forms one fixed C from what was encoded (last-state, transform, all-states). Attention is formed at each step. */
export interface ContextFormer<Options extends TObject = TObject, O = any> extends Part<Options> {
  /** False when it works without a last state (all-states): then a feed-forward encoder will do. */
  readonly needsLast: boolean
  size(options: O, sizes: ContextSizes): number
  parameters(options: O, sizes: ContextSizes): Tree<ParameterSpec>
  form(options: O, params: Params, encoded: Encoded): Context
}

// ---- attention ---------------------------------------------------------------------------------------------------

export interface ScorerSizes {
  /** Size of the query (a decoder state). */
  readonly query: number
  /** Size of each key (an encoder output), D. */
  readonly key: number
  /** Whether `score` will be given coverage. */
  readonly coverage?: boolean
}

/** A scorer: how well a query fits each key, before normalising. */
export interface Scorer<Options extends TObject = TObject, O = any> extends Part<Options> {
  parameters(options: O, sizes: ScorerSizes): Tree<ParameterSpec>
  /** Why these sizes cannot be scored, or nothing (dot needs equal sizes). */
  refuse?(options: O, sizes: ScorerSizes): string | undefined
  /** Why sources of this length cannot be scored, or nothing (location has a number of places). */
  refuseSource?(options: O, longestSource: number): string | undefined
  /** What can be computed once per source: keys [B,S,D] -> whatever `score` takes. Default: the keys themselves. */
  prepare?(options: O, params: Params, keys: Tensor3D): Tensor3D
  /** What is summed up: values [B,S,D] -> [B,S,D]. Default: the encoder's outputs themselves. */
  prepareValues?(options: O, params: Params, values: Tensor3D): Tensor3D
  /** Whether `score` has a place of its own for coverage [B,S]; else attention adds a learned multiple of it. */
  readonly takesCoverage?: boolean
  /**
   * query [B,Q], prepared keys [B,S,K] -> scores [B,S], or [B,N,S] of N heads that share the values' numbers equally;
   * masked afterwards by attention.
   */
  score(options: O, params: Params, query: Tensor2D, keys: Tensor3D, coverage?: Tensor2D): Tensor2D | Tensor3D
  readonly fast?: FastScorer<O>
}

/** What attention looks back at: computed once per source. */
export type Memory = {
  /** What the scorer prepared, [B,S,K]; absent where the keys are the values themselves. */
  readonly keys?: Tensor3D
  /** [B,S,D]. */
  readonly values: Tensor3D
  /** [B,S], added to the scores: 0 on real steps, -1e9 on padding, so that padding's alignment is exactly 0. */
  readonly bias: Tensor2D
}

export interface Attended {
  /** [B,C]: the sum of values weighted by the alignment; of several heads, side by side. */
  readonly context: Tensor2D
  /** [B,S], sums to 1, exactly 0 on padding; of several heads, the mean. */
  readonly alignment: Tensor2D
  /** Coverage and last alignment, where used. */
  readonly state: State
  /** Coverage loss of this step a example [B], where used. */
  readonly penalty?: Tensor
}

export interface Attention {
  readonly parameters: Tree<ParameterSpec>
  /** C. */
  readonly size: number
  memory(params: Params, encoded: Encoded): Memory
  initialState(memory: Memory): State
  step(params: Params, query: Tensor2D, memory: Memory, state: State): Attended
}

// ---- decoder and head --------------------------------------------------------------------------------------------

/** What one decoder step gives to the head. */
export interface Decoded {
  /** [B,H] (or beside the context, where the output layer receives it too). */
  readonly output: Tensor2D
  readonly context?: Tensor2D
  readonly alignment?: Tensor2D
  readonly penalty?: Tensor
}

/** All of a decoder's state between steps, batch-first in every leaf, so that beams can be gathered. */
export type DecoderState = Tree<Tensor>

/** What is fixed while one batch is decoded, batch-first in every leaf (the memory, a fixed C). */
export type DecoderMemory = Tree<Tensor>

/** Encoder-decoder as a whole (transduce), or a decoder alone whose C is its input (generate). */
export interface Transducer {
  readonly parameters: Tree<ParameterSpec>
  /** `shape.target` is T as `loss` has it; a `teacherForcing` other than the number 1 needs numbers to draw by. */
  noise(shape: BatchShape, settings?: Pick<LossSettings, 'teacherForcing'>): Tree<NoiseSpec>
  /** Encodes a source once: memory and the decoder's first state. */
  start(params: Params, source: Sequence, noise: Noise): { memory: DecoderMemory; state: DecoderState }
  /**
   * One step: previous symbol's ids [B] int32 -> log probabilities [B,V], alignment [B,S] where there is attention, and
   * the next state. This is the function that decode/ works on.
   */
  step(
    params: Params,
    previous: Tensor,
    memory: DecoderMemory,
    state: DecoderState,
  ): { logProbs: Tensor2D; alignment?: Tensor2D; state: DecoderState }
  /**
   * The whole target under teacher forcing (or scheduled sampling by `noise`): input and output ids [B,T] int32, mask
   * [B,T]. Sum over all target tokens in nats (label smoothing and penalties included), and the plain cross-entropy sum.
   */
  loss(
    params: Params,
    source: Sequence,
    target: { input: Tensor2D; output: Tensor2D; mask: Tensor2D },
    noise: Noise,
    settings: LossSettings,
  ): Losses
  /** `loss` of a source that is encoded already, as `start` gave it. */
  lossFrom(
    params: Params,
    started: { memory: DecoderMemory; state: DecoderState },
    target: { input: Tensor2D; output: Tensor2D; mask: Tensor2D },
    noise: Noise,
    settings: LossSettings,
  ): Losses
  readonly hasAlignment: boolean
}

/** Sums over all target tokens in nats, and the plain cross-entropy of each example where that is wanted. */
export interface Losses {
  readonly objective: Scalar
  readonly crossEntropy: Scalar
  readonly perExample?: Tensor1D
}

export interface LossSettings {
  /** 0: none. */
  readonly labelSmoothing: number
  /** Probability that the true previous symbol is fed: a number for teacher forcing throughout, or a scalar input. */
  readonly teacherForcing: number | Scalar
  /** Whether the plain cross-entropy of each example [B] is wanted too. */
  readonly perExample?: boolean
}
