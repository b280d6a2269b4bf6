import type { Static, TObject } from 'typebox'
import type { OperatorWeights } from '../../core/loop.js'
import { ofKind, type Part } from '../../core/part.js'
import type { Tensor2D } from '../../core/tf.js'
import type { Axis } from '../axes.js'
import type { Columns, Matrices, SavedStep } from '../gradients/types.js'
import type { ParameterTree, ParamsOf } from '../parameters.js'

export interface CellSizes {
  readonly input: Axis
  readonly hidden: Axis
}

/** Size of each state per example, in order: `{ h }`, `{ h, c }`, `{ a, c, m }`. The first is what a bridge makes of C. */
export type StateSizes = Readonly<Record<string, Axis>>

/** The states themselves, [B,size] each. */
export type StateOf<S> = { readonly [Name in keyof S]: Tensor2D }

/** What a step gives. `residuals` is what `backward` needs of it, nothing where there is no `backward`. */
export interface CellStep<S, R> {
  /** [B,H]. */
  readonly output: Tensor2D
  readonly state: StateOf<S>
  readonly residuals: R
}

/**
 * A cell whose options and sizes are bound: parameters, the state it carries, and one step in two parts. `project` is what
 * the input alone decides, so that it can be computed for all steps of a sequence at once; `step` is the rest.
 */
export interface Cell<
  P extends ParameterTree = ParameterTree,
  S extends StateSizes = StateSizes,
  R extends Matrices = Matrices,
  X extends Matrices = Matrices,
> {
  readonly parameters: P
  readonly state: S
  /** Symbols of its equations that are vectors [H] (its gates): those among a step's `residuals` are shown to readers. */
  readonly vectors?: readonly string[]
  /** The state before the first step, where it is not all zeros: a value for each name. */
  readonly initialState?: { readonly [Name in keyof S]?: number }
  /** x [N,I] -> [N,G], for the rows of one step or of all of them. */
  project(params: ParamsOf<P>, x: Tensor2D): Tensor2D
  /** Projected input [B,G] and the state before -> output [B,H] and the state after. */
  step(params: ParamsOf<P>, projected: Tensor2D, state: StateOf<S>): CellStep<S, R>
  /** Its weights as those of an operator of ONNX's, where one computes the same over whole series; states are in its order. */
  operator?(params: ParamsOf<P>): OperatorWeights | undefined
  /** A full state from a vector [B,H] (a bridged context); by default the vector as the first state and zeros. */
  stateFrom?(vector: Tensor2D): StateOf<S>
  /** States other than the first that a learned bridge also maps C to (lstm's c); the others come from `stateFrom`. */
  readonly alsoBridged?: readonly (keyof S & string)[]
  /** The gradient of a series of steps written out; without it autodiff differentiates `step`. */
  readonly backward?: CellBackward<P, S, R, X>
}

/**
 * The handwritten gradient. It is for cells with parameters `kernel` [I,G] and `bias` [G], where `project` is x kernel + bias
 * (the series' loops work out those two gradients themselves), and with a state `h` that is the output.
 */
export interface CellBackward<
  P = ParameterTree,
  S extends StateSizes = StateSizes,
  R extends Matrices = Matrices,
  X extends Matrices = Matrices,
> {
  /** One step backwards: gradient of the state after (a missing one is zero) -> of the projected input and the state before. */
  step(
    params: ParamsOf<P>,
    step: SavedStep<StateOf<S>, R>,
    gradient: StateGradient<S>,
  ): { readonly projected: Columns; readonly state: StateOf<S>; readonly extras: X }
  /** Gradients of the parameters that `step` uses, out of all steps; `projected` as series [T*B,..]. */
  parameters(
    steps: readonly (SavedStep<StateOf<S>, R> & { readonly extras: X })[],
    projected: Columns,
  ): Omit<ParamsOf<P>, 'kernel' | 'bias'>
}

/** Gradients of a step's states: that of the output is always there. */
export type StateGradient<S> = { readonly h: Tensor2D } & Partial<StateOf<S>>

/** What a cell's file exports. */
export interface CellPart<Options extends TObject = TObject> extends Part<Options> {
  build(options: Static<Options>, sizes: CellSizes): Cell
}

/** Declares a recurrent cell. */
export function defineCell<Options extends TObject>(part: CellPart<Options>): CellPart<Options> {
  const vectors = Object.entries(part.symbols ?? {}).flatMap(([symbol, axes]) => (axes.join() === 'H' ? [symbol] : []))
  return ofKind('cell', { ...part, build: (options, sizes) => ({ vectors, ...part.build(options, sizes) }) })
}

/** The states after a step, and the gates that it has computed: what of it is shown to readers. */
export function shownOf({ vectors = [] }: Cell, { state, residuals }: CellStep<StateSizes, Matrices>): Matrices {
  const gates = Object.entries(residuals).filter(([name]) => vectors.includes(name) && !(name in state))
  return { ...state, ...Object.fromEntries(gates) }
}

/** A built cell; its functions receive what it declares. */
export function cell<
  P extends ParameterTree,
  S extends StateSizes,
  R extends Matrices = Record<never, never>,
  X extends Matrices = Record<never, never>,
>(built: Cell<P, S, R, X>): Cell {
  return built
}
