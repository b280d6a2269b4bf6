import type { Tensor2D, Tensor3D } from '../../core/tf.js'
import type { Cell, CellSizes, State } from '../types.js'

export type Direction = 'forward' | 'backward'

/** A cell with its options and sizes: one layer of one direction. */
export interface SizedCell {
  readonly cell: Cell
  readonly options: unknown
  readonly sizes: CellSizes
  /** Whether the first axis of every parameter counts copies, one a time step. */
  readonly untied: boolean
}

/** One layer of one direction over a whole sequence. */
export interface LayerRun {
  /** [B,S,H], zero on padding. */
  readonly outputs: Tensor3D
  /** The output at the last step read, [B,H]: forwards the last real one, backwards the first; zero without real steps. */
  readonly last: Tensor2D
  /** The state after the last step read; the initial one without real steps. */
  readonly state: State
}
