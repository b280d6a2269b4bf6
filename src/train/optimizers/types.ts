import type { Static, TObject } from 'typebox'
import { ofKind, type Part } from '../../core/part.js'
import type { Scalar, Tensor1D } from '../../core/tf.js'

/** A vector that an optimizer keeps between steps: `initial` everywhere at first. */
export interface SlotSpec {
  readonly dtype: 'float32'
  readonly shape: readonly [size: number]
  readonly initial: number
}

export type SlotSpecs = Readonly<Record<string, SlotSpec>>

/** The slots themselves, [N] float32 each. */
export type SlotsOf<S> = { readonly [Name in keyof S]: Tensor1D }

export interface UpdateContext {
  /** Scalar inputs; steps count from 1. */
  readonly learningRate: Scalar
  readonly step: Scalar
  /** Multiplies the gradient before anything else: less than 1 where it is clipped. */
  readonly scale: Scalar
  /** Whether weight decay applies to this vector: to weights, not to biases and gains. */
  readonly decays: boolean
}

/**
 * An optimizer with its options bound, as a pure pair after optax: all in TF.js operations over one flat vector of
 * parameters [N] (the step flattens the tree: few, large operations).
 */
export interface Optimizer<S extends SlotSpecs = SlotSpecs> {
  /** Slots for a vector of n parameters. */
  init(n: number): S
  /** gradient, parameters and slots [N] float32 -> parameters and slots after the step. */
  update(
    gradient: Tensor1D,
    slots: SlotsOf<S>,
    parameters: Tensor1D,
    context: UpdateContext,
  ): { readonly parameters: Tensor1D; readonly slots: SlotsOf<S> }
}

/** What an optimizer's file exports. */
export interface OptimizerPart<Options extends TObject = TObject> extends Part<Options> {
  build(options: Static<Options>): Optimizer
}

/** Declares an optimizer. */
export function defineOptimizer<Options extends TObject>(part: OptimizerPart<Options>): OptimizerPart<Options> {
  return ofKind('optimizer', part)
}

/** A built optimizer; its update gets the slots that `init` declares. */
export function optimizer<S extends SlotSpecs>(built: Optimizer<S>): Optimizer {
  return built
}

/** A slot of n numbers. */
export function slot(n: number, initial = 0): SlotSpec {
  return { dtype: 'float32', shape: [n], initial }
}
