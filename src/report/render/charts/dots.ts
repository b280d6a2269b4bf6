import type { CustomSeriesRenderItemAPI } from 'echarts'
import type { Quantity } from '../../format/quantity.js'
import { colour } from '../page/colours.js'
import { axisStyle, labelStyle, textStyle, xValues } from './base/axes.js'
import { lineHeight, wrapped } from './base/text-width.js'
import { type Tip, tipped } from './base/tip.js'
import type { ChartOption } from './base/types.js'

interface DotRow {
  readonly name: string
  readonly value: number
  readonly low: number
  readonly high: number
  /** Values of the seeds, drawn as small rings. */
  readonly perSeed: readonly number[]
  readonly tip?: Tip
}

/** Lines that a row's name may take. */
export const nameLines = 8

/** Pixels between the names of rows: many are closer together. */
export function rowGap(rows: number): number {
  return rows > 16 ? 5 : 12
}

/** A dot plot: one row per variant with its value, interval and seeds. */
export function dotPlot(
  rows: readonly DotRow[],
  x: Quantity,
  { width, labelWidth }: { readonly width: number; readonly labelWidth: number },
): ChartOption {
  const drawn = rows.flatMap(({ value, low, high, perSeed }) => [value, low, high, ...perSeed])
  return {
    textStyle,
    grid: { left: labelWidth, right: 16, top: 8, bottom: 44 },
    xAxis: xValues(x, drawn, { gridLines: true, width: width - labelWidth - 16 }),
    yAxis: {
      ...axisStyle,
      type: 'category',
      inverse: true,
      data: rows.map(({ name }) => wrapped(name, labelWidth - 12, nameLines)),
      axisTick: { show: false },
      axisLabel: {
        ...labelStyle,
        interval: 0,
        hideOverlap: false,
        lineHeight,
        color: colour('ink'),
      },
    },
    series: [
      {
        type: 'scatter',
        name: 'seeds',
        silent: true,
        symbolSize: 6,
        itemStyle: { color: 'transparent', borderColor: colour('quiet'), borderWidth: 1 },
        data: rows.flatMap(({ perSeed }, at) => (perSeed.length > 1 ? perSeed.map((value) => [value, at]) : [])),
      },
      {
        type: 'custom',
        name: 'mean',
        encode: { x: [1, 2, 3], y: 0 },
        data: rows.map(({ value, low, high, tip }, at) => tipped([at, value, low, high], tip)),
        renderItem: (_, api) => drawRow(api),
      },
    ],
  }
}

function drawRow(api: CustomSeriesRenderItemAPI) {
  const at = (dimension: number) => api.coord([api.value(dimension), api.value(0)])
  const [x = 0, y = 0] = at(1)
  const [low = 0] = at(2)
  const [high = 0] = at(3)
  const stroke = colour('s1')
  const line = (x1: number, y1: number, x2: number, y2: number) => ({
    type: 'line' as const,
    shape: { x1, y1, x2, y2 },
    style: { stroke, lineWidth: 2 },
  })
  const caps = [low, high].map((end) => line(end, y - 4, end, y + 4))
  const dot = { type: 'circle' as const, shape: { cx: x, cy: y, r: 5 }, style: { fill: stroke } }
  return { type: 'group' as const, children: [line(low, y, high, y), ...caps, dot] }
}
