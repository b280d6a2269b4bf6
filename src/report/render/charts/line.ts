import type { LineSeriesOption } from 'echarts/charts'
import type { MarkLineComponentOption } from 'echarts/components'
import { countQuantity, type Measure, type Quantity, quantityOf } from '../../format/quantity.js'
import { colour, seriesColour } from '../page/colours.js'
import { dashes, symbols } from '../page/legend.js'
import type { LinesData } from '../page/lines-data.js'
import { textStyle, xUntil, yLogValues, yValues } from './base/axes.js'
import { textWidth } from './base/text-width.js'
import { type Tip, tipped } from './base/tip.js'
import type { ChartOption } from './base/types.js'

export type Point = readonly [x: number, y: number]

interface LineSeries {
  readonly name: string
  readonly points: readonly Point[]
  /** Of each point. */
  readonly tips?: readonly Tip[]
  /** Index of its colour, dash and symbol; by default its index among the series. */
  readonly colourIndex?: number
}

export interface LineChartParts {
  /** Of the whole chart. */
  readonly width: number
  /** Of the horizontal axis; a name where it counts something. */
  readonly x: string | Quantity
  readonly y: Quantity
  /** Whether the vertical axis is logarithmic; all values are positive then. */
  readonly log?: boolean
  readonly series: readonly LineSeries[]
  /** A labelled vertical line at x. */
  readonly markAt?: { readonly x: number; readonly name: string }
}

const plotLeft = 56

/** Lines by their measure: what a picture shows of them, and what a page's script draws of all their points. */
export interface MeasuredLines {
  readonly x: string
  readonly y: Measure
  readonly log?: boolean
  readonly markAt?: { readonly x: number; readonly name: string }
  readonly series: readonly Pick<LineSeries, 'name' | 'points'>[]
}

/** The parts of their chart; `drawn` points of each of them, where these are not all. */
export function measuredChart(
  { y, series, ...lines }: MeasuredLines,
  width: number,
  drawn: readonly (readonly Point[])[] = [],
): ChartOption {
  const shown = series.map(({ name, points }, at) => ({ name, points: drawn[at] ?? points }))
  const values = shown.flatMap(({ points }) => points.map(([, value]) => value))
  return lineChart({ ...lines, width, y: quantityOf(y, values), series: shown })
}

/** For the page's script. */
export function linesData({ x, y, log, markAt, series }: MeasuredLines): LinesData {
  const rounded = ([at, value]: Point) => [at, Number(value.toPrecision(8))] as const
  return {
    ...{ x, y, ...(log === true && { log }), ...(markAt && { mark: markAt }) },
    series: series.map(({ name, points }, colourIndex) => ({ name, colourIndex, points: points.map(rounded) })),
  }
}

function lastOf(series: readonly LineSeries[]): number {
  return Math.max(0, ...series.map(({ points }) => points.at(-1)?.[0] ?? 0))
}

/** The last value's label is centred at the end of the axis. */
function rightOf(text: string): number {
  return Math.max(18, Math.ceil(textWidth(text) / 2))
}

/** Lines over steps: series differ in colour, dash and symbol, so that colour is never the only distinction. */
export function lineChart(parts: LineChartParts): ChartOption {
  const { y, series, width } = parts
  const x = typeof parts.x === 'string' ? countQuantity(parts.x) : parts.x
  const last = lastOf(series)
  const right = rightOf(x.text(last))
  return {
    textStyle,
    grid: { left: plotLeft, right, top: 28, bottom: 44 },
    xAxis: xUntil(x, last, width - plotLeft - right),
    yAxis:
      parts.log === true
        ? yLogValues(
            y,
            series.flatMap(({ points }) => points.map(([, value]) => value)),
          )
        : yValues(y),
    series: series.map((line, index) => ({
      ...lineSeries(line, line.colourIndex ?? index),
      ...(index === 0 && parts.markAt !== undefined ? { markLine: verticalMark(parts.markAt) } : {}),
    })),
  }
}

/** Up to this many points have symbols: one point alone makes no line. */
const fewPoints = 24

function lineSeries({ name, points, tips }: LineSeries, colourIndex: number): LineSeriesOption {
  return {
    type: 'line',
    name,
    data: points.map((point, at) => tipped([...point], tips?.[at])),
    showSymbol: points.length <= fewPoints,
    symbol: symbols[colourIndex % symbols.length] ?? 'circle',
    symbolSize: 7,
    color: seriesColour(colourIndex),
    itemStyle: { color: seriesColour(colourIndex), borderColor: seriesColour(colourIndex) },
    lineStyle: { width: 2, color: seriesColour(colourIndex), type: dashes[colourIndex % dashes.length] ?? 'solid' },
  }
}

function verticalMark({ x, name }: { x: number; name: string }): MarkLineComponentOption {
  return {
    silent: true,
    symbol: 'none',
    data: [{ xAxis: x }],
    lineStyle: { color: colour('quiet'), type: 'dashed', width: 1 },
    label: { formatter: name, color: colour('quiet'), fontSize: 11, position: 'insideEndTop' },
  }
}
