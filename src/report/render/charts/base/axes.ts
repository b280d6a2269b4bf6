import type { Quantity } from '../../../format/quantity.js'
import { significant } from '../../../format/values.js'
import { colour } from '../../page/colours.js'
import { textWidth } from './text-width.js'
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

/** As many labels as have room next to each other, of which `widest` is one; ECharts makes up to 1.5 times as many. */
function splitsIn(width: number, widest: string): number {
  return Math.max(1, Math.min(5, Math.floor(width / (textWidth(widest) + 16) / 1.5)))
}

/** A horizontal axis from 0 (of steps) up to the last value, with its name below the middle; `width` in pixels. */
export function xUntil({ title, text }: Quantity, last: number, width: number) {
  const splitNumber = splitsIn(width, text(last))
  const label = { ...labelStyle, formatter: text }
  return { ...axisStyle, ...xName(title), type: 'value', max: 'dataMax', splitNumber, axisLabel: label } satisfies XAxis
}

/** A horizontal axis of values with its name below the middle. */
export function xValues(
  quantity: Quantity,
  drawn: readonly number[],
  options: { readonly width: number; readonly gridLines?: boolean },
) {
  const lines = options.gridLines === true ? { splitLine: gridLines } : {}
  const widest = drawn.map(quantity.text).reduce((a, b) => (textWidth(b) > textWidth(a) ? b : a), '0')
  const splitNumber = splitsIn(options.width, widest)
  return { ...axisStyle, ...xName(quantity.title), ...lines, ...valuesOf(quantity), splitNumber } satisfies XAxis
}

/** An axis ends where its values do, and at the latest where they must. */
function valuesOf({ text, max, whole = false }: Quantity) {
  const range = { scale: true, ...(max !== undefined && { max }), ...(whole && { minInterval: 1 }) }
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

/** A logarithmic vertical axis over positive values, with a tick at each power of two or ten. */
export function yLogValues(quantity: Quantity, drawn: readonly number[]) {
  const least = drawn.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const most = drawn.reduce((a, b) => Math.max(a, b), least)
  const logBase = most / least > 100 ? 10 : 2
  const power = (value: number, round: (exponent: number) => number) =>
    logBase ** round(Math.log(value) / Math.log(logBase))
  const { type: _, ...axis } = yValues(quantity)
  const format = (value: number) => significant(value, 3)
  return {
    ...axis,
    type: 'log',
    logBase,
    min: power(least, Math.floor),
    max: power(most, Math.ceil),
    axisLabel: { ...axis.axisLabel, formatter: format },
  } satisfies YAxis
}
