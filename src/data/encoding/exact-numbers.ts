import type { Windows } from '../sources/types.js'
import type { ExactNumbers, Split } from '../types.js'
import { losesChanges } from './precision.js'

/**
 * What a forecast is scored by, as the file has it: the horizon after each window, and its naive forecast, which is the last
 * season of the window, as often as needed. A window that is shorter than the season has none.
 */
export function exactNumbers(
  steps: readonly (readonly number[])[],
  starts: readonly number[],
  { window, horizon, season }: Pick<Windows, 'window' | 'horizon' | 'season'>,
  targets: number,
): ExactNumbers {
  const rows = (stepOf: (start: number, ahead: number) => number) =>
    Float64Array.from(
      starts.flatMap((start) =>
        Array.from({ length: horizon }, (_, ahead) => steps[stepOf(start, ahead)]?.slice(0, targets) ?? []).flat(),
      ),
    )
  const reference = rows((start, ahead) => start + window + ahead)
  if (season > window) return { reference }
  return { reference, naive: rows((start, ahead) => start + window - season + (ahead % season)) }
}

/** Whether the references are more than their column of float32 tells: two series may be the same column. */
export function isMoreThanColumn({ exact, target }: Pick<Split, 'exact' | 'target'>): boolean {
  if (exact === undefined || target.kind !== 'values') return false
  const { width, data } = target
  const of = (numbers: Float32Array | Float64Array, at: number) =>
    [...numbers].filter((_, place) => place % width === at)
  return Array.from({ length: width }, (_, at) => losesChanges(of(exact.reference, at), of(data, at))).includes(true)
}
