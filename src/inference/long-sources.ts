import { SeqlabError } from '../core/errors.js'
import { lengthsOf } from '../data/encoding/columns.js'
import type { Split } from '../data/types.js'
import { taskOf } from '../task/index.js'
import type { TrainedParts } from './trained-parts.js'

type Described = {
  readonly spec: Pick<TrainedParts['spec'], 'task' | 'model'>
  readonly sizes: TrainedParts['sizes']
}

/** Some parts have weights for so many steps; what they say of a longer source in training, they say here. Throws SeqlabError 'data'. */
function refuseLong({ spec, sizes }: Described, longestSource: number): void {
  if (longestSource <= sizes.longestSource) return
  const task = taskOf(spec.task)
  task.build(spec.model, { ...sizes, longestSource })
  const unroll = spec.model.encoder?.unroll
  const steps = task.stepsOf?.(longestSource) ?? longestSource
  if (unroll?.type !== 'untied' || steps <= unroll.length) return
  throw new SeqlabError('data', `The model has weights for ${unroll.length} steps, and a source has ${steps}`)
}

/** The same of the sources of a split, of which the longest is quoted. Throws SeqlabError 'data'. */
export function refuseLongest(
  described: Described & Pick<TrainedParts, 'description'>,
  { source, sourceTexts }: Pick<Split, 'source' | 'sourceTexts'>,
): void {
  const lengths = lengthsOf(source)
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0)
  const reason = tooLong(described, longest)
  if (reason === undefined) return
  const tokens = sourceTexts?.[lengths.indexOf(longest)]
  if (tokens === undefined) throw new SeqlabError('data', reason)
  const begin = tokens.slice(0, mostQuoted).join(described.description.joiners.source).trimEnd()
  const text = tokens.length > mostQuoted ? `${begin} ...` : begin
  throw new SeqlabError('data', `The source \`${text}\` is too long: ${reason}`)
}

const mostQuoted = 12

/** Whether a model takes sources of so many steps. */
export function takesSteps(described: Described, steps: number): boolean {
  return tooLong(described, steps) === undefined
}

/** Why a model does not take a source of so many steps; undefined where it does. */
export function tooLong(described: Described, steps: number): string | undefined {
  try {
    refuseLong(described, steps)
    return undefined
  } catch (error) {
    if (!(error instanceof SeqlabError)) throw error
    return error.problems[0]?.message ?? error.message
  }
}
