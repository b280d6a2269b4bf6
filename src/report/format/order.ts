import { undefinedText } from './values.js'

// The order of texts with numbers in them (settings, labels, cells of tables): numbers by their size, not as words.

/** 8, -0.5, 1,000, 2e-3; a sign only where no word or number precedes it. */
const number = /((?:(?<![\w.])[-+])?(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?(?:e[-+]?\d+\b)?)/i

/** Whether a text stands for the lack of a value. */
export function isMissing(text: string): boolean {
  return text === '' || text === 'none' || text === undefinedText || text.startsWith(`${undefinedText}: `)
}

/** 0.25 before 0.5, 8 before 16 before 1,000, `hidden=8` before `hidden=16`, 5 % before 10 %; for `toSorted`. */
export function compareTexts(a: string, b: string): number {
  const [left, right] = [a.split(number), b.split(number)]
  const differing = left.findIndex((part, at) => compareParts(part, right[at] ?? '', at) !== 0)
  const order = differing < 0 ? left.length - right.length : compareParts(left[differing], right[differing], differing)
  return order === 0 ? a.localeCompare(b, 'en') : order
}

/** `split` with a group gives words at even and numbers at odd places. */
function compareParts(a = '', b = '', place = 0): number {
  return place % 2 === 1 && a !== '' && b !== '' ? numberOf(a) - numberOf(b) : a.localeCompare(b, 'en')
}

function numberOf(text: string): number {
  return Number(text.replaceAll(',', ''))
}

/** The values of a setting: numbers by size, others in the order in which they are given; those without a value last. */
export function orderedLevels(levels: readonly string[]): string[] {
  const known = levels.filter((level) => !isMissing(level))
  const areNumbers = known.every((level) => /^[-+]?\d/.test(level))
  return [...(areNumbers ? known.toSorted(compareTexts) : known), ...levels.filter(isMissing)]
}
