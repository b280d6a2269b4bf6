import { TooltipComponent, type TooltipComponentOption } from 'echarts/components'
import * as echarts from 'echarts/core'
import type { Group } from '../../analysis/comparison/types.js'
import { chartComponents } from '../charts/base/components.js'
import { failureText } from '../charts/base/failure.js'
import { drawable } from '../charts/base/scale.js'
import { comparisonFigures, firstShown } from '../comparison/figures/figures.js'
import type { ComparisonFigure } from '../comparison/figures/types.js'
import { swatch } from '../page/legend.js'

echarts.use([...chartComponents, TooltipComponent])

/** Replaces a group's static charts by interactive ones, and lets the reader select the variants. */
export function makeInteractive(group: Group, prefix: string): void {
  const charts = new Map<string, (figure: ComparisonFigure) => void>()
  const shown = firstShown(group)
  const draw = () => {
    for (const figure of comparisonFigures(group, { prefix, shown })) {
      const show = charts.get(figure.id) ?? createChart(figure)
      if (show === undefined) continue
      charts.set(figure.id, show)
      show(figure)
    }
  }
  draw()
  const chooser = document.querySelector<HTMLElement>(`[data-chooser="${prefix}"]`)
  if (chooser === null) return
  chooser.hidden = false
  chooser.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return
    if (target.checked) shown.add(target.value)
    else shown.delete(target.value)
    draw()
  })
}

/** The chart in the element of a figure, as a function that draws the figure's current data. */
function createChart({ id }: ComparisonFigure): ((figure: ComparisonFigure) => void) | undefined {
  const element = document.getElementById(id)
  const drawings = element?.querySelectorAll('.wide, .narrow') ?? []
  const [first] = drawings
  if (!element || first === undefined) return undefined
  const box = document.createElement('div')
  box.setAttribute('role', 'img')
  first.before(box)
  const failure = document.createElement('p')
  failure.className = 'quiet'
  first.before(failure)
  for (const drawing of drawings) drawing.remove()
  let current: ComparisonFigure | undefined
  const size = () => {
    const width = Math.max(280, Math.min(element.clientWidth, 760))
    const height = (width < 480 ? current?.heights.narrow : current?.heights.wide) ?? 300
    return { width, height }
  }
  const chart = echarts.init(box, null, { renderer: 'svg', ...size() })
  const show = () => {
    if (current === undefined) return
    try {
      chart.resize(size())
      chart.setOption(drawable({ animation: false, tooltip: tooltip(current), ...current.option(size()) }), {
        notMerge: true,
      })
      failure.textContent = ''
    } catch (error) {
      chart.clear()
      failure.textContent = failureText(error)
    }
    box.ariaLabel = current.alternative
    fillLegend(element, current)
    fillTable(element, current)
  }
  new ResizeObserver(() => {
    if (size().width !== chart.getWidth()) show()
  }).observe(element)
  return (figure) => {
    current = figure
    show()
  }
}

function tooltip({ trigger, format }: ComparisonFigure): TooltipComponentOption {
  return {
    trigger,
    confine: true,
    backgroundColor: 'var(--panel)',
    borderColor: 'var(--line)',
    textStyle: { color: 'var(--ink)', fontSize: 12 },
    valueFormatter: (value: unknown) => (typeof value === 'number' ? format(value) : String(value)),
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
