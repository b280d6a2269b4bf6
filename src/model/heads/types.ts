import type { Static, TObject } from 'typebox'
import { ofKind, type Part } from '../../core/part.js'
import type { TagFacts } from '../../core/tags.js'
import type { Scalar, Tensor1D, Tensor2D, Tensor3D } from '../../core/tf.js'
import type { Axis } from '../axes.js'
import type { Work } from '../outline.js'
import type { ParameterTree, Params, ParamsOf } from '../parameters.js'

/** What a head's parameters follow from. */
export interface HeadSizes {
  /** R: what it reads of each row. */
  readonly input: Axis
  /** V: the symbols or labels that it chooses from. */
  readonly symbols: Axis
  /** Whether its kernel is the target embedding's table (`HeadRows.table`), transposed. */
  readonly tied: boolean
  /** D: of what the encoder gives, where there is an encoder. */
  readonly outputs?: Axis
  /** C, where there is a context at every step. */
  readonly context?: Axis
  /** E: of the embedded previous symbol, in a decoder. */
  readonly embedded?: Axis
  /** What the symbols are called, where they are labels. */
  readonly names?: LabelNames
}

/** Where a head is to be used: what its options may be refused by. */
export interface HeadPlace {
  /** It gives a decoder's next symbol, step by step; else the labels of rows that are all there. */
  readonly decoder: boolean
  /** There is an alignment at every step. */
  readonly alignment: boolean
  /**
   * The labels of one example belong together, and all rows may be looked at for each (tags); else each row is by itself (one
   * label an example; a language model's next symbol, where later rows know it).
   */
  readonly series: boolean
  /** An encoder reads a source of several steps: what it gives may be remembered (`HeadSource`). */
  readonly source: boolean
}

/** What the head may ask of each row beyond `readout`. */
export type HeadInput = 'alignment' | 'context' | 'embedded'

/**
 * What a head reads: one row an example at one step, or rows for every example and step of a series. N rows.
 * `memory` has a row an example.
 */
export interface HeadRows<M> {
  /** [N,R]: the top output, with the context if the decoder's `readout` includes it. */
  readonly readout: Tensor2D
  /** [V,E], where the head is tied to the target embedding. */
  readonly table?: Tensor2D
  /** [N,S], where asked for. */
  readonly alignment?: Tensor2D
  /** [N,C], where asked for. */
  readonly context?: Tensor2D
  /** [N,E]: the embedded previous symbol, where asked for. */
  readonly embedded?: Tensor2D
  readonly memory: M
}

/** The rows of whole series. */
export interface HeadSeries<M> extends HeadRows<M> {
  readonly batch: number
  readonly steps: number
  /** All examples of the first step, then those of the second (`steps`); or all steps of the first example (`examples`). */
  readonly order: 'steps' | 'examples'
  /** [N] float32: 1 on real steps, 0 on padding. */
  readonly real: Tensor1D
}

/** The true symbols of a series, in its order. */
export interface HeadLabels {
  /** [N] int32; from V on: symbols of the source that the target vocabulary lacks (`copies`). */
  readonly ids: Tensor1D
  /** [N] float32: 0 where the label does not count (padding, a label that training never saw), else 1. */
  readonly weights: Tensor1D
}

/** What was read of the source: what a head may remember. */
export interface HeadSource {
  /** [B,S,D], zero on padding. */
  readonly outputs: Tensor3D
  /** [B,S]. */
  readonly mask: Tensor2D
  /**
   * [B,S] int32, for heads with `copies`: each source symbol as a target symbol. Ids from V on are for those that the
   * target vocabulary lacks: V plus the step where the symbol comes first in this source, so that there are at most V + S.
   */
  readonly copies?: Tensor2D
}

/** Sums over all target tokens in nats, and the plain cross-entropy of each example where that is wanted. */
export interface Losses {
  readonly objective: Scalar
  readonly crossEntropy: Scalar
  /** [B]. */
  readonly perExample?: Tensor1D
}

export interface HeadSettings {
  /** 0: none. */
  readonly labelSmoothing: number
  /** Whether the plain cross-entropy of each example [B] is wanted too. */
  readonly perExample?: boolean
}

/**
 * What is predicted of a series whose rows are all there, [N] each, in its order. `logProbs` (of the predicted labels) and
 * `nats` (of the true ones) are each row's share: over the rows of an example they add up to those of its whole output.
 */
export interface HeadPrediction {
  /** int32. */
  readonly ids: Tensor1D
  readonly logProbs: Tensor1D
  /** 0 where the label does not count. */
  readonly nats: Tensor1D
}

/**
 * The log potentials of a linear chain over the labels of each example: of each label at each row, of each pair of labels one
 * after the other, of beginning and of ending with each.
 */
export interface ChainPotentials {
  /** [N,V]. */
  readonly emissions: Tensor2D
  /** [V,V]: from, to. */
  readonly transitions: Tensor2D
  /** [V]. */
  readonly start: Tensor1D
  readonly end: Tensor1D
}

