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
