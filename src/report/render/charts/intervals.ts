import type { CustomSeriesRenderItemAPI } from 'echarts'
import type { CustomSeriesOption } from 'echarts/charts'
import type { Quantity } from '../../format/quantity.js'
import { seriesColour } from '../page/colours.js'
import { textStyle, xCategories, yValues } from './base/axes.js'
import { type Tip, tipped } from './base/tip.js'
import type { ChartOption } from './base/types.js'

interface DrawnInterval {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly tip?: Tip
}

interface IntervalSeries {
  readonly name: string
  /** Index of its colour; by default its index among the series. */
  readonly colourIndex?: number
  /** One per category, in order; undefined where there is none. */
  readonly values: readonly (DrawnInterval | undefined)[]
}

interface IntervalChartParts {
  readonly x: string
  readonly y: Quantity
  readonly categories: readonly string[]
  readonly series: readonly IntervalSeries[]
}

/** Points with vertical intervals over categories; several series are side by side within one category. */
export function intervalChart({ x, y, categories, series }: IntervalChartParts): ChartOption {
  return {
    textStyle,
    grid: { left: 56, right: 12, top: 28, bottom: 44 },
    xAxis: xCategories(x, categories),
    yAxis: yValues(y),
    series: series.map(
      (one, index): CustomSeriesOption => ({
        type: 'custom',
        name: one.name,
        color: seriesColour(one.colourIndex ?? index),
        itemStyle: { color: seriesColour(one.colourIndex ?? index) },
        encode: { x: 0, y: [1, 2, 3] },
        data: one.values.flatMap((value, at) =>
          value === undefined ? [] : [tipped([at, value.value, value.low, value.high], value.tip)],
        ),
        renderItem: (_, api) =>
          drawInterval(
            api,
            seriesColour(one.colourIndex ?? index),
            (index - (series.length - 1) / 2) * spacing(api, series.length),
          ),
      }),
    ),
  }
}

/** Pixels between two series: no category may overlap its neighbour. */
function spacing(api: CustomSeriesRenderItemAPI, series: number): number {
  const size = api.size?.([1, 0])
  const room = Array.isArray(size) ? (size[0] ?? 0) : (size ?? 0)
  return Math.min(10, (0.8 * room) / series)
}

/** A dot at the value and a capped line from low to high, `shift` pixels from the category's middle. */
function drawInterval(api: CustomSeriesRenderItemAPI, stroke: string, shift: number) {
  const at = (dimension: number) => {
    const [x = 0, y = 0] = api.coord([api.value(0), api.value(dimension)])
    return [x + shift, y] as const
  }
  const [x, y] = at(1)
  const [, low] = at(2)
  const [, high] = at(3)
  const line = (x1: number, y1: number, x2: number, y2: number) => ({
    type: 'line' as const,
    shape: { x1, y1, x2, y2 },
    style: { stroke, lineWidth: 2 },
  })
  const caps = [low, high].map((end) => line(x - 3, end, x + 3, end))
  const dot = { type: 'circle' as const, shape: { cx: x, cy: y, r: 4 }, style: { fill: stroke } }
  return { type: 'group' as const, children: [line(x, low, x, high), ...caps, dot] }
}
