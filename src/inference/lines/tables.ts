import { csvRecords } from '../../data/csv.js'
import { dataError } from '../../data/data-error.js'
import { type ColumnChoice, columnAt, isNamed } from '../../data/reading/columns.js'
import type { Spec } from '../../spec/types.js'

export type TableFormat = 'tsv' | 'csv'

/** A line of a table. */
export interface TableLine {
  readonly number: number
  readonly text: string
}

/** The cells of a table's lines, read one after the other. */
export interface TableReader {
  /** The chosen column of a line; undefined for the header. Throws SeqlabError 'data' where a line lacks it. */
  cell(line: TableLine, side: 'source' | 'target' | 'features'): string | undefined
}

/**
 * A table as the run's own data has it: its columns, their separator, a header or none. A run whose data are no such table: the
 * source in the first column, the target in the second, features in the third.
 */
export function tableReader({ data }: Pick<Spec, 'data'>, format: TableFormat, file: string): TableReader {
  const { source } = data
  const own = (source.type === 'tsv' || source.type === 'csv') && source.type === format ? source : undefined
  const chosen: Readonly<Record<'source' | 'target' | 'features', ColumnChoice>> = {
    source: own?.sourceColumn ?? 1,
    target: own?.targetColumn ?? 2,
    // As SIGMORPHON has them.
    features: own?.featuresColumn ?? 3,
  }
  const header = own !== undefined && (own.header ?? (own.type === 'csv' || isNamed(own)))
  const separator = own?.type === 'csv' ? own.separator : ','
  const cellsOf = (text: string) =>
    format === 'tsv' ? text.split('\t') : (csvRecords(text, file, separator)[0]?.cells ?? [''])
  let first: { readonly line: number; readonly cells: readonly string[] } | undefined
  return {
    cell: ({ number, text }, side) => {
      const cells = cellsOf(text)
      first ??= { line: number, cells }
      const at = columnAt(chosen[side], first, file)
      if (header && first.line === number) return undefined
      const cell = cells[at]
      if (cell !== undefined) return cell
      throw dataError({ file, line: number }, 'the line has too few columns', {
        expected: `at least ${at + 1}`,
        received: `${cells.length}`,
      })
    },
  }
}
