import type { HeatmapSeriesOption, ScatterSeriesOption } from 'echarts/charts'
import type { VisualMapComponentOption } from 'echarts/components'
import { colour } from '../page/colours.js'
import { axisStyle, labelStyle, textStyle } from './base/axes.js'
import { lineHeight, wrapped } from './base/text-width.js'
import { type Tip, tipped } from './base/tip.js'
import type { ChartOption } from './base/types.js'

export interface HeatmapParts {
  readonly columns: readonly string[]
  readonly rows: readonly string[]
  /** By row, over the columns; null where there is no value. */
  readonly values: readonly (readonly (number | null)[])[]
  /** The values that are drawn transparent and with full opacity. */
  readonly range: readonly [weakest: number, strongest: number]
  /** Pixels for the rows' names; longer names are wrapped, then truncated. */
  readonly labelWidth: number
  /** The same for the columns' names. */
  readonly columnWidth: number
  /** Lines that a column's name may take; default 1. */
  readonly columnLines?: number
  /** Writes the value into each cell. */
  readonly format?: (value: number) => string
  readonly columnName?: string
  readonly tip?: (row: number, column: number) => Tip
  /** Cells that are outlined. */
  readonly outlined?: (row: number, column: number) => boolean
}

/** Cells whose opacity is their value; columns are named above, rows on the left. */
export function heatmap(parts: HeatmapParts): ChartOption {
  const { columns, rows, columnLines = 1, format, columnName } = parts
  const names = { ...labelStyle, interval: 0, hideOverlap: false, color: colour('ink'), lineHeight } as const
  const withoutTicks = {
    ...axisStyle,
    type: 'category',
    axisTick: { show: false },
    splitArea: { show: false },
  } as const
  return {
    textStyle,
    grid: plotOf(parts),
    xAxis: {
      ...withoutTicks,
      data: columns.map((name) => columnText(name, parts)),
      position: 'top',
      axisLabel: names,
      ...(columnName === undefined
        ? {}
        : { name: columnName, nameLocation: 'middle', nameGap: 14 + lineHeight * columnLines }),
    },
    yAxis: {
      ...withoutTicks,
      data: rows.map((name) => rowText(name, parts)),
      inverse: true,
      axisLabel: names,
    },
    visualMap: opacity(parts),
    series: [
      {
        type: 'heatmap',
        data: cellsOf(parts),
        ...(format === undefined ? {} : { label: cellLabel(format) }),
        itemStyle: { borderWidth: 1, borderColor: colour('line') },
      },
      ...outlines(parts),
    ],
  }
}

/** Pixels between the edges of the drawing and its cells. */
export function plotOf({ labelWidth, columnLines = 1, columnName }: HeatmapParts) {
  const top = 13 + lineHeight * columnLines
  return { left: labelWidth, right: 8, top: columnName === undefined ? top : top + 20, bottom: 6 }
}

type Room = Pick<HeatmapParts, 'columnWidth' | 'columnLines' | 'labelWidth' | 'format'>

function columnText(name: string, { columnWidth, columnLines = 1 }: Room): string {
  return wrapped(name, columnWidth - 4, columnLines)
}

function rowText(name: string, { labelWidth, format }: Room): string {
  return wrapped(name, labelWidth - 10, format === undefined ? 1 : 2)
}

/** Names that have no room, in the order in which they are drawn. */
export function cutNames({ columns, rows, ...room }: HeatmapParts): { cut: string; whole: string }[] {
  const names = [
    ...rows.map((whole) => ({ cut: rowText(whole, room), whole })),
    ...columns.map((whole) => ({ cut: columnText(whole, room), whole })),
  ]
  return names.filter(({ cut }) => cut.endsWith('…'))
}

/** A circle in each outlined cell, as the cells themselves are as transparent as their values. */
function outlines({ rows, columns, outlined }: HeatmapParts): ScatterSeriesOption[] {
  if (outlined === undefined) return []
  const data = rows.flatMap((_, row) => columns.flatMap((__, column) => (outlined(row, column) ? [[column, row]] : [])))
  const itemStyle = { color: 'transparent', borderColor: colour('ink'), borderWidth: 1.5, opacity: 1 }
  return [{ type: 'scatter', data, symbolSize: 9, itemStyle, silent: true }]
}

function cellsOf({ rows, columns, values, tip }: HeatmapParts) {
  return rows.flatMap((_, row) =>
    columns.flatMap((__, column) => {
      const value = values[row]?.[column]
      return value === null || value === undefined
        ? []
        : [{ ...tipped([column, row, value], tip?.(row, column)), itemStyle: { color: colour('s1') } }]
    }),
  )
}

/** Opaque, whatever the cell's own opacity. */
function cellLabel(format: (value: number) => string): NonNullable<HeatmapSeriesOption['label']> {
  return {
    show: true,
    opacity: 1,
    color: colour('ink'),
    fontSize: 12,
    formatter: ({ value }) => (Array.isArray(value) ? format(Number(value[2] ?? 0)) : ''),
  }
}

/** Cells with text stay light enough for the text to be legible. */
function opacity({ range: [low, high], format }: HeatmapParts): VisualMapComponentOption {
  const full = format === undefined ? 1 : 0.45
  return {
    show: false,
    type: 'continuous',
    seriesIndex: 0,
    dimension: 2,
    min: Math.min(low, high),
    max: low === high ? high + 1 : Math.max(low, high),
    inRange: { opacity: low <= high ? [0, full] : [full, 0] },
  }
}
