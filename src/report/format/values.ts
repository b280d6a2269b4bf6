import type { MetricPart } from '../../metrics/types.js'

// How values are written, the same on a terminal, in pages, charts, Markdown and sentences. Pure: pages run it too.

export type Unit = MetricPart['unit']

/** A count with thousands separators: 134,000. */
export function count(number: number): string {
  return number.toLocaleString('en-GB', { maximumFractionDigits: 0 })
}

/** At most `digits` significant digits, without trailing zeros: 0.002, 1.24, 5,000. */
export function significant(number: number, digits = 3): string {
  if (!Number.isFinite(number)) return String(number)
  const size = Math.abs(number)
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return number.toExponential(Math.max(0, digits - 1))
  return number.toLocaleString('en-GB', { maximumSignificantDigits: Math.max(digits, Math.ceil(Math.log10(size + 1))) })
}

/** A training or validation loss: four significant digits with trailing zeros, so that columns keep their width. */
export function lossText(loss: number): string {
  return loss.toPrecision(4)
}

/** A metric's value without its unit: percent 0.0883 -> 8.8. */
export function valueText(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return String(value)
  if (unit === 'percent') return fixed(value * 100, 1)
  if (unit === 'points') return fixed(value, 1)
  return unit === 'nats' ? fixed(value, 3) : significant(value, 4)
}

function fixed(number: number, digits: number): string {
  const text = number.toFixed(digits)
  return Number(text) === 0 ? text.replace('-', '') : text
}

const unitSuffixes: Readonly<Record<Unit, string>> = { percent: ' %', points: '', nats: ' nats', number: '' }

/** The unit of a value, as it follows the number. */
export function unitSuffix(unit: Unit): string {
  return unitSuffixes[unit]
}

/** 0.0883 -> 8.8 %. */
export function valueWithUnit(value: number, unit: Unit): string {
  return valueText(value, unit) + unitSuffix(unit)
}

/** Ends of an interval; null where there is none (a single seed without variance). */
export interface Ends {
  readonly low: number | null
  readonly high: number | null
}

/** 8.8 % (8.3 to 9.3); without an interval the value alone. */
export function valueWithInterval({ value, low, high }: { readonly value: number } & Ends, unit: Unit): string {
  const interval = low === null || high === null ? '' : ` (${rangeText(low, high, unit)})`
  return valueWithUnit(value, unit) + interval
}

/** 8.3 to 9.3. */
export function rangeText(low: number, high: number, unit: Unit): string {
  return `${valueText(low, unit)} to ${valueText(high, unit)}`
}

const differenceSuffixes: Readonly<Record<Unit, string>> = {
  percent: ' points',
  points: ' points',
  nats: ' nats',
  number: '',
}

/** The unit of a difference, as it follows the number: error rates differ by percentage points, not by percent. */
export function differenceSuffix(unit: Unit): string {
  return differenceSuffixes[unit]
}

/** The size of a difference with its unit: 1.2 points. */
export function differenceText(size: number, unit: Unit): string {
  return unit === 'number' ? significant(size) : valueText(size, unit) + differenceSuffix(unit)
}

/** A difference with its sign and unit: +1.2 points. */
export function signedDifference(difference: number, unit: Unit): string {
  return `${difference < 0 ? '-' : '+'}${differenceText(Math.abs(difference), unit)}`
}

/** Of a p value two significant digits; below 0.0001 the exact value is not informative. */
export function probability(p: number): string {
  return p < 0.0001 ? '< 0.0001' : significant(p, 2)
}

/** p = 0.032, p < 0.0001. */
export function probabilityStatement(p: number): string {
  return p < 0.0001 ? `p ${probability(p)}` : `p = ${probability(p)}`
}

/** 850 ms, 42 s, 3 min 20 s, 2 h 5 min. */
export function duration(elapsedMs: number): string {
  if (elapsedMs < 1000) return `${Math.round(elapsedMs)} ms`
  const seconds = Math.round(elapsedMs / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A duration as an axis label: finer than `duration`, since neighbouring ticks must differ. */
export function durationTick(elapsedMs: number): string {
  if (elapsedMs < 1000) return `${significant(elapsedMs)} ms`
  return elapsedMs < 60_000 ? `${significant(elapsedMs / 1000)} s` : `${significant(elapsedMs / 60_000)} min`
}
