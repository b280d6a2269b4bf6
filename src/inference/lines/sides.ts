import type { Place } from '../../core/errors.js'
import { csvRecords } from '../../data/csv.js'
import { dataError } from '../../data/data-error.js'
import { type ColumnChoice, columnAt, isNamed } from '../../data/reading/columns.js'
import { objectOf, textAt } from '../../data/reading/json-text.js'
import type { RawText } from '../../data/sources/types.js'
import type { Spec } from '../../spec/types.js'

/** A line of the input, or a record of several. */
export interface TextLine {
  readonly number: number
  readonly text: string
}

export type Side = 'source' | 'target' | 'features' | `factor ${string}`

/**
 * What finds the sides of an example in a line; undefined for a table's header. A side is looked for when it is asked for: what is
 * predicted need not be there. Throws SeqlabError 'data', with the line, where there is none.
 */
export type SideReader = (line: TextLine) => ((side: Side) => RawText) | undefined

/** For the lines of one input, in their order; `asked`: what an error of a line that cannot be read names. */
export function sideReader(
  format: 'tsv' | 'csv' | 'jsonl',
  spec: Pick<Spec, 'data'>,
  file: string,
  asked: readonly ('source' | 'target')[],
): SideReader {
  return format === 'jsonl' ? objectReader(spec, file, asked) : tableReader(spec, format, file)
}

/**
 * A table as the run's own data has it: its columns, their separator, a header or none. A run whose data are no such table: the
 * source in the first column, the target in the second, features in the third, as SIGMORPHON has them.
 */
function tableReader({ data }: Pick<Spec, 'data'>, format: 'tsv' | 'csv', file: string): SideReader {
  const { source } = data
  const own = (source.type === 'tsv' || source.type === 'csv') && source.type === format ? source : undefined
  const chosen: Readonly<Partial<Record<Side, ColumnChoice>>> = {
    source: own?.sourceColumn ?? 1,
    target: own?.targetColumn ?? 2,
    features: own?.featuresColumn ?? 3,
    ...byFactor(own?.factors),
  }
  const choiceOf = (side: Side, number: number) => chosen[side] ?? refuseFactor(side, format, { file, line: number })
  const header = own !== undefined && (own.header ?? (own.type === 'csv' || isNamed(own)))
  const separator = separatorOf({ data })
  const cellsOf = ({ text, number }: TextLine) =>
    format === 'tsv' ? text.split('\t') : (csvRecords(text, file, separator, number)[0]?.cells ?? [''])
  let first: { readonly line: number; readonly cells: readonly string[] } | undefined
  return (line) => {
    const { number } = line
    const cells = cellsOf(line)
    first ??= { line: number, cells }
    const names = first
    if (header && names.line === number) {
      columnAt(choiceOf('source', number), names, file)
      return undefined
    }
    return (side) => {
      const at = columnAt(choiceOf(side, number), names, file)
      const cell = cells[at]
      if (cell !== undefined) return cell
      throw dataError({ file, line: number }, 'the line has too few columns', {
        expected: `at least ${at + 1}`,
        received: `${cells.length}`,
      })
    }
  }
}

/** What separates the columns of a CSV file: as in the run's own data, where these are CSV. */
export function separatorOf({ data: { source } }: Pick<Spec, 'data'>): string {
  return source.type === 'csv' || source.type === 'series' ? (source.separator ?? ',') : ','
}

type Factors<T> = { readonly [name: string]: T }

function byFactor<T>(factors: Factors<T> = {}): { readonly [side: `factor ${string}`]: T } {
  return Object.fromEntries(Object.entries(factors).map(([name, choice]) => [`factor ${name}`, choice] as const))
}

/** Of tables that are not the run's own. */
function refuseFactor(side: Side, format: string, place: Place): never {
  throw dataError(place, `the model reads a ${side} of each token, and its own data are no ${format}`, {
    hint: "Use --input jsonl, with a key of that name; a run's own conllu and tagged files are read by --input conllu and tagged.",
  })
}

/** What a line has of each token besides, by name. */
export function factorsOf(
  sides: (side: Side) => RawText,
  factors: Spec['data']['factors'],
): { readonly factors?: Readonly<Record<string, RawText>> } {
  if (factors === undefined) return {}
  const texts = Object.keys(factors).map((name) => [name, sides(`factor ${name}`)] as const)
  return { factors: Object.fromEntries(texts) }
}

/** An object a line, by the keys of the run's own data; of other runs `source`, `target`, `features`, and the names of factors. */
function objectReader({ data }: Pick<Spec, 'data'>, file: string, asked: readonly ('source' | 'target')[]): SideReader {
  const own = data.source.type === 'jsonl' ? data.source : undefined
  const keys: Readonly<Partial<Record<Side, string>>> = {
    source: own?.sourceColumn ?? 'source',
    target: own?.targetColumn ?? 'target',
    features: own?.featuresColumn ?? 'features',
    ...byFactor(own?.factors),
  }
  const keyOf = (side: Side) => keys[side] ?? side.slice('factor '.length)
  const sides: readonly Side[] = [
    ...asked,
    ...(data.features === undefined ? [] : (['features'] as const)),
    ...Object.keys(data.factors ?? {}).map((name) => `factor ${name}` as const),
  ]
  const names = sides.map(keyOf)
  return ({ number, text }) => {
    const place = { file, line: number }
    const object = objectOf(text, place, names)
    return (side) => textAt(object, keyOf(side), place)
  }
}
