/** A number, or the reason why there is none: JSON has no NaN, and neither 0 nor a gap would be true. */
export type Measured = number | Undefined

/** As it is in JSON files. */
export interface Undefined {
  readonly value: null
  readonly reason: string
}

export function undefinedBecause(reason: string): Undefined {
  return { value: null, reason }
}

export function isNumber(measured: Measured): measured is number {
  return typeof measured === 'number'
}

/** Whether something that may be undefined (a metric with its interval, an interval) is. */
export function isUndefined<Defined extends object>(result: Defined | Undefined): result is Undefined {
  return 'reason' in result
}

/** The number; NaN where it is undefined: for arithmetic that stays in memory. */
export function numberOrNaN(measured: Measured): number {
  return isNumber(measured) ? measured : Number.NaN
}

/** sum / count; undefined, for the given reason, over nothing. */
export function quotient(sum: number, count: number, reason: string): Measured {
  return count === 0 ? undefinedBecause(reason) : sum / count
}

/** A function of the number, where there is one. */
export function applied(measured: Measured, change: (number: number) => number): Measured {
  return isNumber(measured) ? change(measured) : measured
}
