import { formatPlace, type Place, SeqlabError } from '../core/errors.js'

interface Details {
  readonly expected?: string
  readonly received?: string
  readonly hint?: string
  readonly cause?: unknown
}

/**
 * A SeqlabError 'data' that quotes the place, what was expected and what came. A place that is a text (a file as a whole,
 * `words.tsv:17`) begins the problem's message: the problem is then shown at the spec's line that asks for these data.
 */
export function dataError(place: Place | string, message: string, details: Details = {}): SeqlabError {
  const whole = `${typeof place === 'string' ? place : formatPlace(place)}: ${message}`
  return errorOf(whole, typeof place === 'string' ? { message: whole } : { message, place }, details)
}

/** Of a file whose first line names its columns, and which has nothing else. */
export function headerAlone(path: string, what = 'example'): SeqlabError {
  return dataError(path, `there is no ${what} after the header`, {
    hint: 'is the file whole? Where its first line is no header set header: false (of data.source)',
  })
}

/** The same of what is wrong with all of the data that an option asks for (`data.split`), in no file of its own. */
export function datasetError(option: string, message: string, details: Details = {}): SeqlabError {
  return errorOf(`${option}: ${message}`, { message }, details)
}

function errorOf(
  sentence: string,
  problem: { readonly message: string; readonly place?: Place },
  { hint, cause, ...facts }: Details,
): SeqlabError {
  const expected = facts.expected === undefined ? '' : `; expected ${facts.expected}`
  const received = facts.received === undefined ? '' : `, received ${facts.received}`
  return new SeqlabError('data', `${sentence}${expected}${received}`, {
    problems: [{ path: 'data', ...problem, ...facts, ...(hint === undefined ? {} : { hint }) }],
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  })
}
