import { type MetricResult, metricResult } from '../../../metrics/score.js'
import { statisticsTable } from '../../../stats/bootstrap.js'
import type { PredictionLine } from '../../../train/types.js'
import type { MetricView } from '../metrics.js'

export interface LengthBin {
  /** Shortest and longest source of the bin, in tokens. */
  readonly shortest: number
  readonly longest: number
}

const binsAtMost = 8
const fewest = 20

/**
 * Bins of source lengths with about equally many examples each: at most eight, none with fewer than twenty examples
 * (unless there is only one). Equal lengths are never split.
 */
export function lengthBins(lengths: readonly number[]): LengthBin[] {
  const sorted = lengths.toSorted((a, b) => a - b)
  const aim = Math.max(fewest, Math.ceil(sorted.length / binsAtMost))
  const bins: { shortest: number; longest: number; size: number }[] = []
  for (const length of sorted) {
    const bin = bins.at(-1)
    if (bin === undefined || (bin.size >= aim && length !== bin.longest))
      bins.push({ shortest: length, longest: length, size: 1 })
    else Object.assign(bin, { longest: length, size: bin.size + 1 })
  }
  const last = bins.at(-1)
  const before = bins.at(-2)
  if (last !== undefined && before !== undefined && last.size < fewest) {
    bins.splice(-2, 2, { shortest: before.shortest, longest: last.longest, size: before.size + last.size })
  }
  return bins.map(({ shortest, longest }) => ({ shortest, longest }))
}

export function binName({ shortest, longest }: LengthBin): string {
  return shortest === longest ? String(shortest) : `${shortest}–${longest}`
}

export interface LengthValue {
  readonly result: MetricResult
  readonly examples: number
}

/** A metric within each bin, with its 95 % interval over the bin's examples; undefined for an empty bin. */
export function byLength(
  lines: readonly PredictionLine[],
  bins: readonly LengthBin[],
  metric: MetricView,
  seed: number,
): (LengthValue | undefined)[] {
  return bins.map(({ shortest, longest }) => {
    const inside = lines.filter(({ source }) => source.length >= shortest && source.length <= longest)
    const rows = inside.map((line) => line.statistics[metric.name]).filter((row) => row !== undefined)
    if (rows.length === 0) return undefined
    const result = metricResult(metric, statisticsTable(rows), { seed, resamples: 500 })
    return { result, examples: rows.length }
  })
}
