import { scalar } from '../core/ranks.js'
import type { TensorSpec } from '../core/tensors.js'
import { type Scalar, type Tensor, tf } from '../core/tf.js'
import { leaf, mapTree, subtree, type Tree } from '../core/tree.js'
import type { PureFunction, Signature } from '../engine/types.js'
import type { BatchShape, NoiseSpec } from '../model/noise.js'
import { type Differentiable, differentiate } from './differentiate.js'
import { flatSpecs } from './layout.js'
import type { Optimizer } from './parts.js'

/** Everything that a training step is made of, besides its inputs. */
export interface StepParts extends Differentiable {
  readonly optimizer: { readonly part: Optimizer; readonly options: unknown }
  readonly clipNorm: number | undefined
}

type Vectors = Record<string, Tensor>

/**
 * One training step over one batch as a pure function: forward, backward, clipping by the global norm, and the optimizer
 * over flat vectors. State {params, optimizer, carry}; inputs {batch, noise, learningRate, step}; outputs are scalars:
 * objective (what is minimised, a token), crossEntropy (sum, nats), count (tokens), gradientNorm (before clipping).
 */
export function trainStep(parts: StepParts): PureFunction {
  return (state, inputs) => {
    const { gradients, carry, ...scalars } = differentiate(parts, state, inputs, 'mean')
    const { gradientNorm, ...next } = update(parts, state, inputs, gradients)
    return { state: { ...next, carry }, outputs: { ...scalars, gradientNorm } }
  }
}

/**
 * Adds one batch's gradient (of the loss summed over tokens) to what earlier batches of the same step gave. State
 * {params, carry, accumulated: {gradients, count}}; inputs {batch, noise, first}: 1 at the first batch of a step, else 0.
 */
export function accumulateStep(parts: StepParts): PureFunction {
  return (state, inputs) => {
    const { gradients, carry, ...scalars } = differentiate(parts, state, inputs, 'sum')
    const before = subtree(state, 'accumulated')
    const kept = tf.sub(1, leaf(inputs, 'first'))
    const added = { gradients, count: scalars.count }
    const accumulated = {
      gradients: mapTree(added.gradients, (gradient, name) =>
        tf.add(tf.mul(leaf(subtree(before, 'gradients'), name), kept), gradient),
      ),
      count: tf.add(tf.mul(leaf(before, 'count'), kept), added.count),
    }
    return { state: { carry, accumulated }, outputs: scalars }
  }
}

/** The update from accumulated gradients: their sum over the tokens of all batches. Outputs {gradientNorm}. */
export function applyStep(parts: StepParts): PureFunction {
  return (state, inputs) => {
    const accumulated = subtree(state, 'accumulated')
    const count = leaf(accumulated, 'count')
    const gradients = mapTree(subtree(accumulated, 'gradients'), (sum) => tf.div(sum, count)) as Vectors
    const { gradientNorm, ...next } = update(parts, state, inputs, gradients)
    return { state: next, outputs: { gradientNorm } }
  }
}

/** The flat gradients themselves, without an update: to find out where a step went wrong. */
export function gradientsOfStep(parts: StepParts): PureFunction {
  return (state, inputs) => {
    const { gradients, objective } = differentiate(parts, state, inputs, 'mean')
    return { outputs: { objective, gradients } }
  }
}

function update(parts: StepParts, state: Tree<Tensor>, inputs: Tree<Tensor>, gradients: Vectors) {
  const gradientNorm = globalNorm(Object.values(gradients))
  const scale = parts.clipNorm === undefined ? tf.scalar(1) : clipScale(gradientNorm, parts.clipNorm)
  return { gradientNorm, ...optimize(parts, state, inputs, gradients, scale) }
}

/** ‖g‖ = √Σ g² over all groups. */
function globalNorm(gradients: readonly Tensor[]): Scalar {
  const squares = gradients.map((gradient) => tf.sum<Scalar>(tf.square(gradient)))
  return tf.sqrt(squares.reduce((sum, square) => tf.add(sum, square)))
}

