import type { MetricPart } from '../../metrics/types.js'
import type { MetricValue } from '../../runner/record.js'

export type Unit = MetricPart['unit']

/** A count with its thousands marked: 134,000. */
export function count(number: number): string {
  return number.toLocaleString('en-GB', { maximumFractionDigits: 0 })
}

/** At most `digits` significant digits, without trailing zeros: 0.002, 1.24, 5,000. */
export function plain(number: number, digits = 3): string {
  if (!Number.isFinite(number)) return String(number)
  const size = Math.abs(number)
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return number.toExponential(Math.max(0, digits - 1))
  return number.toLocaleString('en-GB', { maximumSignificantDigits: Math.max(digits, Math.ceil(Math.log10(size + 1))) })
}

/** A metric's value without its unit: percent 0.0883 -> 8.8. */
export function bare(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return String(value)
  if (unit === 'percent') return fixed(value * 100, 1)
  if (unit === 'points') return fixed(value, 1)
  return unit === 'nats' ? fixed(value, 3) : plain(value, 4)
}

function fixed(number: number, digits: number): string {
  const text = number.toFixed(digits)
  return Number(text) === 0 ? text.replace('-', '') : text
}

export function unitMark(unit: Unit): string {
  return { percent: ' %', points: '', nats: ' nats', number: '' }[unit]
}

/** A difference with its unit: shares of errors differ by points, not by percent. */
export function amount(size: number, unit: Unit): string {
  return unit === 'number' ? plain(size) : bare(size, unit) + unitWord(unit)
}

/** The unit of a difference, as it follows a number. */
export function unitWord(unit: Unit): string {
  return { percent: ' points', points: ' points', nats: ' nats', number: '' }[unit]
}

/** 0.0883 -> 8.8 %. */
export function withUnit(value: number, unit: Unit): string {
  return bare(value, unit) + unitMark(unit)
}

/** 8.8 % (8.3 to 9.3). */
export function withInterval({ value, low, high }: MetricValue, unit: Unit): string {
  return `${withUnit(value, unit)} (${bare(low, unit)} to ${bare(high, unit)})`
}

/** A duration for people: 850 ms, 42 s, 3 min 20 s, 2 h 5 min. */
export function duration(elapsedMs: number): string {
  if (elapsedMs < 1000) return `${Math.round(elapsedMs)} ms`
  const seconds = Math.round(elapsedMs / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
