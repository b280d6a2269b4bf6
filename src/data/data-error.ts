import { formatPlace, type Place, SeqlabError } from '../core/errors.js'

/** A SeqlabError 'data' that quotes the place, what was expected and what came. */
export function dataError(
  place: Place | string,
  message: string,
  more: { expected?: string; received?: string; hint?: string; cause?: unknown } = {},
): SeqlabError {
  const { hint, cause, ...facts } = more
  const at = typeof place === 'string' ? place : formatPlace(place)
  const expected = facts.expected === undefined ? '' : `; expected ${facts.expected}`
  const received = facts.received === undefined ? '' : `, received ${facts.received}`
  const where = typeof place === 'string' ? {} : { place }
  return new SeqlabError('data', `${at}: ${message}${expected}${received}`, {
    problems: [{ path: 'data', message, ...facts, ...where, ...(hint === undefined ? {} : { hint }) }],
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  })
}
