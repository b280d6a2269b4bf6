import type { TensorSpec } from '../core/tensors.js'
import { type Scalar, type Tensor, tensor, tf } from '../core/tf.js'
import { leaves, mapTree, subtree, type Tree } from '../core/tree.js'
import type { PureFunction, Signature } from '../engine/types.js'
import type { BatchShape, Noise } from '../model/types.js'
import type { TaskModel } from '../task/types.js'
import { flatSpecs, flattenGradients, type Layout, sliceParameters } from './layout.js'
import type { Optimizer } from './types.js'

/** Everything that a training step is made of, besides its inputs. */
export interface StepParts {
  readonly model: TaskModel
  readonly layout: Layout
  readonly optimizer: { readonly part: Optimizer; readonly options: unknown }
  readonly clipNorm: number | undefined
}

/** The slots of the optimizer for every trained group: `{ decayed: { m, v }, plain: { m, v } }`. */
export function slotSpecs({ layout, optimizer }: StepParts): Tree<TensorSpec & { readonly initial?: number }> {
  return Object.fromEntries(
    layout.trained.map(({ name, size }) => [name, { ...optimizer.part.init(optimizer.options, size) }]),
  )
}

export function stepSignature(parts: StepParts, shape: BatchShape): Signature {
  const scalar: TensorSpec = { dtype: 'float32', shape: [] }
  return {
    state: {
      params: flatSpecs(parts.layout.groups),
      optimizer: mapTree(slotSpecs(parts), ({ dtype, shape }) => ({ dtype, shape })),
      carry: parts.model.carry(shape.batch),
    },
    inputs: {
      batch: parts.model.inputs(shape),
      noise: mapTree(parts.model.noise(shape), ({ shape }): TensorSpec => ({ dtype: 'float32', shape })),
      learningRate: scalar,
      step: scalar,
    },
  }
}

interface Differentiated {
  readonly objective: Scalar
  readonly crossEntropy: Scalar
  readonly count: Scalar
  readonly carry: Tree<Tensor>
  /** A flat vector for each trained group. */
  readonly gradients: Record<string, Tensor>
}

/**
 * One training step as a pure function: forward, backward, clipping by the global norm, and the optimizer over flat
 * vectors. State {params, optimizer, carry}; inputs {batch, noise, learningRate, step}; outputs are scalars:
 * objective (what is minimised, a token), crossEntropy (sum, nats), count (tokens), gradientNorm (before clipping).
 * Clipping: Pascanu et al. 2013, On the Difficulty of Training Recurrent Neural Networks, algorithm 1.
 */
export function trainStep(parts: StepParts): PureFunction {
  return (state, inputs) => {
    const { gradients, carry, ...scalars } = differentiate(parts, state, inputs)
    const gradientNorm = globalNorm(Object.values(gradients))
    const clipped = parts.clipNorm === undefined ? gradients : clip(gradients, gradientNorm, parts.clipNorm)
    return { state: { ...update(parts, state, inputs, clipped), carry }, outputs: { ...scalars, gradientNorm } }
  }
}

/** The same without the update: the flat gradients themselves, to find out where a step went wrong. */
export function gradientsOfStep(parts: StepParts): PureFunction {
  return (state, inputs) => {
    const { gradients, carry: _, ...scalars } = differentiate(parts, state, inputs)
    return { outputs: { ...scalars, gradients } }
  }
}

/**
 * The gradient is taken with respect to the tree's tensors, not to the flat vectors: through the slices every
 * parameter would cost a padded sum of the whole vector's length.
 */
function differentiate({ model, layout }: StepParts, state: Tree<Tensor>, inputs: Tree<Tensor>): Differentiated {
  const params = sliceParameters(layout, subtree(state, 'params'))
  const trained = trainedPaths(layout)
  const variables = leaves(params).filter(([path]) => trained.has(path))
  let rest: Omit<Differentiated, 'objective' | 'gradients'> | undefined
  const forward = () => {
    const { objective, crossEntropy, count, carry } = model.loss(
      params,
      subtree(inputs, 'batch'),
      noiseOf(inputs),
      { labelSmoothing: 0, teacherForcing: 1 },
      subtree(state, 'carry'),
    )
    // Kept, because they leave the scope of the gradient beside its one value.
    rest = mapTree({ crossEntropy, count, carry: carry ?? {} }, tf.keep) as typeof rest
    return tf.div(objective, count) as Scalar
  }
  const tensors = variables.map(([, variable]) => variable)
  const { value, grads } = tf.engine().gradients(forward, tensors, undefined, true)
  if (rest === undefined) throw new Error('the forward pass did not run')
  const byPath = new Map<string, Tensor>()
  variables.forEach(([path], index) => {
    const gradient = grads[index]
    if (gradient) byPath.set(path, gradient)
  })
  const objective = value as Scalar
  const released = mapTree(rest, release) as typeof rest
  return { ...released, objective, gradients: flattenGradients(layout, byPath) }
}

/** A kept tensor as one of the current scope's. */
function release(kept: Tensor): Tensor {
  const copy = tf.clone(kept)
  kept.dispose()
  return copy
}

function trainedPaths(layout: Layout): ReadonlySet<string> {
  return new Set(layout.trained.flatMap(({ entries }) => entries.map(({ path }) => path)))
}

function noiseOf(inputs: Tree<Tensor>): Noise {
  const noise = subtree(inputs, 'noise')
  return leaves(noise).length === 0 ? undefined : noise
}

/** ‖g‖ = √Σ g² over all groups. */
function globalNorm(gradients: readonly Tensor[]): Scalar {
  const squares = gradients.map((gradient) => tf.sum<Scalar>(tf.square(gradient)))
  return tf.sqrt(squares.reduce((sum, square) => tf.add(sum, square)))
}

/** g · min(1, clipNorm / ‖g‖). */
function clip(gradients: Record<string, Tensor>, norm: Scalar, clipNorm: number): Record<string, Tensor> {
  const scale = tf.minimum(tf.div(clipNorm, tf.maximum(norm, 1e-12)), 1)
  return mapTree(gradients, (gradient) => tf.mul(gradient, scale)) as Record<string, Tensor>
}

function update(parts: StepParts, state: Tree<Tensor>, inputs: Tree<Tensor>, gradients: Record<string, Tensor>) {
  const { part, options } = parts.optimizer
  const scalars = { learningRate: tensor<Scalar>(inputs, 'learningRate'), step: tensor<Scalar>(inputs, 'step') }
  const params: Record<string, Tensor> = {}
  const optimizer: Record<string, Tree<Tensor>> = {}
  for (const { name } of parts.layout.groups) {
    const before = tensor(subtree(state, 'params'), name)
    const gradient = gradients[name]
    if (gradient === undefined) {
      params[name] = before
      continue
    }
    const slots = subtree(subtree(state, 'optimizer'), name) as Record<string, Tensor>
    const after = part.update(options, gradient, slots, before, { ...scalars, decays: name === 'decayed' })
    params[name] = after.parameters
    optimizer[name] = after.slots
  }
  return { params, optimizer }
}
