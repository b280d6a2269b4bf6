import type { Quantity } from '../../../format/quantity.js'
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

/** A horizontal axis of steps with its name below the middle. */
export function xSteps(name: string) {
  return { ...axisStyle, ...xName(name), type: 'value', max: 'dataMax', axisLabel: labelStyle } satisfies XAxis
}

/** A horizontal axis of values with its name below the middle. */
export function xValues(quantity: Quantity, options: { gridLines?: boolean } = {}) {
  const lines = options.gridLines === true ? { splitLine: gridLines } : {}
  return { ...axisStyle, ...xName(quantity.title), ...lines, ...valuesOf(quantity) } satisfies XAxis
}

/** An axis ends where its values do, and at the latest where they must. */
function valuesOf({ text, max }: Quantity) {
  const range = { scale: true, ...(max !== undefined && { max }) }
  return { type: 'value' as const, ...range, axisLabel: { ...labelStyle, formatter: text } }
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
export function yValues(quantity: Quantity) {
  return {
    ...axisStyle,
    ...valuesOf(quantity),
    name: quantity.title,
    nameTextStyle: { ...axisStyle.nameTextStyle, align: 'left', padding: [0, 0, 0, -48] },
    splitLine: gridLines,
  } satisfies YAxis
}
