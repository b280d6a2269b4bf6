import { type Tensor, type Tensor2D, type Tensor3D, tf, unstack } from '../../core/tf.js'
import type { Decoded, DecoderMemory, DecoderState, Noise, Params } from '../types.js'
import type { Decoder } from './decoder.js'
import { dropoutBySteps } from './stack.js'

/** A whole target's steps, side by side on the second axis. */
export interface DecodedSeries {
  /** [B,T,H]. */
  readonly outputs: Tensor3D
  /** [B,T,C], where the decoder has one for the output layer. */
  readonly contexts?: Tensor3D
  /** Penalties of all steps [B,T], where attention has them. */
  readonly penalties?: Tensor2D
}

/**
 * The decoder over a whole target under teacher forcing: inputs [B,T,E] float32, the embedded previous symbols. This is
 * the one place that loops over target steps in training: the plain path, `step` after `step`, its gradient by autodiff.
 */
export function teacherForced(
  decoder: Decoder,
  params: Params,
  inputs: Tensor3D,
  memory: DecoderMemory,
  first: DecoderState,
  noise: Noise,
): DecodedSeries {
  const dropout = dropoutBySteps(noise, decoder.stack.names, inputs.shape[1])
  const steps: Decoded[] = []
  let state = first
  for (const [t, input] of unstack<Tensor2D>(inputs, 1).entries()) {
    const stepped = decoder.step(params, input, memory, state, dropout[t] ?? {})
    steps.push(stepped.decoded)
    state = stepped.state
  }
  return stackSeries(steps)
}

export function stackSeries(steps: readonly Decoded[]): DecodedSeries {
  const contexts = present(steps.map(({ context }) => context))
  const penalties = present(steps.map(({ penalty }) => penalty))
  return {
    outputs: tf.stack(
      steps.map(({ output }) => output),
      1,
    ) as Tensor3D,
    ...(contexts.length === 0 ? {} : { contexts: tf.stack(contexts, 1) as Tensor3D }),
    ...(penalties.length === 0 ? {} : { penalties: tf.stack(penalties, 1) as Tensor2D }),
  }
}

function present<T extends Tensor>(items: readonly (T | undefined)[]): T[] {
  return items.filter((item) => item !== undefined)
}
