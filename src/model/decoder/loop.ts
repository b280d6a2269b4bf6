import { type Tensor, type Tensor1D, type Tensor2D, tf, unstack } from '../../core/tf.js'
import { seriesOf } from '../gradients/series.js'
import type { Decoded, Params } from '../types.js'
import { dropoutBySteps } from './stack.js'
import type { DecodedSeries, Decoder, Target } from './types.js'

/**
 * The decoder over a whole target under teacher forcing: by gradients derived by hand where its parts have them, else
 * `step` after `step`, its gradient by autodiff.
 */
export function teacherForced(decoder: Decoder, params: Params, target: Target): DecodedSeries {
  return decoder.fast?.(params, target) ?? unroll(decoder, params, target, (input) => input)
}

/**
 * The decoder fed with its own choices here and there (scheduled sampling, Bengio et al. 2015): `keep` [B,T] is 1 where
 * the true previous symbol is fed, 0 where `own` embeds what the last step found most probable (the paper draws from the
 * distribution or takes its most probable symbol; this is the latter). The first input is always the true one.
 */
export function scheduledSampling(
  decoder: Decoder,
  params: Params,
  target: Target,
  keep: Tensor2D,
  own: (decoded: Decoded) => Tensor2D,
): DecodedSeries {
  const kept = tf.split(keep, keep.shape[1], 1)
  return unroll(decoder, params, target, (input, t, previous) => {
    if (previous === undefined) return input
    const chosen = own(previous)
    return tf.add(chosen, tf.mul(tf.sub(input, chosen), kept[t] as Tensor2D))
  })
}

/** The one loop over target steps in training. */
function unroll(
  decoder: Decoder,
  params: Params,
  { inputs, memory, first, noise }: Target,
  inputAt: (input: Tensor2D, t: number, previous: Decoded | undefined) => Tensor2D,
): DecodedSeries {
  const dropout = dropoutBySteps(noise, decoder.stack.names, inputs.shape[1])
  const steps: Decoded[] = []
  let state = first
  for (const [t, input] of unstack<Tensor2D>(inputs, 1).entries()) {
    const stepped = decoder.step(params, inputAt(input, t, steps.at(-1)), memory, state, dropout[t] ?? {})
    steps.push(stepped.decoded)
    state = stepped.state
  }
  return stackSeries(steps)
}

function stackSeries(steps: readonly Decoded[]): DecodedSeries {
  const contexts = present(steps.map(({ context }) => context))
  const penalties = present(steps.map(({ penalty }) => penalty))
  return {
    outputs: seriesOf(steps.map(({ output }) => output)),
    ...(contexts.length === 0 ? {} : { contexts: seriesOf(contexts) }),
    ...(penalties.length === 0 ? {} : { penalties: tf.concat(penalties, 0) as Tensor1D }),
  }
}

function present<T extends Tensor>(items: readonly (T | undefined)[]): T[] {
  return items.filter((item) => item !== undefined)
}