/** min(1, clipNorm / ‖g‖): Pascanu et al. 2013, On the Difficulty of Training Recurrent Neural Networks. */
function clipScale(norm: Scalar, clipNorm: number): Scalar {
  return tf.minimum(tf.div(clipNorm, tf.maximum(norm, 1e-12)), 1)
}

function optimize(
  { optimizer, layout }: StepParts,
  state: Tree<Tensor>,
  inputs: Tree<Tensor>,
  gradients: Vectors,
  scale: Scalar,
) {
  const { part, options } = optimizer
  const scalars = { learningRate: scalar(inputs, 'learningRate'), step: scalar(inputs, 'step'), scale }
  const params: Vectors = { ...(subtree(state, 'params') as Vectors) }
  const slots: Record<string, Tree<Tensor>> = {}
  for (const { name } of layout.trained) {
    const before = { vector: leaf(params, name), slots: subtree(subtree(state, 'optimizer'), name) as Vectors }
    const context = { ...scalars, decays: name === 'decayed' }
    const after = part.update(options, leaf(gradients, name), before.slots, before.vector, context)
    params[name] = after.parameters
    slots[name] = after.slots
  }
  return { params, optimizer: slots }
}

// ---- signatures --------------------------------------------------------------------------------------------------

const scalarSpec: TensorSpec = { dtype: 'float32', shape: [] }
const specOf = ({ dtype, shape }: TensorSpec): TensorSpec => ({ dtype, shape })

/** The slots of the optimizer for every trained group: `{ decayed: { m, v }, plain: { m, v } }`. */
export function slotSpecs({ layout, optimizer }: StepParts): Tree<TensorSpec & { readonly initial?: number }> {
  return Object.fromEntries(
    layout.trained.map(({ name, size }) => [name, { ...optimizer.part.init(optimizer.options, size) }]),
  )
}

export function accumulatedSpecs({ layout }: StepParts): Tree<TensorSpec> {
  return { gradients: flatSpecs(layout.trained), count: scalarSpec }
}

/** Which noise a batch of a shape needs. */
export function stepNoise({ model, alwaysForced }: StepParts, shape: BatchShape): Tree<NoiseSpec> {
  return model.noise(shape, { teacherForcing: alwaysForced ? 1 : 0 })
}

export function stepSignature(parts: StepParts, shape: BatchShape): Signature {
  const { state, inputs } = batchSignature(parts, shape)
  const optimizer = mapTree(slotSpecs(parts), specOf)
  return { state: { ...state, optimizer }, inputs: { ...inputs, learningRate: scalarSpec, step: scalarSpec } }
}

export function accumulateSignature(parts: StepParts, shape: BatchShape): Signature {
  const { state, inputs } = batchSignature(parts, shape)
  return { state: { ...state, accumulated: accumulatedSpecs(parts) }, inputs: { ...inputs, first: scalarSpec } }
}

export function applySignature(parts: StepParts): Signature {
  const optimizer = mapTree(slotSpecs(parts), specOf)
  const state = { params: flatSpecs(parts.layout.groups), optimizer, accumulated: accumulatedSpecs(parts) }
  return { state, inputs: { learningRate: scalarSpec, step: scalarSpec } }
}

/** Of what looks at a batch: state {params, carry}, inputs {batch, noise} and the probability of teacher forcing. */
export function batchSignature(parts: StepParts, shape: BatchShape): Signature {
  const { model, layout, alwaysForced } = parts
  const noise = mapTree(stepNoise(parts, shape), (spec): TensorSpec => ({ dtype: 'float32', shape: spec.shape }))
  return {
    state: { params: flatSpecs(layout.groups), carry: mapTree(model.carry(shape.batch), specOf) },
    inputs: { batch: model.inputs(shape), noise, ...(alwaysForced ? {} : { teacherForcing: scalarSpec }) },
  }
}