/** Which pairs of labels may follow each other, and which may be first and last: 1, else 0. [V,V] from, to; [V]; [V]. */
export interface AllowedLabels {
  readonly transitions: Float32Array
  readonly start: Float32Array
  readonly end: Float32Array
}

/** What the labels are called, and how the training data write tags. */
export interface LabelNames {
  readonly symbols: readonly string[]
  readonly tags?: TagFacts
}

/** Tensors by name, batch-first. */
export type HeadTree = Params
export type NoTensors = Readonly<Record<never, never>>

/**
 * A head whose options and sizes are bound: what turns rows into symbols, its loss over whole series, and its search. `step`
 * serves decoders (whose search goes step by step); `predict`, or `potentials`, tasks whose rows are all there.
 */
export interface Head {
  readonly parameters: ParameterTree
  /** What it reads of each row beyond `readout`. */
  readonly reads?: readonly HeadInput[]
  /** Its matrix products, where they are not each of its matrices once a target step. */
  readonly work?: readonly Work[]
  /** Its equations where it reads `x`, written as given (`[h_t; C_t]`), and the shapes of their symbols; else its part's. */
  describe?(x: string): HeadDescription
  /** What it keeps of a source, computed once; batch-first in every leaf. */
  remember?(params: Params, source: HeadSource): HeadTree
  /** Its own state before a decoder's first step; batch-first in every leaf. */
  start?(params: Params, memory: HeadTree, batch: number): HeadTree
  /** The loss of whole series, label smoothing included. */
  loss(params: Params, series: HeadSeries<HeadTree>, labels: HeadLabels, settings: HeadSettings): Losses
  /** The log probabilities of a decoder's next symbol. */
  step?(params: Params, rows: HeadRows<HeadTree>, state: HeadTree, previous: Tensor1D): HeadStep<HeadTree>
  /** The best labels of rows that are all there. */
  predict?(params: Params, series: HeadSeries<HeadTree>, labels: HeadLabels): HeadPrediction
  /** The log probability of every label of rows that are all there, given all of them, [N,V]. */
  distribution?(params: Params, series: HeadSeries<HeadTree>): Tensor2D
  /** The potentials of rows that are all there, in place of `predict`: decode/chain finds the best labels of a chain exactly. */
  potentials?(params: Params, series: HeadSeries<HeadTree>): ChainPotentials
  /** Which labels a prediction may have one after the other, where some may not. */
  readonly allowed?: AllowedLabels
}

export interface HeadDescription {
  readonly equations: readonly string[]
  readonly symbols: Readonly<Record<string, readonly string[]>>
}

/** One step of a decoder. */
export interface HeadStep<S> {
  /** [B,V], or [B,V+S] with `copies`. */
  readonly logProbs: Tensor2D
  /** [B,S], where the head's part `aligns`. */
  readonly alignment?: Tensor2D
  readonly state: S
}

/** What a head's file exports. */
export interface HeadPart<Options extends TObject = TObject> extends Part<Options> {
  /** Whether its loss can be smoothed (train.labelSmoothing). */
  readonly smooths: boolean
  /** Whether its `step` gives an alignment of its own. */
  readonly aligns?: boolean
  /** Whether it gives symbols of the source as well: ids from V on (`HeadSource.copies`). */
  readonly copies?: boolean
  /** What finds its best outputs exactly, where it needs no search step by step. */
  readonly exactSearch?: string
  /** Why it cannot be used there, or nothing. */
  refuse?(options: Static<Options>, place: HeadPlace): string | undefined
  build(options: Static<Options>, sizes: HeadSizes): Head
}

/** Declares a head, which makes a distribution over symbols or labels. */
export function defineHead<Options extends TObject>(part: HeadPart<Options>): HeadPart<Options> {
  return ofKind('head', part)
}

/**
 * A built head; its functions receive what it declares. M: what it remembers of a source, S: its state between the
 * steps of a decoder. `previous` [B] int32 are the symbols before, those from V on included.
 */
export function head<P extends ParameterTree, M extends HeadTree = NoTensors, S extends HeadTree = NoTensors>(built: {
  readonly parameters: P
  readonly reads?: readonly HeadInput[]
  readonly work?: readonly Work[]
  describe?(x: string): HeadDescription
  remember?(params: ParamsOf<P>, source: HeadSource): M
  start?(params: ParamsOf<P>, memory: M, batch: number): S
  loss(params: ParamsOf<P>, series: HeadSeries<M>, labels: HeadLabels, settings: HeadSettings): Losses
  step?(params: ParamsOf<P>, rows: HeadRows<M>, state: S, previous: Tensor1D): HeadStep<S>
  predict?(params: ParamsOf<P>, series: HeadSeries<M>, labels: HeadLabels): HeadPrediction
  distribution?(params: ParamsOf<P>, series: HeadSeries<M>): Tensor2D
  potentials?(params: ParamsOf<P>, series: HeadSeries<M>): ChainPotentials
  readonly allowed?: AllowedLabels
}): Head {
  return built
}
