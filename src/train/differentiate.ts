import { scalar } from '../core/ranks.js'
import { type Scalar, type Tensor, tf } from '../core/tf.js'
import { leaves, mapTree, subtree, type Tree } from '../core/tree.js'
import type { Noise } from '../model/noise.js'
import type { TaskModel } from '../task/types.js'
import { flattenGradients, type Layout, sliceParameters } from './layout.js'

export interface Differentiable {
  readonly model: TaskModel
  readonly layout: Layout
  readonly labelSmoothing: number
  /** Whether the true previous symbol is always fed; else its probability is the input `teacherForcing`. */
  readonly alwaysForced: boolean
}

export interface Differentiated {
  /** What was differentiated. */
  readonly objective: Scalar
  /** Sum over the batch, nats. */
  readonly crossEntropy: Scalar
  /** Tokens. */
  readonly count: Scalar
  readonly carry: Tree<Tensor>
  /** A flat vector for each trained group. */
  readonly gradients: Record<string, Tensor>
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
  const aside: { kept?: Omit<Differentiated, 'objective' | 'gradients'> } = {}
  const forward = () => {
    const loss = model.loss(params, subtree(inputs, 'batch'), noiseOf(inputs), settings, subtree(state, 'carry'))
    const { objective, crossEntropy, count, carry = {} } = loss
    // Kept, because they leave the scope of the gradient beside its one value.
    aside.kept = mapTree({ crossEntropy, count, carry }, tf.keep) as typeof aside.kept & object
    return over === 'mean' ? (tf.div(objective, count) as Scalar) : objective
  }
  const tensors = variables.map(([, variable]) => variable)
  const { value, grads } = tf.engine().gradients(forward, tensors, undefined, true)
  if (aside.kept === undefined) throw new Error('the forward pass did not run')
  const rest = mapTree({ ...aside.kept }, release) as typeof aside.kept
  return { ...rest, objective: value as Scalar, gradients: flattenGradients(layout, byPath(variables, grads)) }
}

/** A kept tensor as one of the current scope's. */
function release(kept: Tensor): Tensor {
  const copy = tf.clone(kept)
  kept.dispose()
  return copy
}

/** A parameter that the loss does not depend on (a copy of weights beyond the batch's steps) has no gradient here. */
function byPath(variables: readonly [string, Tensor][], gradients: readonly (Tensor | null | undefined)[]) {
  const found = new Map<string, Tensor>()
  variables.forEach(([path], index) => {
    const gradient = gradients[index]
    if (gradient) found.set(path, gradient)
  })
  return found
}

function noiseOf(inputs: Tree<Tensor>): Noise {
  const noise = subtree(inputs, 'noise')
  return leaves(noise).length === 0 ? undefined : noise
}
