import type { Tensor1D, Tensor2D, Tensor3D } from '../../core/tf.js'
import type { Tree } from '../../core/tree.js'
import type {
  Decoded,
  DecoderMemory,
  DecoderState,
  Encoded,
  Encoder,
  Noise,
  NoiseSpec,
  ParameterSpec,
  Params,
  State,
} from '../types.js'

/** What is dropped at one step: a factor [B,H] for what goes into each layer after the first, by layer name. */
export type StepDropout = Readonly<Record<string, Tensor2D>>

/** The decoder's cells, one above the other. */
export interface Stack {
  /** `layer1`, `layer2`, ... from the bottom. */
  readonly names: readonly string[]
  readonly parameters: Tree<ParameterSpec>
  /** What B examples start from without C: the cells' own first states, or learned ones; and the top output as of them. */
  first(params: Params, batch: number): { state: State; output: Tensor2D }
  noise(shape: { readonly batch: number; readonly steps: number }): Tree<NoiseSpec>
  /** input [B,I], state by layer -> the top layer's output [B,H] and the next state. */
  step(params: Params, input: Tensor2D, state: State, dropout: StepDropout): { output: Tensor2D; state: State }
}

/** One step's work: input [B,E] is the embedded previous symbol. */
export type Step = (
  params: Params,
  input: Tensor2D,
  memory: DecoderMemory,
  state: DecoderState,
  dropout: StepDropout,
) => { decoded: Decoded; state: DecoderState }

/** A whole target's steps as series: all examples of the first step, then those of the second, and so on. */
export interface DecodedSeries {
  /** [T*B,H]. */
  readonly outputs: Tensor2D
  /** [T*B,C], where the decoder has one for the output layer. */
  readonly contexts?: Tensor2D
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
}

/** A whole target under teacher forcing, its gradient derived by hand. */
export type FastDecoder = (params: Params, target: Target) => DecodedSeries

/** What a decoder must know of an encoder before there is a tensor. */
export type EncoderSizes = Pick<Encoder, 'layers' | 'outputSize'>

/** How C is formed and enters, the stack of cells, and what the output layer sees. */
export interface Decoder {
  readonly parameters: Tree<ParameterSpec>
  readonly stack: Stack
  readonly hasAlignment: boolean
  /** Size of `readout`'s result. */
  readonly readoutSize: number
  /** Dropout between layers, by layer name, and on the top `output` [B,T,H]. */
  noise(shape: { readonly batch: number; readonly steps: number }): Tree<NoiseSpec>
  start(params: Params, encoded: Encoded): { memory: DecoderMemory; state: DecoderState }
  readonly step: Step
  /** All steps under teacher forcing at once, where the parts have gradients derived by hand. */
  readonly fast?: FastDecoder | undefined
  /** What the output layer sees of steps: outputs [N,H], contexts [N,C] -> [N,readoutSize]. */
  readout(outputs: Tensor2D, contexts: Tensor2D | undefined): Tensor2D
}
