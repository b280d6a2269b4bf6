import { colour } from '../../page/colours.js'

/** Single quotes: ECharts writes it into an attribute as it is. */
export const fontFamily = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"

/** Text style of a whole chart. */
export const textStyle = { fontFamily, color: colour('ink') }

/** An axis in the page's colours; `more` is the axis's own options. */
export function axis(more: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    axisLine: { show: true, lineStyle: { color: colour('quiet') } },
    axisTick: { show: true, lineStyle: { color: colour('quiet') } },
    splitLine: { show: false },
    nameTextStyle: { color: colour('quiet'), fontSize: 12 },
    ...more,
    axisLabel: { color: colour('quiet'), fontSize: 12, hideOverlap: true, ...(more.axisLabel as object | undefined) },
  }
}

/** Horizontal guide lines. */
export const guides = { show: true, lineStyle: { color: colour('line') } }

/** A horizontal axis with its name below the middle. */
export function across(name: string, more: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return axis({ name, nameLocation: 'middle', nameGap: 26, ...more })
}

/** A vertical axis of values with its name above it, on the left. */
export function upwards(name: string, formatter: ((value: number) => string) | undefined): Record<string, unknown> {
  return axis({
    type: 'value',
    name,
    nameTextStyle: { align: 'left', padding: [0, 0, 0, -48], color: colour('quiet'), fontSize: 12 },
    splitLine: guides,
    scale: true,
    axisLabel: formatter === undefined ? {} : { formatter },
  })
}
