import type { HostTensor } from '../../core/tensors.js'
import { leaves, mapTree, type Tree } from '../../core/tree.js'
import { flatten } from '../graph/layout.js'
import type { AverageLine, TrainState } from '../types.js'
import type { ValidationContext } from './context.js'
import { selectCheckpoint } from './select-checkpoint.js'

/**
 * The mean of parameters, number by number: θ̄ = (θ_1 + ... + θ_N) / N, summed in double precision in this order and rounded
 * once to float32 (Polyak & Juditsky 1992; of checkpoints Vaswani et al. 2017, section 6.1). All trees have one form.
 */
export function meanParameters(copies: readonly Tree<HostTensor>[]): Tree<HostTensor> {
  const [first, ...others] = copies
  const byPath = others.map((copy) => new Map(leaves(copy)))
  return mapTree(first ?? {}, (tensor, path) =>
    meanTensor([tensor, ...byPath.flatMap((copy) => copy.get(path) ?? [])], tensor),
  )
}

function meanTensor(all: readonly HostTensor[], { dtype, shape, data }: HostTensor): HostTensor {
  if (dtype !== 'float32') return { dtype, shape, data }
  const mean = new Float32Array(data.length)
  for (let at = 0; at < mean.length; at++) {
    let sum = 0
    for (const copy of all) sum += copy.data[at] ?? 0
    mean[at] = sum / all.length
  }
  return { dtype, shape, data: mean }
}

/** The state with the parameters that were just validated among the last `most` copies. */
export function withCopy(state: TrainState, most: number | undefined): TrainState {
  return most === undefined ? state : { ...state, recent: [...(state.recent ?? []), state.params].slice(-most) }
}

/**
 * After the last validation: the mean of the copies is validated as one more candidate, and the copies are dropped. Patience
 * and what schedules remember are not touched. The mean of a single copy would be that validation again.
 */
export async function validateMean(context: ValidationContext, finished: TrainState): Promise<TrainState> {
  const { recent = [], ...state } = finished
  if (context.validate === undefined || recent.length < 2) return state
  const { functions, ports, phases } = context
  phases.enter('validate')
  const candidate = { ...state, params: meanParameters(recent) }
  const { loss, metrics, costs, samples } = await context.validate(
    flatten(functions.layout, candidate.params),
    candidate,
  )
  const { selection } = selectCheckpoint(candidate, costs)
  const best = selection.bestParams === candidate.params
  const line: AverageLine = { kind: 'average', step: state.step, validations: recent.length, loss, metrics, best }
  context.onValidated(line, samples)
  ports.emit(line)
  phases.enter('train')
  const { sinceImproved } = state.selection
  return best ? { ...state, selection: { ...selection, sinceImproved, averaged: recent.length } } : state
}
