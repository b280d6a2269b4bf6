import { isNumber } from '../../../core/measured.js'
import { type StatisticsTable, statisticsTable } from '../../../stats/bootstrap.js'
import type { CurvePoint } from '../../../stats/curve.js'
import { parsePredictions, parseStatistics } from '../../../store/index.js'
import { curveValues } from '../../../train/curve-names.js'
import type { MetricsLine } from '../../../train/types.js'
import { tokensUntil } from '../trial/axes.js'
import type { OutputCounts } from '../trial/health.js'

// A thousand trials have millions of predictions. What is not shown is not parsed: of most only the statistics are cut out.
// An unescaped quote never occurs inside a JSON string, so `"statistics":` is the key wherever it occurs.

/** The statistics of the test examples, by metric, in the order of the file. Throws RangeError where their numbers differ. */
export function testStatistics(text: string): Readonly<Record<string, StatisticsTable>> {
  const rows: Record<string, (readonly number[])[]> = {}
  for (const line of testLines(text)) {
    for (const [name, statistics] of Object.entries(statisticsIn(line))) {
      const of = rows[name] ?? []
      of.push(statistics)
      rows[name] = of
    }
  }
  return Object.fromEntries(Object.entries(rows).map(([name, of]) => [name, statisticsTable(of)]))
}

function statisticsIn(line: string): Readonly<Record<string, readonly number[]>> {
  const key = '"statistics":'
  const start = line.indexOf(key)
  if (start < 0) return {}
  return parseStatistics(line.slice(start + key.length, line.indexOf('}', start) + 1), 'predictions.jsonl')
}

function testLines(text: string): string[] {
  return text.split('\n').filter((line) => line.includes('"split":"test"'))
}

/** How many test outputs reached a limit of some symbols. */
export function testOutputs(text: string, limit: number): OutputCounts {
  const lines = testLines(text)
  return { split: 'test', outputs: lines.length, endless: lines.filter((line) => isEndless(line, limit)).length }
}

function isEndless(line: string, limit: number): boolean {
  const start = line.indexOf('"hypothesis":')
  const end = line.indexOf('"score":', start)
  // A symbol takes three characters at least: its quotes and a comma.
  if (end >= 0 && end - start < 3 * limit) return false
  return parsePredictions(line, 'predictions.jsonl').some(({ hypothesis }) => hypothesis.length >= limit)
}

/** Points over steps by the curve's name. */
export type Curves = Readonly<Record<string, readonly CurvePoint[]>>

/** What a trial has recorded over its steps. */
export interface RecordedCurves {
  /** All curves in full, as train/curve-names.ts names them; without the points at which they are undefined. */
  readonly curves: Curves
  /** Of each curve that is undefined somewhere: at how many of its points, and why at the first of them. */
  readonly gaps: Readonly<Record<string, CurveGaps>>
  /** Tokens that it was trained on, where that was recorded. */
  readonly tokens?: number
}

interface CurveGaps {
  readonly points: number
  readonly reason: string
}

export function curvesOf(lines: readonly MetricsLine[]): RecordedCurves {
  const curves: Record<string, CurvePoint[]> = {}
  const gaps: Record<string, CurveGaps> = {}
  for (const line of lines) {
    for (const [name, y] of Object.entries(curveValues(line))) {
      const curve = curves[name] ?? []
      if (isNumber(y)) curve.push([line.step, y])
      else gaps[name] = { reason: y.reason, ...gaps[name], points: (gaps[name]?.points ?? 0) + 1 }
      curves[name] = curve
    }
  }
  const [, tokens] = tokensUntil(lines)?.at(-1) ?? []
  return { curves, gaps, ...(tokens !== undefined && { tokens }) }
}
