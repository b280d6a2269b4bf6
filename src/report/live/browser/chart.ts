import { TooltipComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import type { CurvePoint } from '../../../stats/curve.js'
import { count } from '../../format/numbers.js'
import { metricQuantity, plainQuantity, type Quantity, quantityText } from '../../format/quantity.js'
import { tooltip } from '../../render/browser/tooltip.js'
import { chartComponents } from '../../render/charts/base/components.js'
import { failureText } from '../../render/charts/base/failure.js'
import { drawable } from '../../render/charts/base/scale.js'
import { still } from '../../render/charts/base/still.js'
import { lineChart } from '../../render/charts/line.js'
import { swatch } from '../../render/page/legend.js'
import type { CurveKind } from '../types.js'
import { element, tableBox } from './dom.js'

echarts.use([...chartComponents, TooltipComponent])

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
  const box = element('div', { role: 'img', class: 'chart' })
  const list = element('ul', { class: 'legend small' })
  const sentence = element('p', { class: 'quiet small' })
  const values = tableBox(`Last values: ${title}`, ['run', 'step', 'value'], [1, 2])
  const details = element('details', { class: 'small' }, element('summary', {}, 'Values'), values.box)
  const note = kind.better === undefined ? '' : `${kind.better} is better`
  const caption = element('figcaption', {}, title, note !== '' && element('span', { class: 'quiet small' }, note))
  const figure = element('figure', { id }, caption, list, box, sentence, details)
  let chart: echarts.ECharts | undefined
  let current: ChartView | undefined
  const draw = () => {
    if (current === undefined || figure.clientWidth === 0) return
    const size = {
      width: Math.max(240, Math.min(figure.clientWidth, 760)),
      height: figure.clientWidth < 480 ? 240 : 280,
    }
    chart ??= echarts.init(box, null, { renderer: 'svg', ...size })
    try {
      chart.resize(size)
      const option = still(drawable(optionOf(current, size.width)))
      chart.setOption({ animation: false, tooltip: tooltip('axis'), ...option }, { notMerge: true })
      sentence.textContent = ''
    } catch (error) {
      sentence.textContent = failureText(error)
    }
  }
  const observer = new ResizeObserver(() => {
    if (chart === undefined || Math.abs(chart.getWidth() - Math.min(figure.clientWidth, 760)) > 1) draw()
  })
  observer.observe(figure)
  return {
    figure,
    show: (view) => {
      current = view
      const y = quantityOf(view)
      list.replaceChildren(...(view.series.length > 1 ? view.series.map(legendItem) : []))
      values.body.replaceChildren(...view.series.map((series) => valueRow(series, y)))
      box.setAttribute('aria-label', `${title}: ${view.series.map((series) => lastText(series, y)).join('; ')}`)
      draw()
    },
    close: () => {
      observer.disconnect()
      chart?.dispose()
      figure.remove()
    },
  }
}

function optionOf(view: ChartView, width: number) {
  const y = quantityOf(view)
  const series = view.series.map(({ name, colourIndex, points }) => {
    const drawn = { name, colourIndex, kind: 'line' } as const
    const tips = points.map(([step, value]) => {
      return { heading: `step ${count(step)}`, lines: [quantityText(y, value)], series: drawn }
    })
    return { name, colourIndex, points, tips }
  })
  return lineChart({ width, x: 'step', y, series })
}

function quantityOf({ kind, series }: ChartView): Quantity {
  const values = series.flatMap(({ points }) => points.map(([, value]) => value))
  const { axis, unit, name, title } = kind
  return name.endsWith('-loss') ? plainQuantity(title, unit, values, axis) : metricQuantity(axis, unit, values)
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
