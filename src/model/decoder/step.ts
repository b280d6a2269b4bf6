import type { Tensor } from '../../core/tf.js'
import { subtree, type Tree } from '../../core/tree.js'
import type { SavedLayer } from '../gradients/stack.js'
import type { Params } from '../parameters.js'
import type { ProjectStep } from './projection.js'
import type { AttentionPlacement, Decoded, DecoderMemory, DecoderState, Stack, StepDropout } from './types.js'

/** The cells and how C meets them. */
export interface Loop {
  readonly stack: Stack
  readonly placement: AttentionPlacement
}

export interface TakenStep {
  readonly decoded: Decoded
  readonly state: DecoderState
  /** What the backward pass needs of the cells, by layer, and of the placement. */
  readonly saved: { readonly layers: readonly SavedLayer[]; readonly placement: object }
}

/**
 * One step of a decoder, the same for prediction, for training by autodiff and for training by handwritten gradients: what
 * joins the embedded symbol, the cells, what follows them.
 */
export function takeStep(
  { stack, placement }: Loop,
  params: Params,
  project: ProjectStep,
  memory: DecoderMemory,
  state: Tree<Tensor>,
  dropout: StepDropout,
): TakenStep {
  const entering = placement.enter(params, memory, state)
  const cells = stack.step(subtree(params, 'stack'), project(entering.joined), subtree(state, 'layers'), dropout)
  const left = placement.leave(params, memory, state, entering, cells.output)
  return {
    decoded: left.decoded,
    state: { layers: cells.state, ...left.state },
    saved: { layers: cells.saved, placement: left.residuals },
  }
}
