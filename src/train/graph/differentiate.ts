import { clone, div } from '../../core/ops.js'
import { scalar } from '../../core/ranks.js'
import { type Scalar, type Tensor, type Tensor1D, tf } from '../../core/tf.js'
import { leaves, mapTree, subtree, type Tree } from '../../core/tree.js'
import type { Noise } from '../../model/noise.js'
import type { TaskModel } from '../../task/types.js'
import { flattenGradients, type Layout, sliceParameters } from './layout.js'

export interface Differentiable {
  readonly model: TaskModel
  readonly layout: Layout
  readonly labelSmoothing: number
  /** Whether the true previous symbol is always fed; else its probability is the input `teacherForcing`. */
  readonly alwaysForced: boolean
}

/** What the forward pass gives besides the objective. */
interface ForwardSums {
  /** Sum over the batch, nats. */
  readonly crossEntropy: Scalar
  /** Tokens. */
  readonly count: Scalar
  readonly carry: Tree<Tensor>
}

export interface Differentiated extends ForwardSums {
  /** What was differentiated. */
  readonly objective: Scalar
  /** A flat vector for each trained group. */
  readonly gradients: Readonly<Record<string, Tensor1D>>
}

/**
 * Forward and backward over one batch: the loss (a mean over the batch's tokens, or their sum) and its gradient. State
 * {params, carry}, inputs {batch, noise} and, where it varies, teacherForcing. The gradient is taken with respect to the
 * tree's tensors, not to the flat vectors: through the slices every parameter would cost a padded sum of the whole
 * vector's length.
 */
export function differentiate(
  { model, layout, labelSmoothing, alwaysForced }: Differentiable,
  state: Tree<Tensor>,
  inputs: Tree<Tensor>,
  over: 'mean' | 'sum',
): Differentiated {
  const params = sliceParameters(layout, subtree(state, 'params'))
  const trained = new Set(layout.trained.flatMap(({ entries }) => entries.map(({ path }) => path)))
  const variables = leaves(params).filter(([path]) => trained.has(path))
  const settings = { labelSmoothing, teacherForcing: alwaysForced ? 1 : scalar(inputs, 'teacherForcing') }
  // TF.js disposes of all tensors of the gradient's scope but its one value: the others are kept, and released after it.
  let kept: ForwardSums | undefined
  const forward = () => {
    const loss = model.loss(params, subtree(inputs, 'batch'), noiseOf(inputs), settings, subtree(state, 'carry'))
    const { objective, crossEntropy, count, carry = {} } = loss
    kept = mapSums({ crossEntropy, count, carry }, (tensor) => tf.keep(tensor))
    return over === 'mean' ? div(objective, count) : objective
  }
  const tensors = variables.map(([, variable]) => variable)
  const { value, grads } = tf.engine().gradients(forward, tensors, undefined, true)
  if (kept === undefined) throw new Error('the forward pass did not run')
  const sums = mapSums(kept, release)
  return { ...sums, objective: value, gradients: flattenGradients(layout, byPath(variables, grads)) }
}

function mapSums({ crossEntropy, count, carry }: ForwardSums, change: <T extends Tensor>(tensor: T) => T): ForwardSums {
  return {
    crossEntropy: change(crossEntropy),
    count: change(count),
    carry: mapTree(carry, (tensor) => change(tensor)),
  }
}

/** A kept tensor as one of the current scope's. */
function release<T extends Tensor>(kept: T): T {
  const copy = clone(kept)
  kept.dispose()
  return copy
}

/** A parameter that the loss does not depend on (a copy of weights beyond the batch's steps) has no gradient here. */
function byPath(variables: readonly [string, Tensor][], gradients: readonly (Tensor | null | undefined)[]) {
  const gradientOf = new Map<string, Tensor>()
  variables.forEach(([path], index) => {
    const gradient = gradients[index]
    if (gradient) gradientOf.set(path, gradient)
  })
  return gradientOf
}

function noiseOf(inputs: Tree<Tensor>): Noise {
  const noise = subtree(inputs, 'noise')
  return leaves(noise).length === 0 ? undefined : noise
}
