import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from 'echarts'
import { seriesColour } from '../page/colours.js'
import type { ChartOption } from './base/types.js'
import { type LineChartParts, lineChart } from './line.js'

/** Step, middle, lowest, highest. */
export type BandPoint = readonly [x: number, y: number, low: number, high: number]

export interface BandSeries {
  readonly name: string
  /** Place of its colour, so that a variant keeps its colour when others are hidden. */
  readonly place: number
  readonly points: readonly BandPoint[]
}

/** Lines with a band from the lowest to the highest seed behind each. */
export function bandChart(
  parts: Omit<LineChartParts, 'series'> & { readonly series: readonly BandSeries[] },
): ChartOption {
  const marked = parts.series.some(({ points }) => points.length <= 12)
  const lines = lineChart({
    ...parts,
    series: parts.series.map(({ name, place, points }) => ({
      name,
      place,
      points: points.map(([x, y]) => [x, y] as const),
      marks: marked,
    })),
  })
  const bands = parts.series.filter(({ points }) => points.length > 1).map(bandSeries)
  return { ...lines, series: [...(lines.series as object[]), ...bands] }
}

function bandSeries({ name, place, points }: BandSeries) {
  return {
    type: 'custom',
    name,
    silent: true,
    z: 1,
    tooltip: { show: false },
    encode: { x: 0, y: [2, 3] },
    // All points are the axes' business, one polygon is drawn: with the first.
    data: points.map((point) => [...point]),
    renderItem: ({ dataIndex }: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
      if (dataIndex > 0) return undefined
      const upper = points.map(([x, , , high]) => api.coord([x, high]))
      const lower = points.map(([x, , low]) => api.coord([x, low])).reverse()
      return {
        type: 'polygon' as const,
        shape: { points: [...upper, ...lower] },
        style: { fill: seriesColour(place), opacity: 0.16 },
      }
    },
  }
}
