import type { CustomSeriesOption } from 'echarts/charts'
import { seriesColour } from '../page/colours.js'
import type { Tip } from './base/tip.js'
import type { ChartOption } from './base/types.js'
import { type LineChartParts, lineChart } from './line.js'

/** Step, mean, minimum, maximum. */
export type BandPoint = readonly [x: number, y: number, low: number, high: number]

interface BandSeries {
  readonly name: string
  /** Index of its colour: a variant keeps its colour when others are hidden. */
  readonly colourIndex: number
  readonly points: readonly BandPoint[]
  /** Of each point. */
  readonly tips?: readonly Tip[]
}

/** Lines, each with a band from the lowest to the highest seed. */
export function bandChart(
  parts: Omit<LineChartParts, 'series'> & { readonly series: readonly BandSeries[] },
): ChartOption {
  const lines = lineChart({
    ...parts,
    series: parts.series.map(({ name, colourIndex, points, tips = [] }) => ({
      name,
      colourIndex,
      tips,
      points: points.map(([x, y]) => [x, y] as const),
    })),
  })
  const bands = parts.series.filter(({ points }) => points.length > 1).map(bandSeries)
  return { ...lines, series: [...lines.series, ...bands] }
}

function bandSeries({ name, colourIndex, points }: BandSeries): CustomSeriesOption {
  return {
    type: 'custom',
    name,
    silent: true,
    z: 1,
    tooltip: { show: false },
    encode: { x: 0, y: [2, 3] },
    // All points determine the axes' ranges; the polygon is drawn once, with the first.
    data: points.map((point) => [...point]),
    renderItem: ({ dataIndex }, api) => {
      if (dataIndex > 0) return undefined
      const upper = points.map(([x, , , high]) => api.coord([x, high]))
      const lower = points.map(([x, , low]) => api.coord([x, low])).reverse()
      return {
        type: 'polygon',
        shape: { points: [...upper, ...lower] },
        style: { fill: seriesColour(colourIndex), opacity: 0.16 },
      }
    },
  }
}
