import { add, div, maximum, minimum, mul, sqrt, square, sub, sumAll, vector } from '../../core/ops.js'
import { scalar, vectorsOf } from '../../core/ranks.js'
import { type Scalar, type Tensor, type Tensor1D, tf } from '../../core/tf.js'
import { subtree, type Tree } from '../../core/tree.js'
import type { PureFunction } from '../../engine/types.js'
import type { Optimizer } from '../optimizers/types.js'
import { type Differentiable, differentiate } from './differentiate.js'

/** Everything that a training step is made of, besides its inputs. */
export interface StepParts extends Differentiable {
  readonly optimizer: Optimizer
  readonly clipNorm: number | undefined
}

/** One flat vector for each trained group. */
type Vectors = Readonly<Record<string, Tensor1D>>

/**
 * One training step over one batch as a pure function: forward, backward, clipping by the global norm, and the optimizer
 * over flat vectors. State {params, optimizer, carry}; inputs {batch, noise, learningRate, step}; outputs are scalars:
 * objective (what is minimised, per token), crossEntropy (sum, nats), count (tokens), gradientNorm (before clipping).
 */
export function trainStep(parts: StepParts): PureFunction {
  return (state, inputs) => {
    const { gradients, carry, ...scalars } = differentiate(parts, state, inputs, 'mean')
    const { gradientNorm, ...next } = update(parts, state, inputs, gradients)
    return { state: { ...next, carry }, outputs: { ...scalars, gradientNorm } }
  }
}

/**
 * Adds one batch's gradient (of the loss summed over tokens) to the sum over earlier batches of the same step. State
 * {params, carry, accumulated: {gradients, count}}; inputs {batch, noise, first}: 1 at the first batch of a step, else 0.
 */
export function accumulateStep(parts: StepParts): PureFunction {
  return (state, inputs) => {
    const { gradients, carry, ...scalars } = differentiate(parts, state, inputs, 'sum')
    const before = subtree(state, 'accumulated')
    const sums = subtree(before, 'gradients')
    const keep = sub(1, scalar(inputs, 'first'))
    const accumulated = {
      gradients: mapVectors(gradients, (gradient, name) => add(mul(vector(sums, name), keep), gradient)),
      count: add(mul(scalar(before, 'count'), keep), scalars.count),
    }
    return { state: { carry, accumulated }, outputs: scalars }
  }
}

/** The update from accumulated gradients: their sum over the tokens of all batches. Outputs {gradientNorm}. */
export function applyStep(parts: StepParts): PureFunction {
  return (state, inputs) => {
    const accumulated = subtree(state, 'accumulated')
    const count = scalar(accumulated, 'count')
    const gradients = mapVectors(vectorsOf(subtree(accumulated, 'gradients')), (sum) => div(sum, count))
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
function globalNorm(gradients: readonly Tensor1D[]): Scalar {
  const squares = gradients.map((gradient) => sumAll(square(gradient)))
  return sqrt(squares.reduce((sum, square) => add(sum, square)))
}

/** min(1, clipNorm / ‖g‖): Pascanu et al. 2013, On the Difficulty of Training Recurrent Neural Networks. */
function clipScale(norm: Scalar, clipNorm: number): Scalar {
  return minimum(div(clipNorm, maximum(norm, 1e-12)), 1)
}

function optimize(
  { optimizer, layout }: StepParts,
  state: Tree<Tensor>,
  inputs: Tree<Tensor>,
  gradients: Vectors,
  scale: Scalar,
) {
  const scalars = { learningRate: scalar(inputs, 'learningRate'), step: scalar(inputs, 'step'), scale }
  const params = vectorsOf(subtree(state, 'params'))
  const slots: Record<string, Vectors> = {}
  for (const { name } of layout.trained) {
    const before = vectorsOf(subtree(subtree(state, 'optimizer'), name))
    const context = { ...scalars, decays: name === 'decayed' }
    const after = optimizer.update(vector(gradients, name), before, vector(params, name), context)
    params[name] = after.parameters
    slots[name] = after.slots
  }
  return { params, optimizer: slots }
}

function mapVectors(vectors: Vectors, change: (vector: Tensor1D, name: string) => Tensor1D): Vectors {
  return Object.fromEntries(Object.entries(vectors).map(([name, vector]) => [name, change(vector, name)]))
}
