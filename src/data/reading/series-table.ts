import type { Place } from '../../core/errors.js'
import { type CsvRecord, isBlank } from '../csv.js'
import { dataError } from '../data-error.js'
import type { SeriesWidths } from '../sources/types.js'
import { type ColumnChoice, columnNamed } from './columns.js'
import { type CellReading, decimal, missingMarks, type NumberNotation, notationOf, notDecimal } from './decimal.js'

/** Which columns of a table are read, what for, and how their numbers are written. */
export interface SeriesTableOptions {
  readonly columns?: readonly ColumnChoice[]
  readonly targets?: readonly ColumnChoice[]
  readonly inputs?: readonly ColumnChoice[]
  readonly knownAhead?: readonly ColumnChoice[]
  readonly header?: boolean
  readonly decimal?: NumberNotation['decimal']
  readonly thousands?: string
  readonly missing?: readonly string[]
  readonly missingValues?: 'refuse' | 'carry'
}

/** Where the columns of a table are. */
export interface SeriesPlaces {
  readonly names: readonly string[]
  /** From 0: targets, inputs, then what is known ahead. */
  readonly places: readonly number[]
  readonly widths: SeriesWidths
}

/** Without a choice every column is a target. Throws SeqlabError 'data' where there is no such column, or two. */
export function seriesPlaces(options: SeriesTableOptions, all: readonly string[], place: Place): SeriesPlaces {
  const { targets = options.columns ?? all, inputs = [], knownAhead = [] } = options
  const places = [...targets, ...inputs, ...knownAhead].map((choice) => columnOf(choice, all, place))
  const twin = places.find((each, at) => places.indexOf(each) < at)
  if (twin !== undefined) throw dataError(place, `the column ${JSON.stringify(all[twin])} is chosen twice`)
  return {
    names: places.map((at) => all[at] ?? ''),
    places,
    widths: { targets: targets.length, inputs: inputs.length, knownAhead: knownAhead.length },
  }
}

const otherSeparator = 'is the separator of columns another one? (`separator`)'

/** Where a column of that name or number is, from 0. Throws SeqlabError 'data' where there is none, or two. */
function columnOf(choice: ColumnChoice, all: readonly string[], place: Place): number {
  if (typeof choice === 'string') return columnNamed(choice, all, place, otherSeparator)
  if (choice <= all.length) return choice - 1
  throw dataError(place, `there is no column ${choice}`, {
    expected: `1 to ${all.length}`,
    ...(all.length === 1 && { hint: otherSeparator }),
  })
}

/** Reads the records of a table one by one. */
export interface SeriesTable extends Pick<SeriesPlaces, 'widths'> {
  /**
   * The numbers of a step, in the order of the names. `before`: those of the step before, for missing values that are carried.
   * A blank line is a step whose values are all missing: without it those after it would be a step too early.
   * Throws SeqlabError 'data', with line and column, where a cell is no number.
   */
  step(record: CsvRecord, before: readonly number[] | undefined): readonly number[]
  /** Of a step that is not there yet: what is known of it. `before`: the same of the step before. Throws as `step`. */
  ahead(record: CsvRecord, before: readonly number[] | undefined): readonly number[]
  /** Whether a step is not there yet: some columns are known ahead, and all targets are missing. */
  isAhead(record: CsvRecord): boolean
}

interface TableForm {
  readonly file: string
  /** How many cells a record has, and the line of the first one. */
  readonly count: number
  readonly line: number
  /** Whether the options are those of a trained model, which cannot be set. */
  readonly isTrained?: boolean
}

/** `carried` is told the name of the column of each missing value that is carried. */
export function seriesTable(
  { names, places, widths }: SeriesPlaces,
  options: SeriesTableOptions,
  { file, count, line: first, isTrained = false }: TableForm,
  carried: (name: string) => void = () => {},
): SeriesTable {
  const { missingValues } = options
  const notation = notationOf(options)
  const reading = { isTrained, ...(missingValues !== undefined && { missingValues }) }
  const marks = new Set(options.missing?.map((each) => each.trim().toLowerCase()) ?? missingMarks)
  const isMissing = (cell: string) => marks.has(cell.toLowerCase())
  const numbers = (record: CsvRecord, from: number, before: readonly number[] | undefined) => {
    const place = { file, line: record.line }
    if (isBlank(record) && missingValues !== 'carry') throw blankLine(place, count, isTrained)
    const cells = isBlank(record) ? Array.from({ length: count }, () => '') : record.cells
    if (cells.length !== count) throw wrongCount(place, count, first, cells.length, isTrained)
    return places.slice(from).map((column, at) => {
      const [cell = '', own] = [cells[column], { ...place, column: column + 1 }]
      const missing = isMissing(cell)
      if (missingValues !== 'carry' || !missing) return numberOf(cell, own, notation, missing, reading)
      carried(names[from + at] ?? '')
      return lastOf(before?.[at], own)
    })
  }
  const known = widths.targets + widths.inputs
  return {
    widths,
    step: (record, before) => numbers(record, 0, before),
    ahead: (record, before) => numbers(record, known, before),
    isAhead: ({ cells }) =>
      widths.knownAhead > 0 && places.slice(0, widths.targets).every((column) => isMissing(cells[column] ?? '')),
  }
}

function lastOf(value: number | undefined, place: Place): number {
  if (value !== undefined) return value
  throw dataError(place, 'the value is missing, and there is none before it to carry forward', {
    hint: 'leave out the steps before the first number of every column',
  })
}

function blankLine(place: Place, count: number, isTrained: boolean): Error {
  const carry = isTrained
    ? 'fill the gap where a step is missing here'
    : 'set missingValues: carry for the last numbers before it where a step is missing here'
  return dataError(place, 'the line is blank, and every line of a series is a step', {
    expected: count === 1 ? 'a number' : `${count} columns`,
    received: 'a blank line',
    hint: `${carry}; delete the line where none is`,
  })
}

function wrongCount(place: Place, expected: number, first: number, received: number, isTrained: boolean): Error {
  const commas =
    'commas in numbers (decimal commas, separators of thousands) count as separators of columns: put such cells in double quotes'
  return dataError(place, 'the line has a wrong number of columns', {
    expected: `${expected}, as in line ${first}`,
    received: `${received}`,
    hint: isTrained
      ? commas
      : `${commas} (with \`decimal: ","\` or \`thousands\`), or separate columns by \`separator: ";"\``,
  })
}

/** A cell's number. Throws SeqlabError 'data', with the reason, where it is none. */
function numberOf(
  cell: string,
  place: Place,
  notation: NumberNotation,
  isMissing: boolean,
  reading: CellReading,
): number {
  const value = isMissing ? undefined : decimal(cell, notation)
  if (value !== undefined) return value
  const { why, hint } = notDecimal(cell, notation, reading)
  throw dataError(place, `this is not a number${why}`, {
    expected: 'a finite number',
    received: JSON.stringify(cell),
    hint,
  })
}
