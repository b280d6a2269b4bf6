import { colour } from '../../page/colours.js'
import type { XAxis, YAxis } from './types.js'

/** Single quotes: ECharts writes it into an attribute unescaped. */
export const fontFamily = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"

/** Text style of a whole chart. */
export const textStyle = { fontFamily, color: colour('ink') }

/** Lines and ticks of every axis, in the page's colours. */
export const axisStyle = {
  axisLine: { show: true, lineStyle: { color: colour('quiet') } },
  axisTick: { show: true, lineStyle: { color: colour('quiet') } },
  splitLine: { show: false },
  nameTextStyle: { color: colour('quiet'), fontSize: 12 },
}

/** Labels of every axis. */
export const labelStyle = { color: colour('quiet'), fontSize: 12, hideOverlap: true }

/** Grid lines. */
const gridLines = { show: true, lineStyle: { color: colour('line') } }

const xName = (name: string) => ({ name, nameLocation: 'middle', nameGap: 26 }) as const

type Format = (value: number) => string

/** A horizontal axis of values with its name below the middle. */
export function xValues(
  name: string,
  options: { max?: 'dataMax'; scale?: boolean; gridLines?: boolean; format?: Format },
) {
  const { format, gridLines: hasGridLines = false, ...range } = options
  const label = format === undefined ? labelStyle : { ...labelStyle, formatter: format }
  const lines = hasGridLines ? { splitLine: gridLines } : {}
  return { ...axisStyle, ...xName(name), type: 'value', ...range, ...lines, axisLabel: label } satisfies XAxis
}

/** A horizontal axis of categories with its name below the middle. */
export function xCategories(name: string, categories: readonly string[]) {
  return {
    ...axisStyle,
    ...xName(name),
    type: 'category',
    data: [...categories],
    axisLabel: labelStyle,
  } satisfies XAxis
}

/** A vertical axis of values with its name above it, on the left. */
export function yValues(name: string, format: Format | undefined) {
  return {
    ...axisStyle,
    type: 'value',
    name,
    nameTextStyle: { ...axisStyle.nameTextStyle, align: 'left', padding: [0, 0, 0, -48] },
    splitLine: gridLines,
    scale: true,
    axisLabel: format === undefined ? labelStyle : { ...labelStyle, formatter: format },
  } satisfies YAxis
}
