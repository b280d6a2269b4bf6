import { DataZoomInsideComponent, TooltipComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import type { Group } from '../../analysis/comparison/types.js'
import type { AxisName } from '../../analysis/trial/axes.js'
import { chartComponents } from '../charts/base/components.js'
import { failureText } from '../charts/base/failure.js'
import { drawable } from '../charts/base/scale.js'
import { still } from '../charts/base/still.js'
import { comparisonFigures } from '../comparison/figures/figures.js'
import type { ComparisonFigure } from '../comparison/figures/types.js'
import { firstShown, firstView, viewOf } from '../comparison/figures/variants.js'
import { swatch } from '../page/legend.js'
import { makeGroupFilter } from './filter.js'
import { isZoomed, makeKeys } from './keys.js'
import { makeControls } from './lines/controls.js'
import { tooltip } from './tooltip.js'

echarts.use([...chartComponents, DataZoomInsideComponent, TooltipComponent])

/** Replaces a group's static charts by interactive ones; its filter and its boxes select what they and its tables show. */
export function makeInteractive(group: Group, prefix: string): void {
  const charts = new Map<string, (figure: ComparisonFigure) => void>()
  let view = firstView(group, prefix)
  const draw = () => {
    for (const figure of comparisonFigures(group, view)) {
      const show = charts.get(figure.id) ?? createChart(figure)
      if (show === undefined) continue
      charts.set(figure.id, show)
      show(figure)
    }
  }
  draw()
  const chooser = document.querySelector<HTMLElement>(`[data-chooser="${prefix}"]`)
  const change = (matching: ReadonlySet<string>, shown: ReadonlySet<string>) => {
    view = viewOf(group, { prefix, matching, shown }, view.colours)
    draw()
  }
  if (chooser !== null) {
    chooser.hidden = false
    chooser.addEventListener('change', ({ target }) => {
      if (!(target instanceof HTMLInputElement)) return
      const shown = new Set(view.shown)
      if (target.checked) shown.add(target.value)
      else shown.delete(target.value)
      change(view.matching, shown)
    })
  }
  makeGroupFilter(group, prefix, (matching) => {
    const shown = firstShown(group, matching)
    for (const box of chooser?.querySelectorAll('input') ?? []) box.checked = shown.has(box.value)
    change(matching, shown)
  })
}

/** The chart in the element of a figure, as a function that draws the figure's current data. */
function createChart(figure: ComparisonFigure): ((figure: ComparisonFigure) => void) | undefined {
  const element = document.getElementById(figure.id)
  const drawings = element?.querySelectorAll('.wide, .narrow, .instead') ?? []
  const [first] = drawings
  if (!element || first === undefined) return undefined
  const box = document.createElement('div')
  box.setAttribute('role', 'img')
  box.tabIndex = 0
  first.before(box)
  const sentence = document.createElement('p')
  sentence.className = 'quiet small'
  first.before(sentence)
  for (const drawing of drawings) drawing.remove()
  let current: ComparisonFigure | undefined
  let [log, axis]: [boolean, AxisName] = [false, 'step']
  const size = () => {
    const width = Math.max(280, Math.min(element.clientWidth, 760))
    const { heightAt, heights = { wide: 300, narrow: 300 } } = current ?? {}
    return { width, height: heightAt?.(width) ?? (width < 480 ? heights.narrow : heights.wide) }
  }
  const chart = echarts.init(box, null, { renderer: 'svg', ...size() })
  /** Why the figure could not be drawn; undefined where it is. */
  const draw = (shown: ComparisonFigure) => {
    try {
      chart.resize(size())
      const option = still(drawable(shown.option({ ...size(), axis, log: log && shown.curves?.canBeLog === true })))
      chart.setOption(
        { animation: false, tooltip: tooltip(shown.trigger), ...zoomOf(shown), ...option },
        { notMerge: true },
      )
      return undefined
    } catch (error) {
      return failureText(error)
    }
  }
  const show = () => {
    if (current === undefined) return
    const reason = current.instead ?? draw(current)
    if (reason !== undefined) chart.clear()
    box.hidden = reason !== undefined
    sentence.textContent = reason ?? ''
    box.ariaLabel = current.alternative
    fillNote(element, current)
    fillLegend(element, current)
    fillTable(element, current)
    showControls()
  }
  new ResizeObserver(() => {
    if (size().width !== chart.getWidth()) show()
  }).observe(element)
  makeKeys(box, chart)
  const controls =
    figure.curves &&
    makeControls(
      element,
      { choices: figure.curves.axes, hint: false },
      {
        axis: (chosen) => {
          axis = chosen
          show()
        },
        log: (isLog) => {
          log = isLog
          show()
        },
        whole: () => {
          chart.dispatchAction({ type: 'dataZoom', start: 0, end: 100 })
        },
      },
    )
  const showControls = () => {
    controls?.offer({ axes: true, log: current?.curves?.canBeLog === true })
    controls?.show({ axis, log, isZoomed: isZoomed(chart) })
  }
  chart.on('datazoom', showControls)
  return (next) => {
    current = next
    show()
  }
}

/** Curves are zoomed along their horizontal axis, by the wheel with Ctrl held, so that a page still scrolls. */
function zoomOf({ curves }: ComparisonFigure) {
  if (curves === undefined) return {}
  return {
    dataZoom: [
      { type: 'inside', xAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseMove: 'shift' },
    ],
  }
}

/** Swatches are trusted markup; names only ever become text. */
function fillLegend(element: HTMLElement, { legend: entries = [] }: ComparisonFigure): void {
  const items = entries.map((entry) => {
    const item = document.createElement('li')
    item.insertAdjacentHTML('afterbegin', swatch(entry).markup)
    item.append(entry.name)
    return item
  })
  element.querySelector('.legend')?.replaceChildren(...items)
}

/** What is drawn depends on the variants that are selected. */
function fillNote(element: HTMLElement, { note = '' }: ComparisonFigure): void {
  const text = element.querySelector('figcaption .quiet')
  if (text !== null) text.textContent = note
}

/** The table below the chart has the values of the variants that are drawn. */
function fillTable(element: HTMLElement, { table }: ComparisonFigure): void {
  const head = element.querySelector('thead tr')
  const body = element.querySelector('tbody')
  const cells = (row: readonly string[], name: 'td' | 'th') =>
    row.map((text) => {
      const cell = document.createElement(name)
      cell.textContent = text
      if (name === 'th') cell.setAttribute('scope', 'col')
      return cell
    })
  head?.replaceChildren(...cells(table.head, 'th'))
  const rows = table.rows.map((row) => {
    const line = document.createElement('tr')
    line.append(...cells(row, 'td'))
    return line
  })
  body?.replaceChildren(...rows)
}
