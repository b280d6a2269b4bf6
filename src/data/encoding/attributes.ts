import type { DataOptions } from '../options.js'
import type { Column, Vocabulary } from '../types.js'
import { packIds } from './columns.js'
import { buildVocabulary } from './vocabulary.js'

/** What a token has besides itself, by name: lists of symbols, one for each token of a row. */
type TokenAttributes = Readonly<Record<string, readonly (readonly string[])[]>>

/** By name: the symbols that training tokens have. */
export type AttributeVocabularies = Readonly<Record<string, Vocabulary>>

/** The characters (code points) of a token, at most so many. */
function charactersOf(token: string, { maxLength }: { readonly maxLength: number }): readonly string[] {
  return [...token].slice(0, maxLength)
}

/** What the tokens of a row have, as the options ask for it. */
function attributesOf(tokens: readonly string[], { characters }: Pick<DataOptions, 'characters'>): TokenAttributes {
  return characters === undefined ? {} : { characters: tokens.map((token) => charactersOf(token, characters)) }
}

/** Of training rows. */
export function attributeVocabularies(
  rows: readonly (readonly string[])[],
  options: Pick<DataOptions, 'characters'>,
): AttributeVocabularies {
  const { characters } = options
  if (characters === undefined) return {}
  const { minFrequency } = characters
  return { characters: buildVocabulary(listsOf(rows, options, 'characters'), { specials: true, minFrequency }) }
}

/** By name: a column with a row for each token of the source, one row of tokens after the other. */
export function attributeColumns(
  rows: readonly (readonly string[])[],
  options: Pick<DataOptions, 'characters'>,
  idOf: Readonly<Record<string, (symbol: string) => number>> = {},
): { readonly attributes?: Readonly<Record<string, Column>> } {
  const names = Object.entries(idOf)
  if (names.length === 0) return {}
  return {
    attributes: Object.fromEntries(
      names.map(([name, id]) => [name, packIds([...listsOf(rows, options, name)], id)] as const),
    ),
  }
}

function* listsOf(
  rows: readonly (readonly string[])[],
  options: Pick<DataOptions, 'characters'>,
  name: string,
): Generator<readonly string[]> {
  for (const row of rows) yield* attributesOf(row, options)[name] ?? []
}
