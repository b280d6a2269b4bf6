import { textWidth } from '../../charts/base/text-width.js'
import { colour, seriesColour } from '../../page/colours.js'
import { dashes, symbolPath } from '../../page/legend.js'
import type { LinesData } from '../../page/lines-data.js'
import type { Plot } from './plot.js'

const namespace = 'http://www.w3.org/2000/svg'

type Attributes = Readonly<Record<string, string | number>>

function svg(tag: string, attributes: Attributes, ...children: readonly (Node | string)[]): SVGElement {
  const made = document.createElementNS(namespace, tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value))
  made.append(...children)
  return made
}

const fixed = (value: number) => Number(value.toFixed(1))

/** The picture; what lies outside of the axes is cut off by the clip path `id`, unique in the page. */
export function drawPlot(plot: Plot, { series }: LinesData, id: string): SVGElement {
  const { mark, width, height, left, right, top, bottom } = plot
  const area = { x: left, y: top - 4, width: width - left - right + 4, height: height - top - bottom + 8 }
  const clipped = svg('g', { 'clip-path': `url(#${id})` }, ...(mark === undefined ? [] : [markLine(plot, mark.at)]))
  clipped.append(...series.map(({ colourIndex }, at) => line(plot, plot.series[at] ?? [], colourIndex)))
  const attributes = { width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true', focusable: 'false' }
  return svg(
    'svg',
    attributes,
    svg('defs', {}, svg('clipPath', { id }, svg('rect', area))),
    svg('g', { 'font-family': 'system-ui, sans-serif', 'font-size': 12, fill: colour('quiet') }, ...axes(plot)),
    clipped,
    ...(mark === undefined ? [] : markName(plot, mark)),
  )
}

function axes({ x, y, left, right, top, bottom, width, height }: Plot): SVGElement[] {
  const [base, end] = [height - bottom, width - right]
  const stroke = (x1: number, y1: number, x2: number, y2: number, name: 'line' | 'quiet') => {
    const ends = { x1: fixed(x1), y1: fixed(y1), x2: fixed(x2), y2: fixed(y2) }
    return svg('line', { ...ends, stroke: colour(name), 'stroke-width': 1 })
  }
  const text = (content: string, at: readonly [number, number], anchor: string) =>
    svg('text', { x: fixed(at[0]), y: fixed(at[1]), 'text-anchor': anchor }, content)
  return [
    ...y.ticks.flatMap(({ at, text: label }) => [
      stroke(left, y.pixel(at), end, y.pixel(at), 'line'),
      text(label, [left - 8, y.pixel(at) + 4], 'end'),
    ]),
    ...x.ticks.flatMap(({ at, text: label }) => [
      stroke(x.pixel(at), base, x.pixel(at), base + 5, 'quiet'),
      text(label, [x.pixel(at), base + 18], 'middle'),
    ]),
    stroke(left, base, end, base, 'quiet'),
    stroke(left, top, left, base, 'quiet'),
    text(x.title, [(left + end) / 2, height - 6], 'middle'),
    text(y.title, [8, 12], 'start'),
  ]
}

/** Up to this many points of a series have symbols: one point alone makes no line. */
const fewPoints = 24

function line(plot: Plot, points: Plot['series'][number], colourIndex: number): SVGElement {
  const stroke = seriesColour(colourIndex)
  const pattern = dashes[colourIndex % dashes.length]
  const places = points.map(([x, y]) => `${fixed(plot.x.pixel(x))} ${fixed(plot.y.pixel(y))}`)
  const dash = Array.isArray(pattern) ? { 'stroke-dasharray': pattern.join(' ') } : {}
  const drawn = svg('path', {
    ...{
      d: places.length === 0 ? '' : `M${places.join('L')}`,
      fill: 'none',
      stroke,
      'stroke-width': 2,
      'stroke-linejoin': 'bevel',
    },
    ...dash,
  })
  const inside = points.filter(([x]) => x >= plot.x.range[0] && x <= plot.x.range[1])
  if (inside.length > fewPoints) return drawn
  const { d, isEmpty } = symbolPath(colourIndex)
  const style = { fill: isEmpty ? colour('page') : stroke, stroke, 'stroke-width': 1.5 }
  const symbols = inside.map(([x, y]) => {
    const transform = `translate(${fixed(plot.x.pixel(x))} ${fixed(plot.y.pixel(y))})`
    return svg('path', { d, transform, ...style })
  })
  return svg('g', {}, drawn, ...symbols)
}

function markLine({ x, top, height, bottom }: Plot, at: number): SVGElement {
  const ends = { x1: fixed(x.pixel(at)), x2: fixed(x.pixel(at)), y1: top, y2: height - bottom }
  return svg('line', { ...ends, stroke: colour('quiet'), 'stroke-width': 1, 'stroke-dasharray': '4 4' })
}

/** Above its line, where no point hides it; none where the mark is not in the picture. */
function markName({ x, y, top }: Plot, { at, name }: NonNullable<Plot['mark']>): SVGElement[] {
  if (at < x.range[0] || at > x.range[1]) return []
  const isRight = x.pixel(at) > 16 + textWidth(y.title) + textWidth(name)
  const place = { x: fixed(x.pixel(at) + (isRight ? 0 : 4)), y: isRight ? top - 8 : top + 10 }
  const anchored = { ...place, 'text-anchor': isRight ? 'middle' : 'start' }
  return [
    svg('text', { ...anchored, 'font-family': 'system-ui, sans-serif', 'font-size': 11, fill: colour('quiet') }, name),
  ]
}
