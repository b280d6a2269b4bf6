import { csvRecords } from '../../data/csv.js'
import { dataError } from '../../data/data-error.js'
import { type ColumnChoice, columnAt, isNamed } from '../../data/reading/columns.js'
import { objectOf, textAt } from '../../data/reading/json-text.js'
import type { RawText } from '../../data/sources/types.js'
import type { Spec } from '../../spec/types.js'

/** A line of the input. */
export interface TextLine {
  readonly number: number
  readonly text: string
}

export type Side = 'source' | 'target' | 'features'

/**
 * What finds the sides of an example in a line; undefined for a table's header. A side is looked for when it is asked for: what is
 * predicted need not be there. Throws SeqlabError 'data', with the line, where there is none.
 */
export type SideReader = (line: TextLine) => ((side: Side) => RawText) | undefined

/** For the lines of one input, in their order. */
export function sideReader(format: 'tsv' | 'csv' | 'jsonl', spec: Pick<Spec, 'data'>, file: string): SideReader {
  return format === 'jsonl' ? objectReader(spec, file) : tableReader(spec, format, file)
}

/**
 * A table as the run's own data has it: its columns, their separator, a header or none. A run whose data are no such table: the
 * source in the first column, the target in the second, features in the third, as SIGMORPHON has them.
 */
function tableReader({ data }: Pick<Spec, 'data'>, format: 'tsv' | 'csv', file: string): SideReader {
  const { source } = data
  const own = (source.type === 'tsv' || source.type === 'csv') && source.type === format ? source : undefined
  const chosen: Readonly<Record<Side, ColumnChoice>> = {
    source: own?.sourceColumn ?? 1,
    target: own?.targetColumn ?? 2,
    features: own?.featuresColumn ?? 3,
  }
  const header = own !== undefined && (own.header ?? (own.type === 'csv' || isNamed(own)))
  const separator = own?.type === 'csv' ? own.separator : ','
  const cellsOf = ({ text, number }: TextLine) =>
    format === 'tsv' ? text.split('\t') : (csvRecords(text, file, separator, number)[0]?.cells ?? [''])
  let first: { readonly line: number; readonly cells: readonly string[] } | undefined
  return (line) => {
    const { number } = line
    const cells = cellsOf(line)
    first ??= { line: number, cells }
    const names = first
    if (header && names.line === number) {
      columnAt(chosen.source, names, file)
      return undefined
    }
    return (side) => {
      const at = columnAt(chosen[side], names, file)
      const cell = cells[at]
      if (cell !== undefined) return cell
      throw dataError({ file, line: number }, 'the line has too few columns', {
        expected: `at least ${at + 1}`,
        received: `${cells.length}`,
      })
    }
  }
}

/** An object a line, by the keys of the run's own data; of other runs `source`, `target` and `features`. */
function objectReader({ data }: Pick<Spec, 'data'>, file: string): SideReader {
  const own = data.source.type === 'jsonl' ? data.source : undefined
  const keys: Readonly<Record<Side, string>> = {
    source: own?.sourceColumn ?? 'source',
    target: own?.targetColumn ?? 'target',
    features: own?.featuresColumn ?? 'features',
  }
  return ({ number, text }) => {
    const place = { file, line: number }
    const object = objectOf(text, place)
    return (side) => textAt(object, keys[side], place)
  }
}
