import { count } from './numbers.js'
import { significant, type Unit, unitSuffix, valueText } from './values.js'

/** What an axis is of. Its labels and the tooltips of its chart write a value in the same way. */
export interface Quantity {
  readonly name: string
  /** As it follows a number: ` %`. */
  readonly unit: string
  /** Title of the axis. */
  readonly title: string
  /** A value without the unit. */
  readonly text: (value: number) => string
  /** The axis ends here: the largest possible value, where the axis would pass it and no drawn value does. */
  readonly max?: number
  /** Whether there is nothing between two whole numbers. */
  readonly whole?: boolean
}

/** 8.8 %. */
export function quantityText({ text, unit }: Quantity, value: number): string {
  return text(value) + unit
}

/** A metric; `drawn` are all values of the chart, ends of intervals too. */
export function metricQuantity(name: string, unit: Unit, drawn: readonly number[]): Quantity {
  const max = endOf(drawn, largest[unit])
  return {
    name,
    unit: unitSuffix(unit),
    title: `${name}${unitSuffix(unit)}`,
    text: textOf(unit, drawn),
    ...(max !== undefined && { max }),
  }
}

/** What an axis is of, as plain data: with the values that are drawn it is a quantity. */
export interface Measure {
  readonly name: string
  readonly unit: Unit
  /** A metric's axis ends at its largest possible value; that of anything else has a title that says what it is measured in. */
  readonly kind: 'metric' | 'plain'
  readonly title?: string
}

export function quantityOf({ name, unit, kind, title }: Measure, drawn: readonly number[]): Quantity {
  return kind === 'metric' ? metricQuantity(name, unit, drawn) : plainQuantity(name, unit, drawn, title)
}

/** Anything else than a metric; `title` says what it is measured in. */
export function plainQuantity(name: string, unit: Unit, drawn: readonly number[], title = name): Quantity {
  return { name, unit: unitSuffix(unit), title, text: textOf(unit, drawn) }
}

const largest: Readonly<Record<Unit, number>> = {
  percent: 1,
  points: 100,
  nats: Number.POSITIVE_INFINITY,
  number: Number.POSITIVE_INFINITY,
}

/** As everywhere in a report; with more digits where neighbouring labels of the axis would be the same. */
function textOf(unit: Unit, drawn: readonly number[]): (value: number) => string {
  const [low, high] = extentOf(drawn)
  const step = (high - low) / 5
  if (unit === 'percent' || unit === 'points') {
    const scale = unit === 'percent' ? 100 : 1
    const decimals = step > 0 ? -Math.floor(Math.log10(step * scale)) : 1
    if (decimals <= 1) return (value) => valueText(value, unit)
    return (value) => (decimals > 6 ? significant(value * scale) : (value * scale).toFixed(decimals))
  }
  const size = Math.max(Math.abs(low), Math.abs(high))
  const digits = step > 0 ? Math.floor(Math.log10(size)) - Math.floor(Math.log10(step)) + 1 : 4
  return (value) => significant(value, Math.min(15, Math.max(4, digits)))
}

/** `most` where an axis that is rounded outwards would pass it; undefined where a value is beyond it. */
function endOf(drawn: readonly number[], most: number): number | undefined {
  const [low, high] = extentOf(drawn)
  if (high > most) return undefined
  // Axes end at a multiple of their step, about a fifth of the span; of a single value they reach half of it further.
  const reach = low === high ? 1.5 * high : high + 0.3 * (high - low)
  return reach >= most ? most : undefined
}

function extentOf(values: readonly number[]): readonly [low: number, high: number] {
  const known = values.filter(Number.isFinite)
  return known.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [known[0] ?? 0, known[0] ?? 0],
  )
}

/** Whole numbers of something. */
export function countQuantity(name: string): Quantity {
  return { name, unit: '', title: name, text: count, whole: true }
}

const durations = [
  { unit: ' h', one: 3_600_000 },
  { unit: ' min', one: 60_000 },
  { unit: ' s', one: 1000 },
  { unit: ' ms', one: 1 },
]

/** A duration in the largest unit that the longest has two of; `one` are the milliseconds of the unit. */
export function durationQuantity(name: string, drawnMs: readonly number[]): { quantity: Quantity; one: number } {
  const longest = Math.max(...drawnMs)
  const { unit, one } = durations.find((each) => longest >= 2 * each.one) ?? { unit: ' ms', one: 1 }
  const { text } = plainQuantity(
    name,
    'number',
    drawnMs.map((ms) => ms / one),
  )
  return { quantity: { name, unit, title: `${name} (${unit.trim()})`, text }, one }
}
