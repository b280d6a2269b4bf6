import { TooltipComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import type { Group } from '../../analysis/comparison/types.js'
import { chartParts } from '../charts/base/components.js'
import { firstShown, pictures } from '../comparison/figures/figures.js'
import type { Picture } from '../comparison/figures/types.js'
import { swatch } from '../page/legend.js'

echarts.use([...chartParts, TooltipComponent])

/** Puts live charts in the place of a group's drawings, and lets the reader choose which variants they show. */
export function livePictures(group: Group, prefix: string): void {
  const charts = new Map<string, (picture: Picture) => void>()
  const shown = firstShown(group)
  const draw = () => {
    for (const picture of pictures(group, { prefix, shown })) {
      const show = charts.get(picture.id) ?? makeLive(picture)
      if (show === undefined) continue
      charts.set(picture.id, show)
      show(picture)
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

/** The chart of one figure: a function that shows a picture in it. */
function makeLive({ id }: Picture): ((picture: Picture) => void) | undefined {
  const figure = document.getElementById(id)
  const drawings = figure?.querySelectorAll('.wide, .narrow') ?? []
  const [first] = drawings
  if (!figure || first === undefined) return undefined
  const box = document.createElement('div')
  box.setAttribute('role', 'img')
  first.before(box)
  for (const drawing of drawings) drawing.remove()
  let current: Picture | undefined
  const size = () => {
    const width = Math.max(280, Math.min(figure.clientWidth, 760))
    const height = (width < 480 ? current?.heights.narrow : current?.heights.wide) ?? 300
    return { width, height }
  }
  const chart = echarts.init(box, null, { renderer: 'svg', ...size() })
  const show = () => {
    if (current === undefined) return
    chart.resize(size())
    chart.setOption({ animation: false, tooltip: tooltip(current), ...current.option(size()) }, { notMerge: true })
    box.ariaLabel = current.alternative
    fillLegend(figure, current)
    fillTable(figure, current)
  }
  new ResizeObserver(() => {
    if (size().width !== chart.getWidth()) show()
  }).observe(figure)
  return (picture) => {
    current = picture
    show()
  }
}

function tooltip({ pointer }: Picture) {
  return {
    trigger: pointer,
    confine: true,
    backgroundColor: 'var(--panel)',
    borderColor: 'var(--line)',
    textStyle: { color: 'var(--ink)', fontSize: 12 },
    valueFormatter: (value: unknown) =>
      typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value),
  }
}

/** Swatches are markup of ours; names only ever become text. */
function fillLegend(figure: HTMLElement, { legend: entries = [] }: Picture): void {
  const items = entries.map((entry) => {
    const item = document.createElement('li')
    item.insertAdjacentHTML('afterbegin', swatch(entry).markup)
    item.append(entry.name)
    return item
  })
  figure.querySelector('.legend')?.replaceChildren(...items)
}

/** The figures below the picture are those of the variants that it shows. */
function fillTable(figure: HTMLElement, { table }: Picture): void {
  const head = figure.querySelector('thead tr')
  const body = figure.querySelector('tbody')
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
