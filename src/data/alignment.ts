import type { Place } from '../core/errors.js'
import { dataError } from './data-error.js'

/** A source token and the target token that it goes with, from 0. */
export type Link = readonly [source: number, target: number]

/**
 * The true alignment of an example: links that are certain, and those that are right but not needed (S and P \ S of Och &
 * Ney 2003). Nothing of it reaches training.
 */
export interface TrueAlignment {
  readonly sure: readonly Link[]
  readonly possible: readonly Link[]
}

/** As a source gives it. `of`: how many tokens it is over, where others, by another tokenizer, have none. */
export interface RawAlignment extends TrueAlignment {
  readonly of?: { readonly source: number; readonly target: number }
}

/** Of a generator: every link is sure. `from`: by target token, the source token that it is from; `source`: how many there are. */
export function sureLinks(from: readonly number[], source: number): RawAlignment {
  return { sure: from.map((token, to) => [token, to]), possible: [], of: { source, target: from.length } }
}

/** Of a generator: any of a symbol's links is right. */
export function possibleLinks(possible: readonly Link[], source: number, target: number): RawAlignment {
  return { sure: [], possible, of: { source, target } }
}

/**
 * Links as Pharaoh, GIZA++ and fast_align write them, source first: `0-0 1-2`; `1p2` and `1?2` are possible ones. Throws
 * SeqlabError 'data' with its place for anything else.
 */
export function readLinks(text: string, place: Place): TrueAlignment {
  const [sure, possible]: [Link[], Link[]] = [[], []]
  for (const written of text.split(/\s+/).filter((part) => part !== '')) {
    const [, source, mark, target] = /^(\d{1,9})([-p?])(\d{1,9})$/.exec(written) ?? []
    if (mark === undefined) {
      throw dataError(place, 'the alignment has something else than links', {
        expected: 'pairs like `0-0 1-2`: a source token and a target token, from 0 (`1p2` for a possible link)',
        received: JSON.stringify(written.slice(0, 40)),
      })
    }
    const links = mark === '-' ? sure : possible
    links.push([Number(source), Number(target)])
  }
  return { sure, possible }
}

/**
 * The alignment of an example with so many tokens; undefined where it is over other tokens. Throws SeqlabError 'data' where a
 * file's link is beyond them.
 */
export function alignmentOf(
  { sure, possible, of }: RawAlignment,
  source: number,
  target: number,
  where: string,
): TrueAlignment | undefined {
  if (of !== undefined) return of.source === source && of.target === target ? { sure, possible } : undefined
  const beyond = [...sure, ...possible].find(([from, to]) => from >= source || to >= target)
  if (beyond === undefined) return { sure, possible }
  throw dataError(where, 'the alignment has a link to a token that is not there', {
    expected: `source tokens 0 to ${source - 1}, target tokens 0 to ${target - 1}`,
    received: beyond.join('-'),
  })
}

/** Without the links of tokens that were cut off. */
export function cutAlignment({ sure, possible }: TrueAlignment, source: number, target: number): TrueAlignment {
  const fits = ([from, to]: Link) => from < source && to < target
  return { sure: sure.filter(fits), possible: possible.filter(fits) }
}
