import { type HostTensor, zeros } from '../core/tensors.js'
import { leaves, mapTree, type Tree } from '../core/tree.js'
import { initialise } from '../model/initialise.js'
import { type Layout, unflatten } from './layout.js'
import { type StepParts, slotSpecs } from './step.js'
import type { TrainState } from './types.js'

/** What changes during training besides the tensors in the engine's memory. */
export type Progress = Pick<TrainState, 'step' | 'cursor' | 'schedule' | 'selection' | 'window'>

/** Where training starts: parameters drawn from `seed`, empty slots, nothing done. */
export function firstState(parts: StepParts, seed: number, batchSize: number): TrainState {
  return {
    step: 0,
    params: initialise(parts.model.parameters, seed),
    optimizer: mapTree(slotSpecs(parts), filled),
    carry: mapTree(parts.model.carry(batchSize), zeros),
    seed,
    cursor: { epoch: 0, batch: 0 },
    schedule: { validation: [] },
    selection: { best: null, bestStep: 0, bestParams: null, sinceBest: 0 },
    window: { nats: 0, tokens: 0 },
  }
}

function filled({ initial, ...spec }: Parameters<typeof zeros>[0] & { readonly initial?: number }): HostTensor {
  const tensor = zeros(spec)
  if (initial !== undefined) tensor.data.fill(initial)
  return tensor
}

/** The state as a checkpoint holds it: progress beside what was read from the engine. */
export function assembleState(layout: Layout, seed: number, progress: Progress, tensors: EngineTensors): TrainState {
  const { params, optimizer, carry } = tensors
  return { ...progress, seed, params: unflatten(layout, params), optimizer, carry }
}

export interface EngineTensors {
  readonly params: Tree<HostTensor>
  readonly optimizer: Tree<HostTensor>
  readonly carry: Tree<HostTensor>
}

export function parameterCount(params: Tree<{ readonly shape: readonly number[] }>): number {
  return leaves(params).reduce((sum, [, { shape }]) => sum + shape.reduce((size, axis) => size * axis, 1), 0)
}
