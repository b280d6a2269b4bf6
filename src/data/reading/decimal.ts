/** How a file writes its numbers. */
export interface NumberNotation {
  /** What separates the decimals. */
  readonly decimal: '.' | ','
  /** What separates thousands, where something does. */
  readonly thousands?: string
}

const pointed: NumberNotation = { decimal: '.' }

/** By the options of a source, which may leave both out. */
export function notationOf({ decimal: mark = '.', thousands }: Partial<NumberNotation>): NumberNotation {
  return { decimal: mark, ...(thousands !== undefined && { thousands }) }
}

/** A decimal number as data files write it: `-2.5e3`, by another notation `1 234,5`. Anything else is not a number, never a guess. */
export function decimal(text: string, { decimal: mark, thousands }: NumberNotation = pointed): number | undefined {
  const plain = thousands === undefined ? text : ungrouped(text, mark, thousands)
  if (mark === ',' && plain.includes('.')) return undefined
  const written = mark === ',' ? plain.replace(',', '.') : plain
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(written) ? Number(written) : Number.NaN
  return Number.isFinite(value) ? value : undefined
}

/** Without its separators of thousands, if they are where thousands end. */
function ungrouped(text: string, mark: string, thousands: string): string {
  const [whole = '', ...decimals] = text.split(mark)
  const [first = '', ...groups] = whole.split(thousands)
  const isGrouped = /^[+-]?\d{1,3}$/.test(first) && groups.every((group) => /^\d{3}$/.test(group))
  return isGrouped ? [`${first}${groups.join('')}`, ...decimals].join(mark) : text
}

/** How files mark that a value is missing, in lower case; an empty cell does too. */
export const missingMarks: readonly string[] = [
  ...['', 'na', 'n/a', '#n/a', '<na>', 'nan', 'null', 'nil', 'none', 'missing'],
  ...['-', '--', '?', '.', '*', '..'],
]

/** What is known of how a cell's file is read, beyond its notation. */
export interface CellReading {
  readonly missingValues?: 'refuse' | 'carry'
  /** Whether the options are those of a trained model: then the file must be as that model's data were. */
  readonly isTrained?: boolean
}

/** Why a cell is no number, and what to do about it. */
interface Reason {
  readonly what: string
  readonly hint: string
}

/** Why a cell is no decimal number, and what to do about it: an addition to the message that it is not a number. */
export function notDecimal(
  text: string,
  notation: NumberNotation = pointed,
  reading: CellReading = {},
): { readonly why: string; readonly hint: string } {
  const reason = reasonOf(text, notation, reading)
  if (reason !== undefined) return { why: `: ${reason.what}`, hint: reason.hint }
  const hint =
    reading.isTrained === true
      ? 'columns, their separator and marks of missing values are those of the data that the model was trained on'
      : 'choose the columns of numbers with `columns`, and the separator of columns with `separator`; other marks of missing values with `missing`'
  return { why: '', hint }
}

const grouped = /^[+-]?\d{1,3}([,.' \u00a0\u2009\u202f]\d{3})+([,.]\d+)?$/
const decimalComma = /^[+-]?\d*,\d+([eE][+-]?\d+)?$/
const decimalPoint = /^[+-]?\d*\.\d+([eE][+-]?\d+)?$/

function reasonOf(text: string, notation: NumberNotation, reading: CellReading): Reason | undefined {
  if (missingMarks.includes(text.toLowerCase())) {
    const what = text === '' ? 'the cell is empty' : 'a mark for a missing value'
    return { what, hint: gapHint(text, reading) }
  }
  const notationReason = (what: string, hint: string) => ({ what, hint: notationHint(hint, notation, reading) })
  if (notation.decimal === ',' && decimalPoint.test(text)) {
    return notationReason(
      'it has a decimal point',
      'the file is said to have decimal commas: leave `decimal` out, or set thousands: "." where the point separates thousands',
    )
  }
  if (/^[+-]?0[xob][\da-f]+$/i.test(text)) {
    return { what: 'it is hexadecimal, octal or binary', hint: 'write it in decimals' }
  }
  if (grouped.test(text)) return groupedReason(text, notation, notationReason)
  if (decimalComma.test(text)) {
    return notationReason('a decimal comma', 'set decimal: "," (of data.source), or write 1234.5')
  }
  if (/^[+-]?(inf|infinity|∞)$/i.test(text)) {
    return { what: 'it is not finite', hint: 'leave such steps out, or put a finite number in' }
  }
  return undefined
}

/** With decimal commas what separates thousands is the only question. */
function groupedReason(
  text: string,
  { decimal: mark }: NumberNotation,
  reasonFor: (what: string, hint: string) => Reason,
): Reason {
  const separator = /[^\d+-]/.exec(text)?.[0] ?? ''
  if (mark === ',' && separator !== ',') {
    return reasonFor(
      'a separator of thousands',
      `set thousands: ${JSON.stringify(separator)} (of data.source), or write 1234,5`,
    )
  }
  if (mark === ',') {
    return reasonFor(
      'several commas',
      'the file is said to have decimal commas: leave `decimal` out, and set thousands: "," (of data.source)',
    )
  }
  return reasonFor(
    'a separator of thousands, or a decimal comma',
    'say which with `thousands` or `decimal: ","` (of data.source), or write 1234.5',
  )
}

/** What is set already is not to be set: where thousands have a separator, or a model has been trained, the cell is to be corrected. */
function notationHint(hint: string, { decimal: mark, thousands }: NumberNotation, { isTrained }: CellReading): string {
  const written = thousands === undefined ? `1234${mark}5` : `1${thousands}234${mark}5`
  if (isTrained === true) return `write numbers as in the data that the model was trained on: ${written}`
  if (thousands === undefined) return hint
  return `numbers are read as ${written}: correct the cell, or \`decimal\` and \`thousands\` (of data.source)`
}

function gapHint(text: string, { missingValues, isTrained }: CellReading): string {
  if (isTrained === true) return 'a series has a number at every step: fill gaps before'
  if (missingValues === 'carry') return `it is none of the marks in \`missing\`: add ${JSON.stringify(text)} to them`
  return 'a series has a number at every step: set missingValues: carry for the last number before a gap, or fill gaps before'
}
