import { colour } from '../page/colours.js'
import { axis, textStyle } from './base/axes.js'
import { cutAt, lineHeight } from './base/text-width.js'
import type { ChartOption } from './base/types.js'

export interface HeatmapParts {
  readonly columns: readonly string[]
  readonly rows: readonly string[]
  /** By row, over the columns; null where there is nothing. */
  readonly values: readonly (readonly (number | null)[])[]
  /** Which values are drawn with no and with full strength. */
  readonly range: readonly [weakest: number, strongest: number]
  /** Room for the rows' names; names that need more are broken, or cut. */
  readonly labelWidth: number
  /** The same for the columns' names. */
  readonly columnWidth: number
  /** Lines that a column's name may take; 1 where not said. */
  readonly columnLines?: number
  /** Writes the value into each cell. */
  readonly format?: (value: number) => string
  readonly columnName?: string
}

/** Cells whose strength of colour is their value; columns are named above, rows on the left. */
export function heatmap(parts: HeatmapParts): ChartOption {
  const { columns, rows, labelWidth, columnWidth, columnLines = 1, format, columnName } = parts
  const names = { interval: 0, hideOverlap: false, color: colour('ink'), lineHeight, overflow: 'break' }
  const rowLines = format === undefined ? 1 : 2
  const bare = { axisTick: { show: false }, splitArea: { show: false } }
  const top = 13 + lineHeight * columnLines
  return {
    textStyle,
    grid: { left: labelWidth, right: 8, top: columnName === undefined ? top : top + 20, bottom: 6 },
    xAxis: axis({
      type: 'category',
      data: columns.map((name) => cutAt(name, columnWidth - 4, columnLines)),
      position: 'top',
      ...bare,
      axisLabel: { ...names, width: columnWidth - 4 },
      ...(columnName === undefined
        ? {}
        : { name: columnName, nameLocation: 'middle', nameGap: 14 + lineHeight * columnLines }),
    }),
    yAxis: axis({
      type: 'category',
      data: rows.map((name) => cutAt(name, labelWidth - 10, rowLines)),
      inverse: true,
      ...bare,
      axisLabel: { ...names, width: labelWidth - 10 },
    }),
    visualMap: strength(parts),
    series: [
      {
        type: 'heatmap',
        data: cellsOf(parts),
        ...(format === undefined ? {} : { label: cellLabel(format) }),
        emphasis: { disabled: true },
        itemStyle: { borderWidth: 1, borderColor: colour('line') },
      },
    ],
  }
}

function cellsOf({ rows, columns, values }: HeatmapParts) {
  return rows.flatMap((_, row) =>
    columns.flatMap((__, column) => {
      const value = values[row]?.[column]
      const cell = { value: [column, row, value], itemStyle: { color: colour('s1') } }
      return value === null || value === undefined ? [] : [cell]
    }),
  )
}

/** Opaque, whatever the cell's own strength. */
function cellLabel(format: (value: number) => string) {
  const formatter = ({ value }: { value: readonly number[] }) => format(value[2] ?? 0)
  return { show: true, opacity: 1, color: colour('ink'), fontSize: 12, formatter }
}

/** With room for words a cell is never so strong that they cannot be read. */
function strength({ range: [low, high], format }: HeatmapParts) {
  const full = format === undefined ? 1 : 0.45
  return {
    show: false,
    type: 'continuous',
    dimension: 2,
    min: Math.min(low, high),
    max: low === high ? high + 1 : Math.max(low, high),
    inRange: { opacity: low <= high ? [0, full] : [full, 0] },
  }
}
