import Type from 'typebox'
import type { Place, Problem } from '../../core/errors.js'
import { didYouMean } from '../../core/suggest.js'
import { dataError } from '../data-error.js'

/** A column by its number, from 1, or by its name in the header. */
export type ColumnChoice = number | string

export function columnSchema(side: string, fallback: number) {
  return Type.Union([Type.Integer({ minimum: 1, maximum: 10_000 }), Type.String({ minLength: 1 })], {
    default: fallback,
    description: `Column of the ${side}: its number, from 1, or its name in the header.`,
  })
}

export function headerSchema(fallback: string) {
  return Type.Optional(
    Type.Boolean({ description: `Whether the first line of each file names the columns. Default: ${fallback}.` }),
  )
}

export interface ColumnOptions {
  readonly sourceColumn: ColumnChoice
  readonly targetColumn: ColumnChoice
  readonly header?: boolean
}

/** Whether a column is chosen by its name. */
export function isNamed({ sourceColumn, targetColumn }: ColumnOptions): boolean {
  return typeof sourceColumn === 'string' || typeof targetColumn === 'string'
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
 * column of that name, with those that there are and the nearest of them, or where two have it.
 */
export function columnAt(choice: ColumnChoice, first: Record, file: string): number {
  return typeof choice === 'string' ? named(choice, first.cells, { file, line: first.line }) : choice - 1
}

function named(name: string, names: readonly string[], place: Place): number {
  const at = names.indexOf(name)
  if (at === -1) {
    throw dataError(place, `there is no column ${JSON.stringify(name)}${didYouMean(name, names)}`, {
      expected: 'the name of a column of the header',
      received: names
        .map((each) => JSON.stringify(each))
        .join(', ')
        .slice(0, 300),
    })
  }
  if (names.indexOf(name, at + 1) === -1) return at
  throw dataError(place, `two columns are called ${JSON.stringify(name)}`, {
    hint: 'choose the column by its number, from 1',
  })
}
