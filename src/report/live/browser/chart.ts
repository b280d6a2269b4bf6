import type { CurvePoint } from '../../../stats/curve.js'
import { count } from '../../format/numbers.js'
import { type Measure, type Quantity, quantityOf, quantityText } from '../../format/quantity.js'
import { makeDownloads } from '../../render/browser/downloads.js'
import { createLines } from '../../render/browser/lines/index.js'
import { swatch } from '../../render/page/legend.js'
import type { LinesData } from '../../render/page/lines-data.js'
import type { CurveKind } from '../types.js'
import { element, tableBox } from './dom.js'

export interface ChartSeries {
  readonly name: string
  /** Index of its colour, dash and symbol. */
  readonly colourIndex: number
  readonly points: readonly CurvePoint[]
}

/** One picture of curves. */
export interface ChartView {
  readonly id: string
  readonly title: string
  readonly kind: CurveKind
  readonly series: readonly ChartSeries[]
}

/** A figure that is drawn again with every view. */
export interface Chart {
  readonly figure: HTMLElement
  show(view: ChartView): void
  close(): void
}

export function createChart({ id, title, kind }: ChartView): Chart {
  const list = element('ul', { class: 'legend small' })
  const values = tableBox(`Last values: ${title}`, ['run', 'step', 'value'], {
    classes: { step: 'number', value: 'number' },
  })
  const details = element('details', { class: 'small' }, element('summary', {}, 'Values'), values.box)
  const note = kind.better === undefined ? '' : `${kind.better} is better`
  const caption = element('figcaption', {}, title, note !== '' && element('span', { class: 'quiet small' }, note))
  const figure = element('figure', { id }, caption, list, details)
  const lines = createLines(figure)
  let current: LinesData | undefined
  makeDownloads(figure, () => current)
  return {
    figure,
    show: (view) => {
      const data = linesOf(view)
      current = data
      const y = quantityOf(
        data.y,
        view.series.flatMap(({ points }) => points.map(([, value]) => value)),
      )
      list.replaceChildren(...(view.series.length > 1 ? view.series.map(legendItem) : []))
      values.body.replaceChildren(...view.series.map((series) => valueRow(series, y)))
      lines.show(data, `${title}: ${view.series.map((series) => lastText(series, y)).join('; ')}`)
    },
    close: () => {
      lines.close()
      figure.remove()
    },
  }
}

function linesOf({ kind, series }: ChartView): LinesData {
  return { x: 'step', y: measureOf(kind), series }
}

function measureOf({ axis, unit, name, title }: CurveKind): Measure {
  return name.endsWith('-loss')
    ? { name: title, unit, kind: 'plain', title: axis }
    : { name: axis, unit, kind: 'metric' }
}

/** The swatch is our own markup; the name is text. */
function legendItem({ name, colourIndex }: ChartSeries): HTMLElement {
  const item = element('li')
  item.insertAdjacentHTML('afterbegin', swatch({ colourIndex, kind: 'line' }).markup)
  item.append(name)
  return item
}

function valueRow({ name, points }: ChartSeries, y: Quantity): HTMLElement {
  const last = points.at(-1)
  const [step, value] = last === undefined ? ['', ''] : [count(last[0]), quantityText(y, last[1])]
  const number = (text: string) => element('td', { class: 'number' }, text)
  return element('tr', {}, element('td', {}, name), number(step), number(value))
}

function lastText({ name, points }: ChartSeries, y: Quantity): string {
  const last = points.at(-1)
  return last === undefined ? `${name}: nothing yet` : `${name}: ${quantityText(y, last[1])} at step ${count(last[0])}`
}
