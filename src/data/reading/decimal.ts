/** A decimal number as data files write it, with a point: `-2.5e3`. Anything else is not a number, never a guess. */
export function decimal(text: string): number | undefined {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(value) ? value : undefined
}

const absent = ['na', 'n/a', '#n/a', '<na>', 'nan', 'null', 'nil', 'none', 'missing', '-', '--', '?', '.', '*', '..']

const grouped = /^[+-]?\d{1,3}([,.' \u00a0\u2009\u202f]\d{3})+([,.]\d+)?$/

const notations: readonly (readonly [pattern: RegExp, what: string, hint: string])[] = [
  [/^$/, 'the cell is empty', 'fill gaps before: a series has a number at every step'],
  [/^[+-]?0[xob][\da-f]+$/i, 'it is hexadecimal, octal or binary', 'write it in decimals'],
  [
    grouped,
    'a separator of thousands, or a decimal comma',
    'write it without separators of thousands and with a decimal point: 1234.5',
  ],
  [/^[+-]?\d*,\d+([eE][+-]?\d+)?$/, 'a decimal comma', 'write it with a decimal point: 1234.5'],
  [/^[+-]?(inf|infinity|∞)$/i, 'it is not finite', 'leave such steps out, or put a finite number in'],
]

/** Why a cell is no decimal number, and what to do about it: an addition to the message that it is not a number. */
export function notDecimal(text: string): { readonly why: string; readonly hint: string } {
  if (absent.includes(text.toLowerCase())) {
    return { why: ': a mark for a missing value', hint: 'fill gaps before: a series has a number at every step' }
  }
  const [, what, hint] = notations.find(([pattern]) => pattern.test(text)) ?? []
  return {
    why: what === undefined ? '' : `: ${what}`,
    hint: hint ?? 'choose the columns of numbers with `columns`, and the separator of columns with `separator`',
  }
}
