import type { LineSeriesOption } from 'echarts/charts'
import type { MarkLineComponentOption } from 'echarts/components'
import { colour, seriesColour } from '../page/colours.js'
import { dashes, symbols } from '../page/legend.js'
import { textStyle, xValues, yValues } from './base/axes.js'
import type { ChartOption } from './base/types.js'

export type Point = readonly [x: number, y: number]

interface LineSeries {
  readonly name: string
  readonly points: readonly Point[]
  /** Draws a symbol at every point (few points); without it a line alone. */
  readonly symbols?: boolean
  /** Index of its colour, dash and symbol; by default its index among the series. */
  readonly colourIndex?: number
}

export interface LineChartParts {
  readonly x: string
  readonly y: string
  readonly series: readonly LineSeries[]
  readonly formatY?: (value: number) => string
  /** A labelled vertical line at x. */
  readonly markAt?: { readonly x: number; readonly name: string }
}

/** Lines over steps: series differ in colour, dash and symbol, so that colour is never the only distinction. */
export function lineChart(parts: LineChartParts): ChartOption {
  const { x, y, series, formatY } = parts
  return {
    textStyle,
    grid: { left: 56, right: 18, top: 28, bottom: 44 },
    xAxis: xValues(x, { max: 'dataMax' }),
    yAxis: yValues(y, formatY),
    series: series.map((line, index) => ({
      ...lineSeries(line, line.colourIndex ?? index),
      ...(index === 0 && parts.markAt !== undefined ? { markLine: verticalMark(parts.markAt) } : {}),
    })),
  }
}

function lineSeries({ name, points, symbols: showSymbol = false }: LineSeries, colourIndex: number): LineSeriesOption {
  return {
    type: 'line',
    name,
    data: points.map((point) => [...point]),
    showSymbol,
    symbol: symbols[colourIndex % symbols.length] ?? 'circle',
    symbolSize: 7,
    color: seriesColour(colourIndex),
    emphasis: { disabled: true },
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
