import type { TObject } from 'typebox'
import type { Part } from '../core/part.js'
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '../core/tf.js'
import type { Tree } from '../core/tree.js'
import type { FastCell, FastScorer } from './gradients/types.js'

// Axis names: B batch, S source steps, T target steps, E embedding, H hidden, D an encoder output's size (2H where two
// directions are concatenated), C the context's size, V vocabulary.

export type Params = Tree<Tensor>
export type State = Tree<Tensor>

export type Initialiser =
  | { readonly type: 'zeros' }
  | { readonly type: 'constant'; readonly value: number }
  | { readonly type: 'uniform'; readonly limit: number }
  | { readonly type: 'normal'; readonly deviation: number }
  /** Glorot & Bengio 2010, uniform; `blocks` gates side by side in the last axis count one by one. */
  | { readonly type: 'glorot'; readonly blocks?: number }
  /** Saxe et al. 2014; each of the `blocks` in the last axis is orthogonal by itself. */
  | { readonly type: 'orthogonal'; readonly blocks?: number }
  /** Values as they are; where one is NaN, it is drawn as `missing` says (a word that a vector file lacks). */
  | { readonly type: 'given'; readonly values: Float32Array; readonly missing?: Initialiser }
  /** The same values `times` over along a new first axis (copies of weights that start equal). */
  | { readonly type: 'repeated'; readonly times: number; readonly of: Initialiser }

/** A parameter as declared: initial values are drawn from a stream of its own, named by its path. */
export interface ParameterSpec {
  readonly shape: readonly number[]
  readonly init: Initialiser
  /** Biases and gains are not decayed. */
  readonly decay: boolean
  /** Never trained (a frozen embedding, given vectors). */
  readonly frozen?: boolean
  /** The first axis counts copies, one a time step; how the train step merges their gradients (`mergeCopies`). */
  readonly copies?: 'none' | 'sum' | 'mean'
}

/** A random input of a training step: drawn on the host from the seeded stream, never inside the graph. */
export type NoiseSpec =
  /** 0 with probability `rate`, else 1 / (1 - rate). */
  | { readonly kind: 'dropout'; readonly shape: readonly number[]; readonly rate: number }
  /** Uniform in [0, 1). */
  | { readonly kind: 'uniform'; readonly shape: readonly number[] }

/** Noise of one training step as tensors, in the tree that was asked for. Absent at prediction: nothing is dropped. */
export type Noise = Tree<Tensor> | undefined

/** Sizes that the shapes of noise depend on. */
export interface BatchShape {
  readonly batch: number
  readonly source: number
  readonly target: number
}

/** ids [B,S] int32 or values [B,S,F] float32; mask [B,S] float32, 1 on real steps, 0 on padding (always at the end). */
export type Sequence =
  | { readonly ids: Tensor2D; readonly mask: Tensor2D }
  | { readonly values: Tensor3D; readonly mask: Tensor2D }

// ---- cells -------------------------------------------------------------------------------------------------------

export interface CellSizes {
  readonly input: number
  readonly hidden: number
}

/** A cell: parameters, the state it carries and one step. `step` is the truth and reads like the paper's equation. */
export interface Cell<Options extends TObject = TObject, O = any> extends Part<Options> {
  parameters(options: O, sizes: CellSizes): Tree<ParameterSpec>
  /** Size of each state per example, in order: `{ h: H }`, `{ h: H, c: H }`, `{ a: H, c: 1, m: 1 }`. */
  stateSizes(options: O, sizes: CellSizes): Readonly<Record<string, number>>
  /** The state before the first step, where it is not all zeros: a value for each name. */
  initialState?: Readonly<Record<string, number>>
  /** x [B,input], each state [B,size] -> output [B,H] and the new state. */
  step(options: O, params: Params, x: Tensor2D, state: State): { output: Tensor2D; state: State }
  /** Makes a full state from a vector [B,H] (a bridged context): lstm h := v, c := 0; aaren a := v, c := 1, m := 0. */
  stateFrom(options: O, vector: Tensor2D): State
  /** States beside the first that a learned bridge maps C to as well (lstm's c); the others are as `stateFrom` says. */
  readonly alsoBridged?: readonly string[]
  /** A hand-derived path for whole sequences, proved equal to `step` by the conformance suite. */
  readonly fast?: FastCell<O>
}

