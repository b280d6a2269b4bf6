import { CsvError, parse } from 'csv-parse/sync'
import { dataError } from './data-error.js'

/** One record of a CSV file, with the line that it begins on (from 1). */
export interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

/** The records of a CSV text without its blank lines; else as `csvRows`. */
export function csvRecords(text: string, path: string, separator: string, startLine = 1): CsvRecord[] {
  return csvRows(text, path, separator, startLine).filter((row) => !isBlank(row))
}

/** Of a line without anything but white space: one cell, and nothing in it. */
export function isBlank({ cells }: CsvRecord): boolean {
  return cells.length === 1 && cells[0] === ''
}

/**
 * The records of a CSV text (RFC 4180) that begins at a line of its file, and its blank lines: a cell in double quotes may hold
 * the separator, a line end, and "" for a quote. Cells are trimmed; how many cells a record has is for the caller to check.
 * Throws SeqlabError 'data' with file and line where quotes do not match.
 */
export function csvRows(text: string, path: string, separator: string, startLine: number): CsvRecord[] {
  const lastLines: number[] = []
  const firstLine = (index: number) => (lastLines[index - 1] ?? 0) + startLine
  try {
    const records = parse(text, {
      delimiter: separator,
      // Else a CR alone, which may be in any line, would end records where it comes first.
      record_delimiter: '\n',
      trim: true,
      relax_column_count: true,
      relax_quotes: true,
      on_record: (record, { lines }) => {
        lastLines.push(lines)
        return record
      },
    })
    return records.map((record, index) => ({ line: firstLine(index), cells: record.map((cell) => cell.trim()) }))
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    const place = { file: path, line: firstLine(lastLines.length) }
    if (cause.code === 'CSV_QUOTE_NOT_CLOSED') throw unclosedQuote(place, text, separator, cause)
    throw quoteError(place, 'the double quotes do not match', otherSeparator(text, separator), cause)
  }
}

/** The error of a record that begins at a place, and whose double quote no line of the text closes. */
export function unclosedQuote(place: LinePlace, text: string, separator: string, cause?: CsvError): Error {
  return quoteError(place, 'a double quote is not closed', otherSeparator(text, separator), cause)
}

interface LinePlace {
  readonly file: string
  readonly line: number
}

function quoteError(place: LinePlace, message: string, other: string | undefined, cause?: CsvError): Error {
  const hint =
    other === undefined
      ? 'inside a quoted cell, a double quote is written twice: ""'
      : `are the columns separated by ${JSON.stringify(other)}? Set \`separator\``
  return dataError(place, message, { hint, ...(cause && { cause }) })
}

/** What may separate the columns of a text whose first line has no separator in it. */
export function otherSeparator(text: string, separator: string): string | undefined {
  const [first = ''] = text.split('\n', 1)
  if (first.includes(separator)) return undefined
  return [...';\t|,'].find((mark) => mark !== separator && first.includes(mark))
}
