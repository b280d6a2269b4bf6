import Type from 'typebox'
import type { Place, Problem } from '../../core/errors.js'
import { didYouMean, listed } from '../../core/suggest.js'
import { readLinks } from '../alignment.js'
import { dataError } from '../data-error.js'
import { factorsSchema } from '../sources/factor-options.js'
import type { RawExample } from '../sources/types.js'

/** A column by its number, from 1, or by its name in the header. */
export type ColumnChoice = number | string

/** Of a column by its number or its name. */
export function columnSchema(settings: { readonly description?: string; readonly default?: number } = {}) {
  return Type.Union([Type.Integer({ minimum: 1, maximum: 10_000 }), Type.String({ minLength: 1 })], settings)
}

function sideColumn(side: string, fallback: number) {
  const description = `Column of the ${side}: its number, from 1, or its name in the header.`
  return columnSchema({ default: fallback, description })
}

const featuresColumn = columnSchema({
  description:
    "Column of the features (an inflection's tags): its number, from 1, or its name in the header; data.features sets how they are separated.",
})

const alignmentColumn = columnSchema({
  description:
    'Column of the true alignment, for `aer`: its number, from 1, or its name in the header. Pairs of a source token and a target token, from 0, as Pharaoh and fast_align write them: `0-0 1-2`; `1p2` is a possible link.',
})

/** Options of sources with columns; `header`: whether there is one where nothing is said. */
export function columnOptions(header: string) {
  return {
    sourceColumn: sideColumn('source', 1),
    targetColumn: sideColumn('target', 2),
    featuresColumn: Type.Optional(featuresColumn),
    alignmentColumn: Type.Optional(alignmentColumn),
    factors: factorsSchema(
      columnSchema(),
      "A column of each, by its number, from 1, or its name in the header: a text for each of the source's tokens, separated by spaces.",
    ),
    header: Type.Optional(
      Type.Boolean({ description: `Whether the first line of each file names the columns. Default: ${header}.` }),
    ),
  }
}

export interface ColumnOptions {
  readonly sourceColumn: ColumnChoice
  readonly targetColumn: ColumnChoice
  readonly featuresColumn?: ColumnChoice
  readonly alignmentColumn?: ColumnChoice
  readonly factors?: Factors<ColumnChoice>
  readonly header?: boolean
}

type Factors<T> = { readonly [name: string]: T }

/** Whether a column is chosen by its name. */
export function isNamed(options: ColumnOptions): boolean {
  const { sourceColumn, targetColumn, featuresColumn, alignmentColumn, factors = {} } = options
  const choices = [sourceColumn, targetColumn, featuresColumn, alignmentColumn, ...Object.values(factors)]
  return choices.some((choice) => typeof choice === 'string')
}

/** Names without a header to find them in. */
export function headerProblems(options: ColumnOptions): Problem[] {
  if (!isNamed(options) || options.header !== false) return []
  return [
    {
      path: 'header',
      message: 'a column is chosen by its name, and the files have no header',
      hint: 'choose columns by their numbers, from 1, or leave `header` out',
    },
  ]
}

/** A record's cells; its line, from 1. */
export interface Record {
  readonly line: number
  readonly cells: readonly string[]
}

/**
 * Where a chosen column stands in a record, from 0, by the first record of its file. Throws SeqlabError 'data' where there is no
 * column of that name, with those that there are and the nearest of them, or where two have it. `ofOne`: as in `columnNamed`.
 */
export function columnAt(choice: ColumnChoice, first: Record, file: string, ofOne?: string): number {
  return typeof choice === 'string' ? columnNamed(choice, first.cells, { file, line: first.line }, ofOne) : choice - 1
}

/** Of an example's sides, from 0. */
export interface Columns {
  readonly source: number
  readonly target: number
  readonly features?: number
  readonly alignment?: number
  readonly factors?: Factors<number>
}

/** Throws as `columnAt`. */
export function columnsOf(options: ColumnOptions, first: Record, file: string, ofOne?: string): Columns {
  const of = (choice: ColumnChoice) => columnAt(choice, first, file, ofOne)
  return {
    source: of(options.sourceColumn),
    target: of(options.targetColumn),
    ...(options.featuresColumn !== undefined && { features: of(options.featuresColumn) }),
    ...(options.alignmentColumn !== undefined && { alignment: of(options.alignmentColumn) }),
    ...(options.factors && { factors: mapped(options.factors, of) }),
  }
}

/** How many cells a record must have. */
export function neededCells({ source, target, features = 0, alignment = 0, factors = {} }: Columns): number {
  return Math.max(source, target, features, alignment, ...Object.values(factors)) + 1
}

function mapped<T, U>(factors: Factors<T>, of: (value: T) => U): Factors<U> {
  return Object.fromEntries(Object.entries(factors).map(([name, value]) => [name, of(value)] as const))
}

/** The sides of the example in a record. Throws SeqlabError 'data' for an alignment that is none. */
export function sidesOf(cells: readonly string[], columns: Columns, place: Place): Omit<RawExample, 'where'> {
  return {
    source: cells[columns.source] ?? '',
    target: cells[columns.target] ?? '',
    ...(columns.features !== undefined && { features: cells[columns.features] ?? '' }),
    ...(columns.alignment !== undefined && { alignment: readLinks(cells[columns.alignment] ?? '', place) }),
    ...(columns.factors && { factors: mapped(columns.factors, (at) => cells[at] ?? '') }),
  }
}

/**
 * Where the column of that name is, from 0, whichever form its letters have (UAX 15). `ofOne`: what may be wrong where there
 * is one column alone. Throws SeqlabError 'data' where there is none of that name, or two.
 */
export function columnNamed(name: string, names: readonly string[], place: Place, ofOne?: string): number {
  const isIt = (other: string) => other.normalize('NFC') === name.normalize('NFC')
  const at = names.findIndex(isIt)
  if (at === -1) {
    const hint = names.length === 1 ? ofOne : undefined
    const message = `there is no column ${JSON.stringify(name)}${hint === undefined ? didYouMean(name, names) : ''}`
    throw dataError(place, message, { expected: listed(names), ...(hint !== undefined && { hint }) })
  }
  const twin = names.findIndex((other, index) => index > at && isIt(other))
  if (twin === -1) return at
  throw dataError({ ...place, column: twin + 1 }, `two columns are called ${JSON.stringify(name)}`, {
    expected: 'a name of its own for each column that is read',
    received: listed(names),
    hint: 'choose the column by its number, from 1',
  })
}
