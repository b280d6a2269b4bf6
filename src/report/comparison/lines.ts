import { type StatisticsTable, statisticsTable } from '../../stats/bootstrap.js'
import type { MetricsLine, PredictionLine } from '../../train/types.js'
import type { Point } from '../charts/line.js'

// A thousand trials have millions of lines. What is not shown is not parsed: of most lines only the statistics are cut out.
// An unescaped quote never stands inside a JSON string, so `"statistics":` is the key wherever it occurs.

/** The statistics of the test examples, by metric, in the order of the file. Throws RangeError where their numbers differ. */
export function testStatistics(text: string): Readonly<Record<string, StatisticsTable>> {
  const rows: Record<string, (readonly number[])[]> = {}
  for (const line of linesOf(text)) {
    if (!line.includes('"split":"test"')) continue
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
  return JSON.parse(line.slice(start + key.length, line.indexOf('}', start) + 1)) as Record<string, number[]>
}

/** The test examples in full. */
export function testLines(text: string): PredictionLine[] {
  return linesOf(text)
    .filter((line) => line.includes('"split":"test"'))
    .map((line) => JSON.parse(line) as PredictionLine)
}

export interface Curves {
  /** By name (`training loss`, `validation loss`, a metric): points over steps. */
  readonly [name: string]: readonly Point[]
}

const trainPointsRead = 120

/** Learning curves: all validations, and of the training lines evenly so many as a picture needs. */
export function curvesOf(text: string): Curves {
  const lines = linesOf(text)
  const train = lines.filter((line) => line.includes('"kind":"train"'))
  const every = Math.ceil(train.length / trainPointsRead)
  const kept = train.filter((_, at) => at % every === every - 1).map((line) => JSON.parse(line) as MetricsLine)
  const validations = lines
    .filter((line) => line.includes('"kind":"validation"'))
    .map((line) => JSON.parse(line) as MetricsLine)
  const curves: Record<string, Point[]> = {}
  const add = (name: string, x: number, y: number) => {
    const curve = curves[name] ?? []
    if (Number.isFinite(y)) curve.push([x, y])
    curves[name] = curve
  }
  for (const { step, lossNatsPerToken } of kept) add('training loss', step, lossNatsPerToken)
  for (const line of validations) {
    add('validation loss', line.step, line.lossNatsPerToken)
    if (line.kind !== 'validation') continue
    for (const [name, value] of Object.entries(line.metrics)) add(name, line.step, value)
  }
  return curves
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
