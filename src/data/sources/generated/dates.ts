import Type from 'typebox'
import type { Random } from '../../../core/random.js'
import type { Link, RawAlignment, TrueAlignment } from '../../alignment.js'
import { defineGenerator } from '../../generating/define-generator.js'

const year = (which: string, fallback: number) =>
  Type.Integer({ minimum: 1000, maximum: 9999, default: fallback, description: `${which} year.` })

export const dates = defineGenerator({
  name: 'dates',
  summary: 'Generated: a date as people write it in English, and as ISO 8601 has it: 3 May 1979 is 1979-05-03.',
  equations: [],
  source: { paper: 'ISO 8601-1:2019 (the target); the task is known from courses on attention (Ng et al. 2017)' },
  options: { firstYear: year('First', 1950), lastYear: year('Last', 2049) },
  problems: ({ firstYear, lastYear }) =>
    firstYear <= lastYear
      ? []
      : [
          {
            path: 'firstYear',
            message: 'the first year is after the last',
            expected: `at most ${lastYear}`,
            received: `${firstYear}`,
          },
        ],
  build: ({ firstYear, lastYear }) => {
    const [first, after] = [dayOf(firstYear), dayOf(lastYear + 1)]
    return (random) => {
      const date = new Date((first + random.below(after - first)) * dayMs)
      const source = written(date, random)
      return { source, target: date.toISOString().slice(0, 10), alignment: alignmentOf(source) }
    }
  },
})

const dayMs = 24 * 60 * 60 * 1000

function dayOf(year: number): number {
  return Date.UTC(year, 0, 1) / dayMs
}

const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
]
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** What a form of writing is made of. */
interface Parts {
  readonly day: number
  readonly month: string
  readonly monthNumber: number
  readonly year: number
  readonly weekday: string
}

/** None of them can be read as another date. */
const forms: readonly ((parts: Parts) => string)[] = [
  ({ day, month, year }) => `${day} ${month} ${year}`,
  ({ day, month, year }) => `${day} ${short(month)} ${year}`,
  ({ day, month, year }) => `${month} ${day}, ${year}`,
  ({ day, month, year }) => `${short(month)} ${day}, ${year}`,
  ({ day, month, year }) => `${ordinal(day)} of ${month} ${year}`,
  ({ day, month, year, weekday }) => `${weekday}, ${day} ${month} ${year}`,
  ({ day, month, year, weekday }) => `${short(weekday)} ${day} ${short(month)} ${year}`,
  ({ day, month, year, weekday }) => `${weekday}, ${month} ${ordinal(day)}, ${year}`,
  ({ day, monthNumber, year }) => `${year}/${monthNumber}/${day}`,
  ({ day, monthNumber, year }) => `${day}.${monthNumber}.${year}`,
]

function written(date: Date, random: Random): string {
  const monthNumber = date.getUTCMonth() + 1
  const parts = {
    day: date.getUTCDate(),
    month: months[monthNumber - 1] ?? '',
    monthNumber,
    year: date.getUTCFullYear(),
    weekday: weekdays[date.getUTCDay()] ?? '',
  }
  return forms[random.below(forms.length)]?.(parts) ?? ''
}

/** A number or a name within a text. */
interface Span {
  readonly text: string
  readonly start: number
}

/**
 * By characters: a digit with the digit that it is, one of a month's number with any letter of the month's name, the 0 before a
 * single digit with that digit, if with any.
 */
function alignmentOf(source: string): RawAlignment {
  const spans = [...source.matchAll(/[0-9]+|[A-Z][a-z]+/g)].map(({ 0: text, index }): Span => ({ text, start: index }))
  const name = spans.find(({ text }) => months.some((month) => short(month) === short(text)))
  const [year, ...others] = spans
    .filter(({ text }) => /^[0-9]/.test(text))
    .sort((left, right) => right.text.length - left.text.length || left.start - right.start)
  const isYearFirst = year?.start === 0
  const inOrder = others.sort((left, right) => left.start - right.start)
  const [month, day] = name !== undefined ? [name, inOrder[0]] : isYearFirst ? inOrder : inOrder.toReversed()
  const fields = [
    digitLinks(year, 0),
    name === undefined ? digitLinks(month, 5) : nameLinks(name, 5),
    digitLinks(day, 8),
  ]
  return {
    sure: fields.flatMap(({ sure }) => sure),
    possible: fields.flatMap(({ possible }) => possible),
    of: { source: source.length, target: 10 },
  }
}

/** A number, with a 0 before a single digit, at a place of the target. */
function digitLinks({ text, start }: Span = { text: '', start: 0 }, to: number): TrueAlignment {
  if (text.length === 1) return { sure: [[start, to + 1]], possible: [[start, to]] }
  return { sure: [...text].map((_, at): Link => [start + at, to + at]), possible: [] }
}

function nameLinks({ text, start }: Span, to: number): TrueAlignment {
  const possible = [...text].flatMap((_, at): Link[] => [
    [start + at, to],
    [start + at, to + 1],
  ])
  return { sure: [], possible }
}

function short(name: string): string {
  return name.slice(0, 3)
}

/** 1st, 2nd, 3rd, 4th, 11th, 21st. */
function ordinal(day: number): string {
  const isTeen = day > 10 && day < 14
  return `${day}${isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th')}`
}
