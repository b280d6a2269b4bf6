import { isDeepStrictEqual } from 'node:util'
import { SeqlabError } from '../core/errors.js'
import { vocabulariesByName } from '../data/description.js'
import type { Vocabulary } from '../data/types.js'
import type { Member } from './member.js'

/**
 * Refuses models that cannot predict together: those of another task, of other symbols, of symbols that are read otherwise, or
 * of other series. Throws SeqlabError 'run' with the difference.
 */
export function refuseUnlike([first, ...others]: readonly Member[]): void {
  if (first === undefined) throw new RangeError('An ensemble has at least one model')
  for (const other of others) {
    const difference = differenceOf(first.parts, other.parts)
    if (difference === undefined) continue
    throw new SeqlabError('run', `${other.directory} cannot predict together with ${first.directory}: ${difference}`, {
      hint: 'The models of an ensemble have the same task and are trained on the same symbols or series.',
    })
  }
}

type Parts = Member['parts']

function differenceOf(one: Parts, other: Parts): string | undefined {
  if (one.task.name !== other.task.name) return `its task is ${other.task.name}, not ${one.task.name}`
  const [mine, theirs] = [one.description, other.description]
  return (
    vocabulariesDifference(vocabulariesByName(mine.vocabularies), vocabulariesByName(theirs.vocabularies)) ??
    tokenDifference('source', mine.tokenizers.source, theirs.tokenizers.source) ??
    tokenDifference('target', mine.tokenizers.target, theirs.tokenizers.target) ??
    piecesDifference('source', mine.learned?.source, theirs.learned?.source) ??
    piecesDifference('target', mine.learned?.target, theirs.learned?.target) ??
    seriesDifference(one, other)
  )
}

type Vocabularies = ReturnType<typeof vocabulariesByName>

function vocabulariesDifference(mine: Vocabularies, theirs: Vocabularies): string | undefined {
  return Object.keys({ ...mine, ...theirs })
    .map((name) => vocabularyDifference(name, mine[name], theirs[name]))
    .find((difference) => difference !== undefined)
}

function vocabularyDifference(side: string, mine: Vocabulary | undefined, theirs: Vocabulary | undefined) {
  const [own, other] = [mine?.symbols ?? [], theirs?.symbols ?? []]
  if (isDeepStrictEqual(own, other)) return undefined
  const extra = missingIn(own, other)
  const lacking = missingIn(other, own)
  const parts = [
    ...(extra.length === 0 ? [] : [`it has ${listed(extra)} more`]),
    ...(lacking.length === 0 ? [] : [`it lacks ${listed(lacking)}`]),
  ]
  if (parts.length > 0) return `its ${side} vocabulary is another one (${parts.join(', and ')})`
  const at = own.findIndex((symbol, id) => symbol !== other[id])
  return `its ${side} vocabulary has the same symbols in another order (${at} is ${JSON.stringify(other[at])}, not ${JSON.stringify(own[at])})`
}

function missingIn(known: readonly string[], symbols: readonly string[]): readonly string[] {
  const set = new Set(known)
  return symbols.filter((symbol) => !set.has(symbol))
}

const listedSymbols = 5

function listed(symbols: readonly string[]): string {
  const some = symbols.slice(0, listedSymbols).map((symbol) => JSON.stringify(symbol.slice(0, 40)))
  const more = symbols.length > listedSymbols ? ', ...' : ''
  return `${symbols.length} ${symbols.length === 1 ? 'symbol' : 'symbols'} (${some.join(', ')}${more})`
}

function tokenDifference(side: string, mine: object | undefined, theirs: object | undefined): string | undefined {
  if (isDeepStrictEqual(mine, theirs)) return undefined
  return `its ${side} is split into tokens otherwise (${JSON.stringify(theirs)}, not ${JSON.stringify(mine)})`
}

function piecesDifference(side: string, mine: object | undefined, theirs: object | undefined): string | undefined {
  return isDeepStrictEqual(mine, theirs) ? undefined : `its ${side} is cut into other pieces`
}

function seriesDifference(one: Parts, other: Parts): string | undefined {
  const names = ({ description }: Parts) => (description.scaling ?? []).map(({ name }) => name).join(', ')
  if (names(one) !== names(other)) return `its series are ${names(other)}, not ${names(one)}`
  if (names(one) === '') return undefined
  const steps = ({ sizes }: Parts) => `${sizes.longestSource} steps to ${sizes.longestTarget}`
  return steps(one) === steps(other) ? undefined : `it goes from ${steps(other)}, not from ${steps(one)}`
}
