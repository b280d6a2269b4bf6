import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '../../core/tf.js'
import type { Tree } from '../../core/tree.js'
import type { Axis } from '../axes.js'
import type { Cell } from '../cells/types.js'
import type { Encoded, LayerShape } from '../encoder/types.js'
import type { FeaturesBeside } from '../features/read.js'
import type { SavedLayer } from '../gradients/stack.js'
import type { Matrices } from '../gradients/types.js'
import type { HeadInput, HeadSettings, Losses } from '../heads/types.js'
import type { BatchShape, Noise, NoiseSpec } from '../noise.js'
import type { Outline } from '../outline.js'
import type { ParameterTree, Params } from '../parameters.js'
import type { Sequence } from '../representation/types.js'

/** All of a decoder's state between steps, batch-first in every leaf, so that beams can be gathered. */
export type DecoderState = Tree<Tensor>

/** What is fixed while one batch is decoded, batch-first in every leaf (what attention looks back at, a fixed C). */
export type DecoderMemory = Tree<Tensor>

/** What one decoder step gives. */
export interface Decoded {
  /** [B,H]. */
  readonly output: Tensor2D
  /** [B,C]. */
  readonly context?: Tensor2D
  /** [B,S]. */
  readonly alignment?: Tensor2D
  /** [B]. */
  readonly penalty?: Tensor1D
}

/** What a decoder starts from: the cells' states, the top output as of them, and C where it is fixed. */
export interface DecoderStart {
  readonly layers: StackState
  /** [B,H]. */
  readonly output: Tensor2D
  /** [B,C]. */
  readonly fixed?: Tensor2D
  readonly encoded: Pick<Encoded, 'outputs' | 'mask' | 'features'>
}

export type Started = {
  readonly memory: DecoderMemory
  readonly state: DecoderState
}

// ---- the cells ---------------------------------------------------------------------------------------------------

/** States by layer. */
export type StackState = Readonly<Record<string, Matrices>>

/** What is dropped at one step: a factor [B,H] for what goes into each layer after the first, by layer name. */
export type StepDropout = Readonly<Record<string, Tensor2D>>

export interface StackStep {
  /** [B,H]. */
  readonly output: Tensor2D
  readonly state: StackState
  /** By layer, from the bottom: what the backward pass needs. */
  readonly saved: readonly SavedLayer[]
}

/** The decoder's cells, one above the other. */
export interface Stack {
  /** From the bottom, `layer1`, `layer2`, ... */
  readonly layers: readonly { readonly name: string; readonly cell: Cell }[]
  readonly parameters: ParameterTree
  /** What B examples start from without C: the cells' own first states, or learned ones; and the top output as of them. */
  first(params: Params, batch: number): { readonly state: StackState; readonly output: Tensor2D }
  noise(shape: { readonly batch: number; readonly steps: number }): Tree<NoiseSpec>
  /** The lowest layer's projected input [B,G], states by layer -> the top output [B,H] and the next states. */
  step(params: Params, projected: Tensor2D, state: Tree<Tensor>, dropout: StepDropout): StackStep
}

// ---- how the context enters --------------------------------------------------------------------------------------

/** What a placement does before the cells. */
export interface Entering {
  /** [B,J]: what is concatenated to the embedded symbol; undefined where nothing is, and where it would be zeros. */
  readonly joined?: Tensor2D | undefined
}

/** What it does after them. */
export interface Leaving<R> {
  readonly decoded: Decoded
  /** The next state, in addition to that of the cells. */
  readonly state: DecoderState
  /** What the backward pass needs. */
  readonly residuals: R
}

/** Where C meets the cells: what joins their input at a step, and what follows them. */
export interface AttentionPlacement {
  readonly parameters: ParameterTree
  /** What joins the embedded symbol; undefined: nothing does. */
  readonly joined: Axis | undefined
  /** Whether what joins the first one is zeros. */
  readonly zeroFirst?: boolean
  /** Memory, and the state next to that of the cells. */
  start(params: Params, start: DecoderStart): Started
  enter(params: Params, memory: DecoderMemory, state: DecoderState): Entering
  /** `output` [B,H] is that of the cells. */
  leave(
    params: Params,
    memory: DecoderMemory,
    state: DecoderState,
    entering: Entering,
    output: Tensor2D,
  ): Leaving<object>
  /** What joins the inputs of all steps, and C at all steps, where neither depends on the cells; as series [T*B,..]. */
  series?(memory: DecoderMemory, state: DecoderState, steps: number): PlacementSeries
  /** The handwritten gradient, where its parts have one. */
  readonly backward?: PlacementBackward
}

export interface PlacementSeries {
  readonly joined?: Tensor2D
  readonly contexts?: Tensor2D
}

/** Gradients of what one step gave. */
export interface DecodedGradient {
  readonly output: Tensor2D
  readonly context?: Tensor2D | undefined
  readonly alignment?: Tensor2D | undefined
}

