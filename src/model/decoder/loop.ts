import { at } from '../../core/lists.js'
import { add, concat, mul, sub } from '../../core/ops.js'
import type { Tensor, Tensor2D } from '../../core/tf.js'
import { subtree } from '../../core/tree.js'
import { seriesOf, stepsOf, timeMajor } from '../gradients/series.js'
import type { HeadInput } from '../heads/types.js'
import type { Params } from '../parameters.js'
import type { Decoder } from './built-decoder.js'
import { type ProjectStep, seriesProjection, stepProjection } from './projection.js'
import { dropoutBySteps, stackDropout } from './stack.js'
import { type Loop, type TakenStep, takeStep } from './step.js'
import type { Decoded, DecodedSeries, DecoderMemory, DecoderState, StepDropout, Target } from './types.js'

/**
 * The decoder over a whole target under teacher forcing: at once where it can (`Decoder.series`), else step by step, its
 * gradient by autodiff.
 */
export function teacherForced(decoder: Decoder, params: Params, target: Target): DecodedSeries {
  if (decoder.series !== undefined) return decoder.series(params, target)
  const { inputs, first, memory, reads } = target
  const steps = inputs.shape[1]
  const projected = projectedInputs(decoder, params, timeMajor(inputs), steps)
  const dropout = dropoutBySteps(stackDropout(decoder.stack, target.noise, steps), steps)
  const taken = unroll(decoder, params, { memory, first, dropout, steps }, (t) => at(projected, t))
  return stackSeries(
    taken.map(({ decoded }) => decoded),
    reads,
  )
}

/**
 * The decoder fed with its own choices here and there (scheduled sampling, Bengio et al. 2015): `keep` [B,T] is 1 where
 * the true previous symbol is fed, 0 where `choose` embeds what the last step (what it gave, the symbol that it was fed) found most probable (the paper draws from the
 * distribution or takes its most probable symbol; this is the latter). The first input is always the true one. `inputs` are
 * the symbols that were fed, [T*B,E].
 */
export function scheduledSampling(
  decoder: Decoder,
  params: Params,
  { inputs, memory, first, noise, reads }: Target,
  keep: readonly Tensor2D[],
  choose: (last: { readonly decoded: Decoded; readonly embedded: Tensor2D; readonly t: number }) => Tensor2D,
): { readonly series: DecodedSeries; readonly inputs: Tensor2D } {
  const steps = inputs.shape[1]
  const embedded = stepsOf(timeMajor(inputs), steps)
  const dropout = dropoutBySteps(stackDropout(decoder.stack, noise, steps), steps)
  const fed: Tensor2D[] = []
  const taken = unroll(decoder, params, { memory, first, dropout, steps }, (t, previous) => {
    const input = at(embedded, t)
    const last = previous && { decoded: previous, embedded: at(fed, t - 1), t }
    fed.push(last === undefined ? input : mixed(input, choose(last), at(keep, t)))
    return projectedInput(decoder, params, at(fed, t))
  })
  const series = stackSeries(
    taken.map(({ decoded }) => decoded),
    reads,
  )
  return { series, inputs: seriesOf(fed) }
}

/** The true symbol where `keep` [B,1] is 1, the chosen one where it is 0. */
function mixed(input: Tensor2D, chosen: Tensor2D, keep: Tensor2D): Tensor2D {
  return add(chosen, mul(sub(input, chosen), keep))
}

export interface Unrolled {
  readonly memory: DecoderMemory
  readonly first: DecoderState
  readonly dropout: readonly StepDropout[]
  readonly steps: number
}

/** The one loop over target steps in training. */
export function unroll(
  loop: Loop,
  params: Params,
  { memory, first, dropout, steps }: Unrolled,
  projectAt: (t: number, previous: Decoded | undefined) => ProjectStep,
): readonly TakenStep[] {
  const taken: TakenStep[] = []
  for (let t = 0; t < steps; t++) {
    const before = taken.at(-1)
    const project = projectAt(t, before?.decoded)
    taken.push(takeStep(loop, params, project, memory, before?.state ?? first, dropout[t] ?? {}))
  }
  return taken
}

/** The lowest layer's projections of all steps: xs [T*B,E]. */
export function projectedInputs(
  { stack, placement }: Loop,
  params: Params,
  xs: Tensor2D,
  steps: number,
): readonly ProjectStep[] {
  const { name, cell } = at(stack.layers, 0)
  const projections = seriesProjection(cell, subtree(subtree(params, 'stack'), name), xs, placement.joined, steps)
  if (placement.zeroFirst !== true) return projections
  return projections.map((project, t) => (t === 0 ? () => project(undefined) : project))
}

/** Of one step: input [B,E]. */
export function projectedInput({ stack, placement }: Loop, params: Params, input: Tensor2D): ProjectStep {
  const { name, cell } = at(stack.layers, 0)
  return stepProjection(cell, subtree(subtree(params, 'stack'), name), input, placement.joined)
}

export function stackSeries(steps: readonly Decoded[], reads: readonly HeadInput[]): DecodedSeries {
  const contexts = present(steps.map(({ context }) => context))
  const alignments = reads.includes('alignment') ? present(steps.map(({ alignment }) => alignment)) : []
  const penalties = present(steps.map(({ penalty }) => penalty))
  return {
    outputs: seriesOf(steps.map(({ output }) => output)),
    ...(contexts.length === 0 ? {} : { contexts: seriesOf(contexts) }),
    ...(alignments.length === 0 ? {} : { alignments: seriesOf(alignments) }),
    ...(penalties.length === 0 ? {} : { penalties: concat(penalties, 0) }),
  }
}

function present<T extends Tensor>(items: readonly (T | undefined)[]): T[] {
  return items.filter((item) => item !== undefined)
}
