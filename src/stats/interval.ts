/**
 * How an interval was made: percentiles of bootstrap resamples; exact, of a share of examples; or exact, of another
 * share than the value: that of the examples with an error, where all resamples give one value.
 */
export type IntervalMethod = 'bootstrap' | 'clopper-pearson' | 'clopper-pearson-errors'

export interface Interval {
  readonly low: number
  readonly high: number
  readonly method: IntervalMethod
  /** Resamples without a value, which are left out of a bootstrap interval; absent where there are none. */
  readonly undefinedResamples?: number
}
