import type { TObject } from 'typebox'
import type { Part } from '../core/part.js'
import type { TensorSpec } from '../core/tensors.js'
import type { Scalar, Tensor } from '../core/tf.js'

/**
 * An optimizer as a pure pair, after optax: all in TF.js operations over one flat vector of parameters [N] (the step
 * flattens the tree: few, large operations).
 */
export interface Optimizer<Options extends TObject = TObject, O = any> extends Part<Options> {
  /** Slots for a vector of n parameters, each starting at zero unless `initial` says otherwise. */
  init(options: O, n: number): Readonly<Record<string, TensorSpec & { readonly initial?: number }>>
  update(
    options: O,
    gradient: Tensor,
    slots: Readonly<Record<string, Tensor>>,
    parameters: Tensor,
    context: UpdateContext,
  ): { parameters: Tensor; slots: Readonly<Record<string, Tensor>> }
}

export interface UpdateContext {
  /** Scalar inputs; steps count from 1. */
  readonly learningRate: Scalar
  readonly step: Scalar
  /** What the gradient is to be multiplied by before anything else: less than 1 where it is clipped. */
  readonly scale: Scalar
  /** Whether weight decay applies to this vector: to weights, not to biases and gains. */
  readonly decays: boolean
}

/** A factor on the learning rate at a step (from 1) of a known number of steps: plain numbers, on the host. */
export interface Schedule<Options extends TObject = TObject, O = any> extends Part<Options> {
  factor(options: O, step: number, totalSteps: number, validation: readonly number[]): number
}

/** Probability that the true previous symbol is fed, at a step (from 1) of a known number of steps. */
export interface Forcing<Options extends TObject = TObject, O = any> extends Part<Options> {
  probability(options: O, step: number, totalSteps: number): number
}