export interface PlacementBackward<I extends object = object, R = object> {
  /** What has a gradient: parameters, memory, state. */
  inputs(params: Params, memory: DecoderMemory, state: DecoderState): I
  begin(inputs: I, steps: readonly R[]): PlacementPass<I>
}

/** The backward pass, from the last step to the first: `leave` and then `enter` of each step. */
export interface PlacementPass<I extends object = object> {
  /** Gradient of what step t gave -> of the cells' output [B,H]. */
  leave(t: number, gradient: DecodedGradient): Tensor2D
  /** `joined`: works out the gradient of what joined the input [B,J]; undefined where nothing did. */
  enter(t: number, gradient: DecodedGradient, joined: () => Tensor2D | undefined): void
  /** What joined each step's input, where something did. */
  joined(): readonly Tensor2D[] | undefined
  /** After the first step. */
  gradients(): I
}

// ---- a whole decoder ---------------------------------------------------------------------------------------------

/** One step's work: input [B,E] is the embedded previous symbol. */
export type Step = (
  params: Params,
  input: Tensor2D,
  memory: DecoderMemory,
  state: DecoderState,
  dropout: StepDropout,
) => { readonly decoded: Decoded; readonly state: DecoderState }

/** A whole target's steps as series: all examples of the first step, then those of the second, and so on. */
export interface DecodedSeries {
  /** [T*B,H]. */
  readonly outputs: Tensor2D
  /** [T*B,C], where the decoder has one. */
  readonly contexts?: Tensor2D
  /** [T*B,S], where asked for. */
  readonly alignments?: Tensor2D
  /** [T*B], where attention has penalties. */
  readonly penalties?: Tensor1D
}

/** What a loop over the target starts from and goes by. */
export interface Target {
  /** [B,T,E]: the embedded true previous symbols. */
  readonly inputs: Tensor3D
  readonly memory: DecoderMemory
  readonly first: DecoderState
  readonly noise: Noise
  /** What the head asks for of each step. */
  readonly reads: readonly HeadInput[]
}

/** A whole target under teacher forcing at once. */
export type DecodeSeries = (params: Params, target: Target) => DecodedSeries

/** What a decoder must know of an encoder before there is a tensor. */
export interface EncoderSizes {
  /** D. */
  readonly output: Axis
  readonly layers: readonly (readonly LayerShape[])[]
  /** Features that are read by themselves. */
  readonly features?: FeaturesBeside | undefined
}

// ---- a whole model -----------------------------------------------------------------------------------------------

/** The true symbols before and at each step, [B,T] int32 each, and the mask [B,T] float32. */
export interface TargetLabels {
  readonly input: Tensor2D
  readonly output: Tensor2D
  readonly mask: Tensor2D
}

export interface LossSettings extends HeadSettings {
  /** Probability that the true previous symbol is fed: a number for teacher forcing throughout, or a scalar input. */
  readonly teacherForcing: number | Scalar
}

/** What reads the source: an encoder, or one input that is C itself. */
export interface SourceReader {
  readonly parameters: ParameterTree
  noise(shape: BatchShape): Tree<NoiseSpec>
  encode(params: Params, source: Sequence, noise: Noise): Encoded
}

/** Encoder-decoder as a whole (transduce), or a decoder alone whose C is its input (generate). */
export interface Transducer {
  readonly parameters: ParameterTree
  readonly outline: Outline
  /** Whether `step` gives alignments. */
  readonly hasAlignment: boolean
  /** Whether sources need `copies`, and ids from V on are symbols of the source. */
  readonly copies: boolean
  /** `shape.target` is T as `loss` has it; a `teacherForcing` other than the number 1 needs numbers to draw by. */
  noise(shape: BatchShape, settings?: Pick<LossSettings, 'teacherForcing'>): Tree<NoiseSpec>
  /** Encodes a source once: memory and the decoder's first state. */
  start(params: Params, source: Sequence, noise: Noise): Started
  /**
   * One step: previous symbol's ids [B] int32 -> log probabilities [B,V], alignment [B,S] where there is one, and the next
   * state. This is the function that decode/ works on.
   */
  step(
    params: Params,
    previous: Tensor,
    memory: DecoderMemory,
    state: DecoderState,
  ): { readonly logProbs: Tensor2D; readonly alignment?: Tensor2D; readonly state: DecoderState }
  /**
   * The whole target under teacher forcing (or scheduled sampling by `noise`). Sum over all target tokens in nats (label
   * smoothing and penalties included), and the plain cross-entropy sum.
   */
  loss(params: Params, source: Sequence, target: TargetLabels, noise: Noise, settings: LossSettings): Losses
  /** `loss` of a source that is encoded already, as `start` gave it. */
  lossFrom(params: Params, started: Started, target: TargetLabels, noise: Noise, settings: LossSettings): Losses
}
