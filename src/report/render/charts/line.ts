import { colour, seriesColour } from '../page/colours.js'
import { dashes, marks } from '../page/legend.js'
import { across, textStyle, upwards } from './base/axes.js'
import type { ChartOption } from './base/types.js'

export type Point = readonly [x: number, y: number]

export interface LineSeries {
  readonly name: string
  readonly points: readonly Point[]
  /** Marks every point (few points); without it a plain line. */
  readonly marks?: boolean
  /** Place of its colour, dash and mark; by default its place among the series. */
  readonly place?: number
}

export interface LineChartParts {
  readonly x: string
  readonly y: string
  readonly series: readonly LineSeries[]
  readonly formatY?: (value: number) => string
  /** A vertical line at x with its name. */
  readonly markAt?: { readonly x: number; readonly name: string }
}

/** Lines over steps: each series has its own colour, dash and mark, so that colour is never all there is. */
export function lineChart(parts: LineChartParts): ChartOption {
  const { x, y, series, formatY } = parts
  return {
    textStyle,
    grid: { left: 56, right: 18, top: 28, bottom: 44 },
    xAxis: across(x, { type: 'value', max: 'dataMax' }),
    yAxis: upwards(y, formatY),
    series: series.map((line, index) => ({
      ...lineStyleOf(line, line.place ?? index),
      ...(index === 0 && parts.markAt !== undefined ? { markLine: verticalMark(parts.markAt) } : {}),
    })),
  }
}

function lineStyleOf({ name, points, marks: marked = false }: LineSeries, place: number) {
  return {
    type: 'line',
    name,
    data: points,
    showSymbol: marked,
    symbol: marks[place % marks.length],
    symbolSize: 7,
    color: seriesColour(place),
    emphasis: { disabled: true },
    itemStyle: { color: seriesColour(place), borderColor: seriesColour(place) },
    lineStyle: { width: 2, color: seriesColour(place), type: dashes[place % dashes.length] },
  }
}

function verticalMark({ x, name }: { x: number; name: string }) {
  return {
    silent: true,
    symbol: 'none',
    data: [{ xAxis: x }],
    lineStyle: { color: colour('quiet'), type: 'dashed', width: 1 },
    label: { formatter: name, color: colour('quiet'), fontSize: 11, position: 'insideEndTop' },
  }
}

/** At most `limit` points: neighbours are averaged in runs of equal length, each standing where its run ends. */
export function thin(points: readonly Point[], limit: number): Point[] {
  const run = Math.ceil(points.length / limit)
  if (run <= 1) return points.slice()
  const runs = Array.from({ length: Math.ceil(points.length / run) }, (_, at) => points.slice(at * run, (at + 1) * run))
  return runs.map((part): Point => [part.at(-1)?.[0] ?? 0, mean(part.map(([, y]) => y))])
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}
