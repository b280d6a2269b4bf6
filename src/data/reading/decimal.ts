/** How a file writes its numbers. */
export interface NumberNotation {
  /** What separates the decimals. */
  readonly decimal: '.' | ','
  /** What separates thousands, where something does. */
  readonly thousands?: string
}

const pointed: NumberNotation = { decimal: '.' }

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

const grouped = /^[+-]?\d{1,3}([,.' \u00a0\u2009\u202f]\d{3})+([,.]\d+)?$/

const fillGaps =
  'a series has a number at every step: set missingValues: carry for the last number before a gap, or fill gaps before'

const notations: readonly (readonly [pattern: RegExp, what: string, hint: string])[] = [
  [/^$/, 'the cell is empty', fillGaps],
  [/^[+-]?0[xob][\da-f]+$/i, 'it is hexadecimal, octal or binary', 'write it in decimals'],
  [
    grouped,
    'a separator of thousands, or a decimal comma',
    'say which with `thousands` or `decimal: ","` (of data.source), or write 1234.5',
  ],
  [/^[+-]?\d*,\d+([eE][+-]?\d+)?$/, 'a decimal comma', 'set decimal: "," (of data.source), or write 1234.5'],
  [/^[+-]?(inf|infinity|∞)$/i, 'it is not finite', 'leave such steps out, or put a finite number in'],
]

const pointsAreOther: (typeof notations)[number] = [
  /^[+-]?\d*\.\d+([eE][+-]?\d+)?$/,
  'it has a decimal point',
  'the file is said to have decimal commas: leave `decimal` out, or set thousands: "." where the point separates thousands',
]

/** Why a cell is no decimal number, and what to do about it: an addition to the message that it is not a number. */
export function notDecimal(
  text: string,
  { decimal: mark }: NumberNotation = pointed,
): { readonly why: string; readonly hint: string } {
  if (text !== '' && missingMarks.includes(text.toLowerCase())) {
    return { why: ': a mark for a missing value', hint: fillGaps }
  }
  const known = mark === ',' ? [pointsAreOther, ...notations] : notations
  const [, what, hint] = known.find(([pattern]) => pattern.test(text)) ?? []
  return {
    why: what === undefined ? '' : `: ${what}`,
    hint:
      hint ??
      'choose the columns of numbers with `columns`, and the separator of columns with `separator`; other marks of missing values with `missing`',
  }
}
