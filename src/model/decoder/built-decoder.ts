import type { Tensor2D } from '../../core/tf.js'
import type { Tree } from '../../core/tree.js'
import type { Axis } from '../axes.js'
import type { Cell } from '../cells/types.js'
import type { ContextChoice } from '../context/index.js'
import type { Context } from '../context/types.js'
import type { Encoded } from '../encoder/types.js'
import type { FeaturesBeside } from '../features/read.js'
import type { NoiseSpec } from '../noise.js'
import type { DecoderOptions } from '../options.js'
import type { ParameterTree, Params } from '../parameters.js'
import type { Bridge } from './bridge.js'
import type { AttentionPlacement, DecodeSeries, Stack, Started, Step } from './types.js'

/** How C is formed and enters, the stack of cells, and what the output layer sees. */
export interface Decoder {
  readonly parameters: ParameterTree
  readonly stack: Stack
  readonly placement: AttentionPlacement
  readonly hasAlignment: boolean
  /** C. */
  readonly context: Axis
  /** Of `readout`'s result. */
  readonly output: Axis
  readonly description: DecoderDescription
  /** Dropout between layers, by layer name, and on the top `output` [B,T,H]. */
  noise(shape: { readonly batch: number; readonly steps: number }): Tree<NoiseSpec>
  start(params: Params, encoded: Encoded): Started
  readonly step: Step
  /**
   * All steps under teacher forcing at once, where no step waits for another layer (C is fixed), or where all parts have a
   * handwritten gradient; else the loop goes step by step, and autodiff through it.
   */
  readonly series?: DecodeSeries
  /** What the output layer sees of steps: outputs [N,H], contexts [N,C] -> [N,R]. */
  readout(outputs: Tensor2D, contexts: Tensor2D | undefined): Tensor2D
}

/** Input of a decoder's outline: its options, its built parts, and the axes between them. */
export interface DecoderDescription {
  readonly options: DecoderOptions
  readonly choice: ContextChoice
  /** E: of the embedded previous symbol. */
  readonly embedded: Axis
  /** D: of what the encoder gives. */
  readonly outputs: Axis
  /** C. */
  readonly context: Axis
  /** The C that becomes the initial state. */
  readonly initial: Axis
  /** What features give next to C; of features that are attended to, the parameters of their scorer. */
  readonly features?: FeaturesBeside & { readonly scorer?: ParameterTree }
  /** C as it is formed of the source, where it is fixed. */
  readonly fixed?: Context
  /** Where C is the source's representation itself, it is not drawn by itself. */
  readonly hidesContext?: true
  /** What the first layer reads, and what the output layer does. */
  readonly input: Axis
  readonly readout: Axis
  readonly cells: readonly Cell[]
  /** Attention's parameters, and what else is computed at each target step to join it. */
  readonly scorer?: ParameterTree
  readonly joining?: ParameterTree
  readonly bridge?: Bridge
}
