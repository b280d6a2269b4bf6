import type { Tensor, Tensor2D, Tensor3D } from '../../core/tf.js'
import type { Tree } from '../../core/tree.js'
import type { Axis } from '../axes.js'
import type { Cell } from '../cells/types.js'
import type { Matrices } from '../gradients/types.js'
import type { Noise, NoiseSpec } from '../noise.js'
import type { ParameterTree, Params } from '../parameters.js'

// Axis names: B batch, S source steps, E embedding, H hidden, D an encoder output's size (2H where two directions are
// concatenated).

export type Direction = 'forward' | 'backward'

/** States of several layers by name. */
export type State = Tree<Tensor>

/** One layer and direction of an encoder as the bridge sees it. */
export interface LayerShape {
  /** The cell's name. */
  readonly cell: string
  readonly hidden: number
  readonly direction: Direction
}

/** The cell of one layer and direction. */
export interface EncoderCell extends LayerShape {
  readonly built: Cell
  /** What the layer gives, of all its directions. */
  readonly output: Axis
}

/** What one layer and direction is left with. */
export interface LayerState extends LayerShape {
  readonly state: Matrices
}

/** One vector [B,G] of all features; or each by itself [B,F,G], zero on padding. */
export type EncodedFeatures = { readonly summary: Tensor2D } | { readonly outputs: Tensor3D; readonly mask: Tensor2D }

export interface Encoded {
  /** [B,S,D], zero on padding. */
  readonly outputs: Tensor3D
  readonly mask: Tensor2D
  /** The top layer's last real output [B,D]: last forward next to first backward. Absent for a feed-forward encoder. */
  readonly last?: Tensor2D
  /** Final states, layer by layer from the bottom; a bidirectional layer has two entries, forward first. */
  readonly layers: readonly (readonly LayerState[])[]
  /** The features of the same examples, where they are read by themselves. */
  readonly features?: EncodedFeatures
  /** Final states by layer, for a language model that goes on in the next chunk (unidirectional only). */
  readonly carry?: Readonly<Record<string, Matrices>>
}

/** One state of a carry, per example, and the value it has before the first chunk. */
export interface CarrySize {
  readonly shape: readonly number[]
  readonly initial: number
}

export interface Encoder {
  readonly parameters: ParameterTree
  /** D. */
  readonly output: Axis
  /** Layer by layer from the bottom; a bidirectional layer has two cells, forward first. */
  readonly layers: readonly (readonly EncoderCell[])[]
  /** Carry's shapes per example (unidirectional only); empty where there is none. */
  readonly carrySizes: Tree<CarrySize>
  noise(shape: { readonly batch: number; readonly steps: number }): Tree<NoiseSpec>
  /** embedded [B,S,E]; `carry` replaces the initial state. */
  run(params: Params, embedded: Tensor3D, mask: Tensor2D, noise: Noise, carry?: State): Encoded
}

/** One layer of one direction over a whole sequence. */
export interface LayerRun {
  /** [B,S,H], zero on padding. */
  readonly outputs: Tensor3D
  /** The output at the last step read, [B,H]: forwards the last real one, backwards the first; zero without real steps. */
  readonly last: Tensor2D
  /** The state after the last step read; the initial one without real steps. */
  readonly state: Matrices
}
