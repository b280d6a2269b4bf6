import { SeqlabError } from '../core/errors.js'
import { lengthsOf } from '../data/encoding/columns.js'
import type { Split } from '../data/types.js'
import { taskOf } from '../task/index.js'
import type { TrainedParts } from './trained-parts.js'

type Described = {
  readonly spec: Pick<TrainedParts['spec'], 'task' | 'model'>
  readonly sizes: TrainedParts['sizes']
}

/** Throws SeqlabError 'data' where a model does not take the longest source of a split, which is quoted. */
export function refuseLongest(
  described: Described & Pick<TrainedParts, 'description'>,
  { source, sourceTexts }: Pick<Split, 'source' | 'sourceTexts'>,
): void {
  const refused = longestRefused(described, [...lengthsOf(source)])
  if (refused === undefined) return
  const { at, reason } = refused
  const tokens = sourceTexts?.[at]
  if (tokens === undefined) throw new SeqlabError('data', reason)
  const begin = tokens.slice(0, mostQuoted).join(described.description.joiners.source).trimEnd()
  const text = tokens.length > mostQuoted ? `${begin} ...` : begin
  throw new SeqlabError('data', `The source \`${text}\` is too long: ${reason}`)
}

const mostQuoted = 12

/** The longest of sources of these lengths, and why a model does not take it; undefined where it takes all. */
export function longestRefused(
  described: Described,
  lengths: readonly number[],
): { readonly at: number; readonly reason: string } | undefined {
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0)
  const reason = tooLong(described, longest)
  return reason === undefined ? undefined : { at: lengths.indexOf(longest), reason }
}

/** Whether a model takes sources of so many steps. */
export function takesSteps(described: Described, steps: number): boolean {
  return tooLong(described, steps) === undefined
}

/**
 * Why a model does not take a source of so many tokens; undefined where it does. Some parts have weights for so many steps; what
 * they say of a longer source in training, they say here.
 */
export function tooLong({ spec, sizes }: Described, longestSource: number): string | undefined {
  if (longestSource <= sizes.longestSource) return undefined
  const task = taskOf(spec.task)
  try {
    task.build(spec.model, { ...sizes, longestSource })
  } catch (error) {
    if (!(error instanceof SeqlabError)) throw error
    return error.problems[0]?.message ?? error.message
  }
  const unroll = spec.model.encoder?.unroll
  const steps = task.stepsOf?.(longestSource) ?? longestSource
  if (unroll?.type !== 'untied' || steps <= unroll.length) return undefined
  return `The model has weights for ${unroll.length} steps, and a source has ${steps}`
}
