import { formatPlace, type Place, SeqlabError } from '../../core/errors.js'

/** A file of parts that cannot be used: one sentence with its place. */
export function refusal(place: Place, why: string, more: { hint?: string; cause?: unknown } = {}): SeqlabError {
  return new SeqlabError('spec', `${formatPlace(place)}: ${why}`, more)
}

/** The place of a character, counted from 0. */
export function placeIn(file: string, text: string, at: number): Place {
  const before = text.slice(0, at).split('\n')
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
