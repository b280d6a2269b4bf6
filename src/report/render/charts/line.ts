import type { LineSeriesOption } from 'echarts/charts'
import type { MarkLineComponentOption } from 'echarts/components'
import type { Quantity } from '../../format/quantity.js'
import { colour, seriesColour } from '../page/colours.js'
import { dashes, symbols } from '../page/legend.js'
import { textStyle, xSteps, yValues } from './base/axes.js'
import { type Tip, tipped } from './base/tip.js'
import type { ChartOption } from './base/types.js'

export type Point = readonly [x: number, y: number]

interface LineSeries {
  readonly name: string
  readonly points: readonly Point[]
  /** Of each point. */
  readonly tips?: readonly Tip[]
  /** Draws a symbol at every point; by default where they are few, since one point alone makes no line. */
  readonly symbols?: boolean
  /** Index of its colour, dash and symbol; by default its index among the series. */
  readonly colourIndex?: number
}

export interface LineChartParts {
  readonly x: string
  readonly y: Quantity
  readonly series: readonly LineSeries[]
  /** A labelled vertical line at x. */
  readonly markAt?: { readonly x: number; readonly name: string }
}

/** Lines over steps: series differ in colour, dash and symbol, so that colour is never the only distinction. */
export function lineChart(parts: LineChartParts): ChartOption {
  const { x, y, series } = parts
  return {
    textStyle,
    grid: { left: 56, right: 18, top: 28, bottom: 44 },
    xAxis: xSteps(x),
    yAxis: yValues(y),
    series: series.map((line, index) => ({
      ...lineSeries(line, line.colourIndex ?? index),
      ...(index === 0 && parts.markAt !== undefined ? { markLine: verticalMark(parts.markAt) } : {}),
    })),
  }
}

const fewPoints = 12

function lineSeries({ name, points, tips, symbols: shown }: LineSeries, colourIndex: number): LineSeriesOption {
  return {
    type: 'line',
    name,
    data: points.map((point, at) => tipped([...point], tips?.[at])),
    showSymbol: shown ?? points.length <= fewPoints,
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
