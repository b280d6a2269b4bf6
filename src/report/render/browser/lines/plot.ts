import { type Quantity, quantityOf } from '../../../format/quantity.js'
import { textWidth } from '../../charts/base/text-width.js'
import type { Frame } from '../../page/frame.js'
import type { LinesData } from '../../page/lines-data.js'
import type { HorizontalAxis } from './axis.js'
import { extentOf, linearRange, linearTicks, logRange, logTicks, type Range } from './ticks.js'

// Where everything of a picture of lines is, in pixels; pure.

export interface PlotAxis {
  readonly range: Range
  readonly ticks: readonly { readonly at: number; readonly text: string }[]
  readonly title: string
  pixel(value: number): number
}

export interface Plot extends Frame {
  readonly x: PlotAxis
  readonly y: PlotAxis
  /** How a value is written. */
  readonly quantity: Quantity
  /** Where the mark is on the horizontal axis. */
  readonly mark?: { readonly at: number; readonly name: string }
  /** Points by series, on the axes. */
  readonly series: readonly (readonly (readonly [x: number, y: number])[])[]
}

export interface PlotView {
  readonly horizontal: HorizontalAxis
  readonly log: boolean
  /** What of the horizontal axis is shown; absent: all. */
  readonly shown?: Range | undefined
  readonly width: number
  readonly height: number
}

const margins = { top: 28, bottom: 44 }
const leastLeft = 56
const ticksUp = 5

/** The whole of the horizontal axis: from 0, or from the first point where that is far from it. */
export function wholeRange({ series }: LinesData, { place }: HorizontalAxis): Range {
  const [low, high] = extentOf(series.flatMap(({ points }) => points.map(([at]) => place(at))))
  const start = low > 0 && low > (high - low) * 2 ? low : Math.min(0, low)
  return [start, high > start ? high : start + 1]
}

export function plotOf(data: LinesData, view: PlotView): Plot {
  const { horizontal, log, width, height } = view
  const range = view.shown ?? wholeRange(data, horizontal)
  const series = data.series.map(({ points }) => points.map(([at, y]) => [horizontal.place(at), y] as const))
  const values = series.flatMap((points) => within(points, range).map(([, y]) => y))
  const quantity = quantityOf(data.y, values)
  const right = Math.max(18, Math.ceil(textWidth(horizontal.quantity.text(range[1])) / 2))
  const isLog = log && values.length > 0 && values.every((value) => value > 0)
  const upRange = isLog ? logRange(values) : linearRange(values, ticksUp, quantity.max)
  const ticks = isLog ? logTicks(...upRange, 6) : linearTicks(...upRange, ticksUp)
  const left = Math.max(leastLeft, 16 + Math.max(...ticks.map((tick) => textWidth(quantity.text(tick)))))
  const [plotWidth, plotHeight] = [width - left - right, height - margins.top - margins.bottom]
  const rise = isLog ? Math.log : (value: number) => value
  const [low, high] = [rise(upRange[0]), rise(upRange[1])]
  return {
    ...{ width, height, left, right, ...margins, quantity, series },
    ...(data.mark && { mark: { at: horizontal.place(data.mark.x), name: data.mark.name } }),
    x: {
      range,
      ticks: xTicks(range, horizontal.quantity, plotWidth),
      title: horizontal.quantity.title,
      pixel: (value) => left + ((value - range[0]) / (range[1] - range[0])) * plotWidth,
    },
    y: {
      range: upRange,
      ticks: ticks.map((at) => ({ at, text: quantity.text(at) })),
      title: quantity.title,
      pixel: (value) => margins.top + (1 - (rise(value) - low) / (high - low)) * plotHeight,
    },
  }
}

/** As many as have room next to each other. */
function xTicks([low, high]: Range, { text, whole }: Quantity, width: number): PlotAxis['ticks'] {
  const widest = Math.max(textWidth(text(low)), textWidth(text(high)))
  const most = Math.max(1, Math.min(6, Math.floor(width / (widest + 24))))
  return linearTicks(low, high, most, whole === true ? 1 : 0).map((at) => ({ at, text: text(at) }))
}

/** Points in a range, and where the line enters and leaves it. */
function within(
  points: readonly (readonly [number, number])[],
  [from, to]: Range,
): readonly (readonly [number, number])[] {
  const inside = points.filter(([x]) => x >= from && x <= to)
  const cuts = [from, to].flatMap((edge) => {
    const after = points.findIndex(([x]) => x > edge)
    const [before, next] = [points[after - 1], points[after]]
    if (before === undefined || next === undefined) return []
    return [[edge, before[1] + ((edge - before[0]) / (next[0] - before[0])) * (next[1] - before[1])] as const]
  })
  return [...inside, ...cuts]
}