/** One layer of an encoder as the bridge sees it. */
export interface LayerState {
  readonly cell: string
  readonly hidden: number
  readonly direction: 'forward' | 'backward'
  readonly state: State
}

// ---- encoder -----------------------------------------------------------------------------------------------------

export interface Encoded {
  /** [B,S,D], zero on padding. */
  readonly outputs: Tensor3D
  readonly mask: Tensor2D
  /** The top layer's last real output [B,D]: last forward beside first backward. Absent for a feed-forward encoder. */
  readonly last?: Tensor2D
  /** Final states, layer by layer from the bottom; a bidirectional layer has two entries, forward first. */
  readonly layers: readonly (readonly LayerState[])[]
  /** Final carry of every layer and direction, for a language model that goes on in the next chunk. */
  readonly carry?: State
}

/** One state of a carry, per example, and the value it has before the first chunk. */
export interface CarrySize {
  readonly shape: readonly number[]
  readonly initial: number
}

export interface Encoder {
  readonly parameters: Tree<ParameterSpec>
  /** D. */
  readonly outputSize: number
  /** What the bridge must know without a tensor: cell and size of each layer and direction. */
  readonly layers: readonly (readonly {
    readonly cell: string
    readonly hidden: number
    readonly direction: 'forward' | 'backward'
  }[])[]
  /** Carry's shapes per example (unidirectional only); empty where there is none. */
  readonly carrySizes: Tree<CarrySize>
  noise(shape: { readonly batch: number; readonly steps: number }): Tree<NoiseSpec>
  /** embedded [B,S,E]; `carry` replaces the initial state. */
  run(params: Params, embedded: Tensor3D, mask: Tensor2D, noise: Noise, carry?: State): Encoded
}

// ---- representation ----------------------------------------------------------------------------------------------

/** What is known of one side's symbols when a model is built: a vocabulary's size, or numbers a step. */
export type SymbolSpace = { readonly vocabulary: number } | { readonly width: number }

/** What some representations need to know beyond sizes. */
export interface KnownSymbols {
  /** Every symbol by id. */
  readonly symbols: readonly string[]
  /** What a word-vector file has, a row a symbol [V * width]; NaN where it lacks one. */
  readonly vectors?: { readonly width: number; readonly data: Float32Array }
}

/** What a model's sizes follow from: known from the data (or given by `explain --vocab`). */
export interface ModelSizes {
  readonly source: SymbolSpace
  readonly target: SymbolSpace
  /** The longest source in the data, for parts that need it. */
  readonly longestSource: number
  readonly longestTarget: number
  readonly known?: { readonly source?: KnownSymbols; readonly target?: KnownSymbols }
}

export interface Representation<Options extends TObject = TObject, O = any> extends Part<Options> {
  /** Which inputs it takes: ids, values, or both. */
  readonly accepts: 'ids' | 'values' | 'both'
  /** It looks at the whole sequence at once, and so cannot stand where symbols come one by one. */
  readonly wholeSequence?: true
  /** Why these options cannot be, or nothing. */
  refuse?(options: O): string | undefined
  size(options: O, space: SymbolSpace): number
  /** Throws SeqlabError 'data' where what is known of the symbols does not fit the options. */
  parameters(options: O, space: SymbolSpace, known?: KnownSymbols): Tree<ParameterSpec>
  /** ids [B,S] or values [B,S,F] -> [B,S,E]. Padding may be anything: the mask hides it. */
  embed(options: O, params: Params, sequence: Sequence, space: SymbolSpace): Tensor3D
}

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
