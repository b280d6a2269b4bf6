import { hypothesisOf, unscale } from '../task/examples.js'
import type { Prediction } from '../task/types.js'
import type { TrainedParts } from './trained-parts.js'

/** What a model gives for one source. */
export interface ModelOutput {
  /** Symbols of a sequence, a tag for each source token, or the one label; none for a forecast. */
  readonly tokens: readonly string[]
  /** The same as text. */
  readonly text: string
  /** Log probability in nats; 0 for a forecast, which has none. */
  readonly score: number
  /** The source as the model read it. */
  readonly source: readonly string[]
  /** How many of its tokens the model does not know. */
  readonly unknown: number
  /** The n best, this one first, where the search was asked for more than one. */
  readonly candidates?: readonly { readonly tokens: readonly string[]; readonly score: number }[]
  /** Rows: output tokens and the end; columns: source tokens. */
  readonly alignment?: readonly (readonly number[])[]
  /** A forecast: step by step a number for each series, in its own unit. */
  readonly values?: readonly (readonly number[])[]
}

export function outputOf(
  { description }: TrainedParts,
  { ids, values, score, candidates, alignment }: Prediction,
  source: readonly string[],
  unknown: number,
): ModelOutput {
  const { vocabularies, joiners, scaling = [] } = description
  const symbols = (of: readonly number[]) => hypothesisOf(vocabularies, of, source)
  const tokens = symbols(ids ?? [])
  return {
    ...{ tokens, text: tokens.join(joiners.target), score, source, unknown },
    ...(candidates && { candidates: candidates.map((one) => ({ tokens: symbols(one.ids), score: one.score })) }),
    ...(alignment && { alignment }),
    ...(values && { values: bySteps(unscale(values, scaling), scaling.length) }),
  }
}

function bySteps(values: readonly number[], width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, step) => values.slice(step * width, (step + 1) * width))
}
