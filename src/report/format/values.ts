import { isNumber, isUndefined, type Measured, type Undefined } from '../../core/measured.js'
import type { MetricPart } from '../../metrics/types.js'
import { counted } from './grammar.js'
import { count, grouped } from './numbers.js'

// How values are written, the same on a terminal, in pages, charts, Markdown and sentences. Pure: pages run it too.

export type Unit = MetricPart['unit']

/** At most `digits` significant digits, without trailing zeros: 0.002, 1.24, 5,000. */
export function significant(number: number, digits = 3): string {
  if (!Number.isFinite(number)) return String(number)
  const size = Math.abs(number)
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return number.toExponential(Math.max(0, digits - 1))
  return grouped(Number(number.toPrecision(Math.max(digits, Math.ceil(Math.log10(size + 1))))))
}

/** A training or validation loss: four significant digits with trailing zeros, so that columns keep their width. */
export function lossText(loss: Measured): string {
  return isNumber(loss) ? loss.toPrecision(4) : undefinedText
}

/** A metric's value without its unit: percent 0.0883 -> 8.8. */
export function valueText(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return String(value)
  if (unit === 'percent') return fixed(value * 100, 1)
  if (unit === 'points') return fixed(value, 1)
  return unit === 'nats' ? fixed(value, 3) : significant(value, 4)
}

function fixed(number: number, digits: number): string {
  if (Math.abs(number) >= 1e9) return number.toExponential(3)
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

/** What stands in a table where there is no number; the reason is said below it, or next to it. */
export const undefinedText = 'undefined'

/** 8.8 %, or `undefined`. */
export function measuredText(measured: Measured, unit: Unit): string {
  return isNumber(measured) ? valueWithUnit(measured, unit) : undefinedText
}

/** An interval, however it was made. */
export interface AnyInterval {
  readonly low: number
  readonly high: number
  readonly method: string
  readonly undefinedResamples?: number
}

/** A value with its interval: a metric over examples, or a mean over seeds. */
export type AnyResult =
  | {
      readonly value: number
      readonly interval: AnyInterval | Undefined
      readonly note?: string
      readonly counts?: Readonly<Record<string, number>>
      readonly signature?: string
    }
  | Undefined

/**
 * 8.8 % (8.3 to 9.3); `0.0 % (examples with an error: 0.0 to 8.8 %)` where the interval is of that share; `8.8 % (no
 * interval)` or `undefined` where `resultNotes` has the reason.
 */
export function resultText(result: AnyResult, unit: Unit): string {
  if (isUndefined(result)) return undefinedText
  return `${valueWithUnit(result.value, unit)} (${intervalText(result.interval, unit)})`
}

function intervalText(interval: AnyInterval | Undefined, unit: Unit): string {
  if (isUndefined(interval)) return 'no interval'
  const { low, high, method } = interval
  if (method === 'clopper-pearson-errors') {
    return `examples with an error: ${rangeText(low, high, 'percent')}${unitSuffix('percent')}`
  }
  return rangeText(low, high, unit)
}

/** What must be said of a result besides its figures: why there is none, or no interval; what was left out. */
export function resultNotes(result: AnyResult): string[] {
  if (isUndefined(result)) return [`${undefinedText}: ${result.reason}`]
  const { interval, note } = result
  return [...(note === undefined ? [] : [note]), ...intervalNotes(interval)]
}

/** What a value is made of (`1 substitution, 0 insertions`) and how it is computed, for those who want to know. */
export function resultDetails(result: AnyResult): string[] {
  if (isUndefined(result)) return []
  const { counts, signature } = result
  const parts = Object.entries(counts ?? {}).map(([name, number]) => counted(number, name.replace(/s$/, '')))
  return [...(parts.length === 0 ? [] : [parts.join(', ')]), ...(signature === undefined ? [] : [signature])]
}

function intervalNotes(interval: AnyInterval | Undefined): string[] {
  if (isUndefined(interval)) return [`no interval: ${interval.reason}`]
  const { undefinedResamples = 0 } = interval
  if (undefinedResamples === 0) return []
  const left = undefinedResamples === 1 ? 'resample, which has no value' : 'resamples, which have no value'
  return [`interval without ${count(undefinedResamples)} ${left}`]
}

/** `resultText` with its notes in one sentence, where there is no room for them below. */
export function resultSentence(result: AnyResult, unit: Unit): string {
  const text = resultCellText(result, unit)
  if (isUndefined(result) || !isUndefined(result.interval)) return text
  return text.replace('(no interval)', `(no interval: ${result.interval.reason})`)
}

/** The same without the reason for which there is no interval: `missingIntervalsText` has it, below a table. */
export function resultCellText(result: AnyResult, unit: Unit): string {
  if (isUndefined(result)) return resultNotes(result).join('; ')
  const { interval, note } = result
  const notes = [...(note === undefined ? [] : [note]), ...(isUndefined(interval) ? [] : intervalNotes(interval))]
  return [resultText(result, unit), ...notes].join('; ')
}

/** Why results have no interval, each reason once; undefined where all of them have one. */
export function missingIntervalsText(results: readonly AnyResult[]): string | undefined {
  const reasons = results.flatMap((result) =>
    !isUndefined(result) && isUndefined(result.interval) ? [result.interval.reason] : [],
  )
  return reasons.length === 0 ? undefined : `No interval: ${[...new Set(reasons)].join('; ')}.`
}

/** A result as a chart draws it: an interval of the value itself, else a point. */
export function drawnResult({ value, interval }: Exclude<AnyResult, Undefined>): {
  readonly value: number
  readonly low: number
  readonly high: number
} {
  const isOfValue = !isUndefined(interval) && interval.method !== 'clopper-pearson-errors'
  return isOfValue ? { value, low: interval.low, high: interval.high } : { value, low: value, high: value }
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
