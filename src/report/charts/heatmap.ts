import { colour } from '../page/colours.js'
import { axis, textStyle } from './base.js'
import type { ChartOption } from './types.js'

export interface HeatmapParts {
  readonly columns: readonly string[]
  readonly rows: readonly string[]
  /** By row, over the columns; null where there is nothing. */
  readonly values: readonly (readonly (number | null)[])[]
  /** Which values are drawn with no and with full strength. */
  readonly range: readonly [weakest: number, strongest: number]
  readonly labelWidth?: number
  /** Writes the value into each cell. */
  readonly format?: (value: number) => string
  readonly columnName?: string
}

/** Cells whose strength of colour is their value; columns are named above, rows on the left. */
export function heatmap({
  columns,
  rows,
  values,
  range,
  labelWidth = 56,
  format,
  columnName,
}: HeatmapParts): ChartOption {
  const cells = rows.flatMap((_, row) =>
    columns.flatMap((__, column) => {
      const value = values[row]?.[column]
      return value === null || value === undefined
        ? []
        : [{ value: [column, row, value], itemStyle: { color: colour('s1') } }]
    }),
  )
  const [low, high] = range
  const labels = { interval: 0, hideOverlap: false, color: colour('ink') }
  const bare = { axisTick: { show: false }, splitArea: { show: false } }
  const cellLabel =
    format === undefined
      ? {}
      : {
          label: {
            show: true,
            color: colour('ink'),
            fontSize: 12,
            formatter: ({ value }: { value: readonly number[] }) => format(value[2] ?? 0),
          },
        }
  return {
    textStyle,
    grid: { left: labelWidth, right: 8, top: columnName === undefined ? 26 : 44, bottom: 6 },
    xAxis: axis({
      type: 'category',
      data: columns,
      position: 'top',
      ...bare,
      axisLabel: labels,
      ...(columnName === undefined ? {} : { name: columnName, nameLocation: 'middle', nameGap: 24 }),
    }),
    yAxis: axis({
      type: 'category',
      data: rows,
      inverse: true,
      ...bare,
      axisLabel: { ...labels, width: labelWidth - 6, overflow: 'truncate' },
    }),
    // With room for words a cell is never so strong that they cannot be read.
    visualMap: {
      show: false,
      type: 'continuous',
      dimension: 2,
      min: Math.min(low, high),
      max: Math.max(low, high) === Math.min(low, high) ? Math.max(low, high) + 1 : Math.max(low, high),
      inRange: { opacity: low <= high ? [0, format === undefined ? 1 : 0.45] : [format === undefined ? 1 : 0.45, 0] },
    },
    series: [
      {
        type: 'heatmap',
        data: cells,
        ...cellLabel,
        emphasis: { disabled: true },
        itemStyle: { borderWidth: 1, borderColor: colour('line') },
      },
    ],
  }
}
