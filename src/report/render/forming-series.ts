import { significant } from '../format/values.js'
import { seriesColour } from './page/colours.js'
import { type Html, html } from './page/html.js'
import { dashes, symbolAt } from './page/legend.js'

const [width, height, margin] = [640, 180, 8]

/** Values of a series of which each has a symbol. */
const mostMarked = 30

export const formingSeries = ['observed', 'forecast', 'one season before'] as const

interface SeriesParts {
  readonly width: number
  readonly reference: readonly number[]
  readonly predicted: readonly number[]
  readonly naive?: readonly number[] | undefined
  /** Of the axis, so that it stays from drawing to drawing. */
  readonly range: readonly [low: number, high: number]
}

/** A forecast with what was observed, step after step; of several series each has its line. It has numbers alone. */
export function seriesDrawing({ width: series, reference, predicted, naive, range }: SeriesParts): Html {
  const lines = [reference, predicted, naive ?? []].flatMap((values, kind) =>
    Array.from({ length: series }, (_, at) => line(ofSeries(values, series, at), kind, range)),
  )
  const [low, high] = range
  return html`<div class="quiet small">${endText(high, range)}</div><svg class="series" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">${lines}</svg><div class="quiet small">${endText(low, range)}</div>`
}

/** An end of the axis; next to the other one nearly nothing is 0. */
function endText(value: number, [low, high]: SeriesParts['range']): string {
  return significant(Math.abs(value) < 1e-6 * (high - low) ? 0 : value)
}

function ofSeries(values: readonly number[], series: number, at: number): number[] {
  return values.filter((_, place) => place % series === at)
}

function line(values: readonly number[], kind: number, [low, high]: SeriesParts['range']): Html {
  const x = (at: number) => margin + (at * (width - 2 * margin)) / Math.max(1, values.length - 1)
  const y = (value: number) => margin + (height - 2 * margin) * (high === low ? 0.5 : (high - value) / (high - low))
  const places = values.map((value, at) => [x(at), y(value)] as const)
  const points = places.map((place) => place.map((each) => each.toFixed(1)).join(',')).join(' ')
  const colour = seriesColour(kind)
  const pattern = dashes[kind]
  const dash = Array.isArray(pattern) ? pattern.join(' ') : 'none'
  const marks = values.length > mostMarked ? [] : places.map(([left, top]) => mark(left, top, symbolAt(kind, colour)))
  return html`<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="2" vector-effect="non-scaling-stroke" stroke-dasharray="${dash}"/>${marks}`
}

/** So that a forecast of one step can be seen too. */
function mark(x: number, y: number, symbol: Html): Html {
  return html`<g transform="translate(${(x - 14).toFixed(1)} ${(y - 6).toFixed(1)})">${symbol}</g>`
}

/** The lowest and the highest of some series. */
export function rangeOf(series: readonly (readonly number[])[]): readonly [low: number, high: number] {
  const [first = 0, ...others] = series.flat()
  return others.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [first, first])
}
