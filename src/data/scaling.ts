import type { SeriesScaling } from './types.js'

/** Of the series that are forecast. */
export function targetScaling(scaling: readonly SeriesScaling[]): readonly SeriesScaling[] {
  return scaling.filter(({ role }) => role === undefined)
}

/** Of the series that are read alone. */
export function inputScaling(scaling: readonly SeriesScaling[]): readonly SeriesScaling[] {
  return scaling.filter(({ role }) => role === 'input')
}

/** Of the series that are known of the horizon too. */
export function aheadScaling(scaling: readonly SeriesScaling[]): readonly SeriesScaling[] {
  return scaling.filter(({ role }) => role === 'known-ahead')
}
