import { filled, type HostTensor, zeros } from '../../core/tensors.js'
import { leaves, mapTree, subtree, type Tree } from '../../core/tree.js'
import { initialise } from '../../model/initialise.js'
import { flatten, type Layout, unflatten } from '../graph/layout.js'
import { accumulatedSpecs, slotSpecs } from '../graph/signatures.js'
import type { StepParts } from '../graph/train-step.js'
import type { TrainState } from '../types.js'

/** What changes during training besides the tensors in the engine's memory. */
export type Progress = Pick<TrainState, 'step' | 'cursor' | 'schedule' | 'selection' | 'window' | 'recent'>

/** Where training starts: parameters drawn from `seed`, empty slots, nothing done. `batchSize` is the carry's. */
export function firstState(parts: StepParts, seed: number, batchSize: number): TrainState {
  return {
    step: 0,
    params: initialise(parts.model.parameters, seed),
    optimizer: mapTree(slotSpecs(parts), filled),
    carry: mapTree(parts.model.carry(batchSize), filled),
    seed,
    cursor: { epoch: 0, batch: 0 },
    schedule: { validation: [] },
    selection: { best: null, bestStep: 0, bestParams: null, sinceImproved: 0 },
    window: { nats: 0, tokens: 0 },
  }
}

/** The state as a checkpoint holds it: progress and the tensors that were read from the engine. */
export function assembleState(
  layout: Layout,
  seed: number,
  { step, cursor, schedule, selection, window, recent }: Progress,
  tensors: Tree<HostTensor>,
): TrainState {
  const params = unflatten(layout, subtree(tensors, 'params'))
  const [optimizer, carry] = [subtree(tensors, 'optimizer'), subtree(tensors, 'carry')]
  const copies = recent === undefined ? {} : { recent }
  return { step, cursor, schedule, selection, window, seed, params, optimizer, carry, ...copies }
}

/** The part of a state in the engine's memory; between steps nothing is accumulated. */
export function engineTensors(parts: StepParts, accumulates: boolean, state: TrainState) {
  const { optimizer, carry } = state
  const params = flatten(parts.layout, state.params)
  return { params, optimizer, carry, ...(accumulates ? { accumulated: mapTree(accumulatedSpecs(parts), zeros) } : {}) }
}

export function parameterCount(params: Tree<{ readonly shape: readonly number[] }>): number {
  return leaves(params).reduce((sum, [, { shape }]) => sum + shape.reduce((size, axis) => size * axis, 1), 0)
}
