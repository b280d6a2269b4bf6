import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StatisticsTable } from '../../../stats/bootstrap.js'
import { statisticsTable, totals } from '../../../stats/bootstrap.js'
import type { CurvePoint } from '../../../stats/curve.js'
import { mean } from '../../../stats/difference.js'
import { quantile } from '../../../stats/quantile.js'
import { resampledSeedAverages } from '../../../stats/seed-averages.js'
import type { PredictionLine } from '../../../train/types.js'
import { testLines } from '../../comparison/lines.js'
import type { FoundTrial } from '../../comparison/read.js'
import { binName, type LengthBin, lengthBins } from '../../render/trial/lengths.js'
import { nearestEdits } from '../edits.js'
import type { MetricView } from '../metrics.js'
import type { AttentionExample, Confusion, Curve, LengthCurve } from './types.js'
import type { VariantTrials } from './variants.js'

// What the pictures show beyond the main figures: curves, lengths, attention, errors.

const pointsKept = 40

/** Each variant's curves: the mean over seeds with the lowest and the highest seed, on the steps that all seeds have. */
export function curvesOfVariants(variants: readonly VariantTrials[]): Curve[] {
  return variants.flatMap(({ id, completed }) => {
    const names = Object.keys(completed[0]?.curves ?? {})
    return names.map((name): Curve => {
      const seeds = completed.map(({ curves }) => curves[name] ?? [])
      return { variant: id, name, points: thinned(band(seeds)) }
    })
  })
}

type BandPoint = Curve['points'][number]

function band(seeds: readonly (readonly CurvePoint[])[]): BandPoint[] {
  const [first = [], ...others] = seeds
  const bySeed = others.map((points) => new Map(points))
  return first.flatMap(([x, y]): BandPoint[] => {
    const values = [y, ...bySeed.map((points) => points.get(x))].filter((value) => value !== undefined)
    return values.length < seeds.length ? [] : [[x, mean(values), Math.min(...values), Math.max(...values)]]
  })
}

/** At most so many points as a picture needs: neighbours are averaged in runs of equal length, each standing at its end. */
function thinned(points: readonly BandPoint[]): BandPoint[] {
  const run = Math.ceil(points.length / pointsKept)
  return Array.from({ length: Math.ceil(points.length / Math.max(1, run)) }, (_, at): BandPoint => {
    const part = points.slice(at * run, (at + 1) * run)
    const averaged = (place: 1 | 2 | 3) => round(mean(part.map((point) => point[place])))
    return [part.at(-1)?.[0] ?? 0, averaged(1), averaged(2), averaged(3)]
  })
}

/** Six significant digits: a picture shows no more, and a page of a thousand trials stays small. */
function round(value: number): number {
  return Number(value.toPrecision(6))
}

/** The test examples of one trial in full; none where it has no predictions. */
export function examplesOf(trial: FoundTrial | undefined): PredictionLine[] {
  if (trial === undefined) return []
  try {
    return testLines(readFileSync(join(trial.directory, 'predictions.jsonl'), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** A metric against source length for every variant: seed averages with 95 % percentile intervals over the examples of each bin. */
export function lengthCurve(
  variants: readonly VariantTrials[],
  metric: MetricView,
  lengths: readonly number[],
  settings: { readonly seed: number; readonly resamples: number },
): LengthCurve {
  const bins = lengthBins(lengths)
  const rows = bins.map((bin) => lengths.flatMap((length, at) => (inside(length, bin) ? [at] : [])))
  return {
    metric: metric.name,
    bins: bins.map(binName),
    examples: rows.map(({ length }) => length),
    variants: variants.map(({ id, completed }) => {
      const tables = completed.flatMap(({ statistics }) => statistics[metric.name] ?? [])
      return { variant: id, values: rows.map((picked) => binValue(tables, picked, metric, settings)) }
    }),
  }
}

function inside(length: number, { shortest, longest }: LengthBin): boolean {
  return length >= shortest && length <= longest
}

function binValue(
  tables: readonly StatisticsTable[],
  picked: readonly number[],
  metric: MetricView,
  settings: { readonly seed: number; readonly resamples: number },
): LengthCurve['variants'][number]['values'][number] {
  if (picked.length === 0 || tables.length === 0) return null
  const parts = tables.map((table) => pick(table, picked))
  const [averages] = resampledSeedAverages([parts], metric.value, settings)
  const sorted = (averages ?? new Float64Array()).toSorted()
  const value = mean(parts.map((part) => metric.value(totals(part))))
  const ends = [quantile(sorted, 0.025), quantile(sorted, 0.975)]
  const [low = Number.NaN, high = Number.NaN] = ends
  return [value, low, high].every(Number.isFinite) ? { value: round(value), low: round(low), high: round(high) } : null
}

function pick({ data, width }: StatisticsTable, examples: readonly number[]): StatisticsTable {
  return statisticsTable(examples.map((example) => [...data.subarray(example * width, (example + 1) * width)]))
}

const attentionExamples = 4
const longestShown = 24

/** The first examples that every variant with attention has an alignment of. */
export function attentionOf(
  lines: readonly { readonly variant: string; readonly lines: readonly PredictionLine[] }[],
): AttentionExample[] {
  const attending = lines.filter((one) => one.lines.some(({ alignment }) => alignment !== undefined))
  const first = attending[0]?.lines ?? []
  const shared = first.filter(
    ({ index, alignment, source }) =>
      alignment !== undefined &&
      source.length <= longestShown &&
      attending.every((one) => one.lines.find((line) => line.index === index)?.alignment !== undefined),
  )
  return shared.slice(0, attentionExamples).map(({ index, source }) => ({
    source: [...source],
    maps: attending.flatMap((one) => {
      const line = one.lines.find((other) => other.index === index)
      if (line?.alignment === undefined) return []
      const rows = [...line.hypothesis, 'end'].slice(0, Math.min(line.alignment.length, longestShown))
      const weights = line.alignment.slice(0, rows.length).map((row) => row.map((weight) => Number(weight.toFixed(3))))
      return [{ variant: one.variant, rows, weights }]
    }),
  }))
}

const confusionsKept = 15

/** Which tokens are given for which, by shortest edit scripts to the nearest reference. */
export function confusionOf(variant: string, seed: number, lines: readonly PredictionLine[]): Confusion {
  const counts = new Map<string, { expected: string; given: string; count: number }>()
  for (const { references, hypothesis, values } of lines) {
    if (values !== undefined) continue
    for (const { kind, reference = '', given = '' } of nearestEdits(references, hypothesis)) {
      if (kind === 'match') continue
      const key = JSON.stringify([reference, given])
      const before = counts.get(key) ?? { expected: reference, given, count: 0 }
      counts.set(key, { ...before, count: before.count + 1 })
    }
  }
  const pairs = [...counts.values()].sort(
    (a, b) => b.count - a.count || (a.expected + a.given < b.expected + b.given ? -1 : 1),
  )
  return { variant, seed, pairs: pairs.slice(0, confusionsKept) }
}
