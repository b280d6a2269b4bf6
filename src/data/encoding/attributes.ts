import type { DataOptions, FactorOptions } from '../options.js'
import type { Column, Vocabulary } from '../types.js'
import { packIds } from './columns.js'
import type { TokenExample } from './tokenise.js'
import { buildVocabulary } from './vocabulary.js'

/** What a token has besides itself, by name: lists of symbols, one for each token of a row. */
type TokenAttributes = Readonly<Record<string, readonly (readonly string[])[]>>

/** By name: the symbols that training tokens have. */
export type AttributeVocabularies = Readonly<Record<string, Vocabulary>>

/** A row of tokens, which may be cut: its factors are of as many tokens or more. */
type Row = Pick<TokenExample, 'source' | 'factors'>

/** What of the options says which attributes there are. */
type Read = Pick<DataOptions, 'characters' | 'factors'>

/** The characters (code points) of a token, at most so many. */
function charactersOf(token: string, { maxLength }: { readonly maxLength: number }): readonly string[] {
  return [...token].slice(0, maxLength)
}

/** The values in a token's text of a factor: one, or any number where they are separated. Equal texts have one list. */
function valuesIn({ separator }: Pick<FactorOptions, 'separator'>): (text: string) => readonly string[] {
  const known = new Map<string, readonly string[]>()
  return (text) => {
    const first = known.get(text)
    if (first !== undefined) return first
    const values = separator === undefined ? [text] : text.split(separator).map((value) => value.trim())
    const named = values.filter((value) => value !== '')
    const found = separator !== undefined && named.length === 1 && named[0] === '_' ? [] : named
    known.set(text, found)
    return found
  }
}

/** How the attributes that the options ask for are read of a row: a list for each of its tokens. */
function readersOf({
  characters,
  factors = {},
}: Read): Readonly<Record<string, (row: Row) => TokenAttributes[string]>> {
  const ofFactors = Object.entries(factors).map(([name, options]) => {
    const values = valuesIn(options)
    const read = ({ source, factors: texts = {} }: Row) => source.map((_, at) => values(texts[name]?.[at] ?? ''))
    return [name, read] as const
  })
  return {
    ...(characters && { characters: ({ source }) => source.map((token) => charactersOf(token, characters)) }),
    ...Object.fromEntries(ofFactors),
  }
}

/** Of training rows. */
export function attributeVocabularies(rows: readonly Row[], options: Read): AttributeVocabularies {
  const vocabularies = Object.entries(readersOf(options)).map(([name, read]) => {
    const { minFrequency = 1 } = name === 'characters' ? (options.characters ?? {}) : (options.factors?.[name] ?? {})
    return [name, buildVocabulary(listsOf(rows, read), { specials: true, minFrequency })] as const
  })
  return Object.fromEntries(vocabularies)
}

/** By name: a column with a row for each token of the source, one row of tokens after the other. */
export function attributeColumns(
  rows: readonly Row[],
  options: Read,
  idOf: Readonly<Record<string, (symbol: string) => number>> = {},
): { readonly attributes?: Readonly<Record<string, Column>> } {
  const columns = Object.entries(readersOf(options)).flatMap(([name, read]) => {
    const id = idOf[name]
    return id === undefined ? [] : [[name, packIds([...listsOf(rows, read)], id)] as const]
  })
  return columns.length === 0 ? {} : { attributes: Object.fromEntries(columns) }
}

function* listsOf(rows: readonly Row[], read: (row: Row) => TokenAttributes[string]): Generator<readonly string[]> {
  for (const row of rows) yield* read(row)
}
