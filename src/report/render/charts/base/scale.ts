import type { CustomSeriesOption } from 'echarts/charts'
import type { ChartOption, Series } from './types.js'

// ECharts rounds ticks to 20 decimals: an axis of values around 1e-26 has none left (6.1 fails an assertion, apache/echarts
// 21645). Values on such an axis are drawn as multiples of a power of ten; its labels are the values themselves.

type Axis = 'x' | 'y'
type Factors = Readonly<Record<Axis, number>>

/** Axes whose largest value is at least this are drawn as they are. */
const smallest = 1e-6

/** The option with values that ECharts can draw; the same where they all are. */
export function drawable(option: ChartOption): ChartOption {
  const factors = { x: factorOf(option, 'x'), y: factorOf(option, 'y') }
  if (factors.x === 1 && factors.y === 1) return option
  return {
    ...option,
    xAxis: unscaledLabels(option.xAxis, factors.x),
    yAxis: unscaledLabels(option.yAxis, factors.y),
    series: option.series.map((series) => scaledSeries(series, factors)),
  }
}

function isValueAxis(option: ChartOption, axis: Axis): boolean {
  const found = axis === 'x' ? option.xAxis : option.yAxis
  return found instanceof Object && 'type' in found && found.type === 'value'
}

/** The power of ten that brings an axis's largest value to between 1 and 10, where that is needed. */
function factorOf(option: ChartOption, axis: Axis): number {
  if (!isValueAxis(option, axis)) return 1
  const largest = option.series.reduce((most, series) => Math.max(most, largestOf(series, axis)), 0)
  return largest === 0 || largest >= smallest ? 1 : 10 ** Math.min(308, -Math.floor(Math.log10(largest)))
}

function largestOf(series: Series, axis: Axis): number {
  const columns = columnsOf(series, axis)
  return rowsOf(series).reduce((most, row) => {
    const values = columns.map((column) => Math.abs(Number(row[column]))).filter(Number.isFinite)
    return Math.max(most, ...values)
  }, 0)
}

/** Which of a row's values are on an axis. */
function columnsOf(series: Series, axis: Axis): readonly number[] {
  if (series.type !== 'custom') return [axis === 'x' ? 0 : 1]
  const columns: unknown = series.encode?.[axis]
  return (Array.isArray(columns) ? columns : [columns]).filter((column) => typeof column === 'number')
}

function rowsOf({ data }: Series): readonly (readonly unknown[])[] {
  return (Array.isArray(data) ? data : []).map(valuesOf)
}

/** Of `[x, y]` or of `{ value: [x, y], ... }`. */
function valuesOf(item: unknown): readonly unknown[] {
  if (Array.isArray(item)) return item
  return typeof item === 'object' && item !== null && 'value' in item && Array.isArray(item.value) ? item.value : []
}

function scaledSeries<S extends Series>(series: S, factors: Factors): S {
  const factorIn = (column: number) =>
    columnsOf(series, 'x').includes(column) ? factors.x : columnsOf(series, 'y').includes(column) ? factors.y : 1
  const scale = (row: readonly unknown[]) =>
    row.map((value, column) => (typeof value === 'number' ? value * factorIn(column) : value))
  const data = (Array.isArray(series.data) ? series.data : []).map((item: object) =>
    Array.isArray(item) ? scale(item) : { ...item, value: scale(valuesOf(item)) },
  )
  const scaled = { ...series, data }
  return series.type === 'custom' ? { ...scaled, ...unscaledDrawing(series, factors, factorIn) } : scaled
}

/** What draws a custom series asks for values and places as if nothing was scaled. */
function unscaledDrawing(
  { renderItem }: CustomSeriesOption,
  factors: Factors,
  factorIn: (column: number) => number,
): Pick<CustomSeriesOption, 'renderItem'> {
  if (renderItem === undefined) return {}
  return {
    renderItem: (params, api) =>
      renderItem(params, {
        ...api,
        value: (column, index) => {
          const value = api.value(column, index)
          return typeof value === 'number' && typeof column === 'number' ? value / factorIn(column) : value
        },
        coord: (place) => {
          const [x, y] = Array.isArray(place) ? place : [place]
          return api.coord([Number(x) * factors.x, Number(y) * factors.y])
        },
      }),
  }
}

function unscaledLabels<A>(axis: A, factor: number): A {
  if (factor === 1 || typeof axis !== 'object' || axis === null || !('axisLabel' in axis)) return axis
  const label = axis.axisLabel as { formatter?: (value: number) => string }
  const format = label.formatter ?? ((value: number) => String(Number(value.toPrecision(4))))
  return { ...axis, axisLabel: { ...label, formatter: (value: number) => format(value / factor) } }
}
