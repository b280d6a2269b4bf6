import type { Decoded, SearchSettings } from './types.js'

/** What steps gave for one example, beyond its end where they went on: a number or a row for each step. */
export interface Emitted {
  readonly ids: number[]
  /** Of each symbol. */
  readonly logProbs: number[]
  /** None where no alignments were asked for. */
  readonly alignment: number[][]
}

/** Up to the first end, or to as many symbols as there may be. */
export function cutAtEnd(
  { ids: emitted, logProbs, alignment }: Emitted,
  aligned: boolean,
  { specials, maxLength }: Pick<SearchSettings, 'specials' | 'maxLength'>,
): Decoded {
  const end = emitted.indexOf(specials.eos)
  const ended = end !== -1 && end <= maxLength
  const ids = emitted.slice(0, ended ? end : maxLength)
  const steps = ended ? end + 1 : ids.length
  // Rounding may give a sure symbol a little more than probability 1.
  const score = logProbs.slice(0, steps).reduce((sum, value) => sum + Math.min(0, value), 0)
  return { ids, score, ...(aligned && alignment.length > 0 && { alignment: alignment.slice(0, steps) }) }
}
