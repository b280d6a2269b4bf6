import type { BatchShape, TensorSpec } from '../../core/tensors.js'
import { mapTree, type Tree } from '../../core/tree.js'
import type { Signature } from '../../engine/types.js'
import type { NoiseSpec } from '../../model/noise.js'
import type { SlotSpecs } from '../optimizers/types.js'
import { flatSpecs } from './layout.js'
import type { StepParts } from './train-step.js'

const scalar: TensorSpec = { dtype: 'float32', shape: [] }
const specOf = ({ dtype, shape }: TensorSpec): TensorSpec => ({ dtype, shape })

/** The slots of the optimizer for every trained group: `{ decayed: { m, v }, plain: { m, v } }`. */
export function slotSpecs({ layout, optimizer }: StepParts): Readonly<Record<string, SlotSpecs>> {
  return Object.fromEntries(layout.trained.map(({ name, size }) => [name, optimizer.init(size)]))
}

export function accumulatedSpecs({ layout }: StepParts): Tree<TensorSpec> {
  return { gradients: flatSpecs(layout.trained), count: scalar }
}

/** Which noise a batch of a shape needs. */
export function stepNoise({ model, alwaysForced }: StepParts, shape: BatchShape): Tree<NoiseSpec> {
  return model.noise(shape, { teacherForcing: alwaysForced ? 1 : 0 })
}

export function stepSignature(parts: StepParts, shape: BatchShape): Signature {
  const { state, inputs } = batchSignature(parts, shape)
  const optimizer = mapTree(slotSpecs(parts), specOf)
  return { state: { ...state, optimizer }, inputs: { ...inputs, learningRate: scalar, step: scalar } }
}

export function accumulateSignature(parts: StepParts, shape: BatchShape): Signature {
  const { state, inputs } = batchSignature(parts, shape)
  return { state: { ...state, accumulated: accumulatedSpecs(parts) }, inputs: { ...inputs, first: scalar } }
}

export function applySignature(parts: StepParts): Signature {
  const optimizer = mapTree(slotSpecs(parts), specOf)
  const state = { params: flatSpecs(parts.layout.groups), optimizer, accumulated: accumulatedSpecs(parts) }
  return { state, inputs: { learningRate: scalar, step: scalar } }
}

/** Of what looks at a batch: state {params, carry}, inputs {batch, noise} and the probability of teacher forcing. */
export function batchSignature(parts: StepParts, shape: BatchShape): Signature {
  const { model, layout, alwaysForced } = parts
  const noise = mapTree(stepNoise(parts, shape), (spec): TensorSpec => ({ dtype: 'float32', shape: spec.shape }))
  return {
    state: { params: flatSpecs(layout.groups), carry: mapTree(model.carry(shape.batch), specOf) },
    inputs: { batch: model.inputs(shape), noise, ...(alwaysForced ? {} : { teacherForcing: scalar }) },
  }
}
