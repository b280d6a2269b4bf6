import { significant } from '../../format/values.js'
import type { CellsData } from '../page/cells-data.js'

/** What a figure's page knows of its heatmap; undefined where it has none. */
export function cellsIn(figure: HTMLElement): CellsData | undefined {
  const json = figure.dataset.cells
  if (json === undefined) return undefined
  const data: CellsData = JSON.parse(json)
  return data
}

/** The values of a heatmap as a table. */
export function cellsTable({ columns, rows, values, columnName = '' }: CellsData): string[][] {
  const lines = rows.map((row, at) => [row, ...columns.map((_, column) => String(values[at]?.[column] ?? ''))])
  return [[columnName, ...columns], ...lines]
}

/** Values of a drawn heatmap, said below it: of the cell under the pointer, and with the arrow keys where it has the focus. */
export function makeCellsReadable(figure: HTMLElement): void {
  const data = cellsIn(figure)
  const box = figure.querySelector<HTMLElement>('[role=img]')
  const svg = box?.querySelector('svg')
  if (data === undefined || !box || !svg) return
  const { columns, rows, values, width, height, left, right, top, bottom } = data
  const said = document.createElement('p')
  said.className = 'small quiet said'
  said.setAttribute('role', 'status')
  box.after(said)
  box.classList.add('readable')
  const mark = document.createElement('div')
  mark.className = 'cell-mark'
  mark.hidden = true
  box.append(mark)
  const cell = { width: (width - left - right) / columns.length, height: (height - top - bottom) / rows.length }
  let [row, column] = [0, -1]
  const hide = () => {
    said.textContent = ''
    mark.hidden = true
  }
  const show = (toRow: number, toColumn: number) => {
    row = Math.max(0, Math.min(rows.length - 1, toRow))
    column = Math.max(0, Math.min(columns.length - 1, toColumn))
    const scale = svg.getBoundingClientRect().width / width
    const pixels = {
      left: scale * (left + column * cell.width),
      top: scale * (top + row * cell.height),
      width: scale * cell.width,
    }
    for (const [name, value] of Object.entries({ ...pixels, height: scale * cell.height }))
      mark.style.setProperty(name, `${value}px`)
    mark.hidden = false
    const value = values[row]?.[column]
    const text = value === null || value === undefined ? 'none' : significant(value, 3)
    said.textContent = `${rows[row]}, ${columns[column]}: ${text}`
  }
  box.addEventListener('pointermove', ({ clientX, clientY }) => {
    const drawn = svg.getBoundingClientRect()
    const scale = drawn.width / width
    const [x, y] = [(clientX - drawn.left) / scale - left, (clientY - drawn.top) / scale - top]
    const isInside = x >= 0 && y >= 0 && x < width - left - right && y < height - top - bottom
    if (!isInside) return hide()
    show(Math.floor(y / cell.height), Math.floor(x / cell.width))
  })
  box.addEventListener('pointerleave', hide)
  box.addEventListener('blur', hide)
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') return hide()
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
    }
    const to = moves[event.key]
    if (to === undefined) return
    event.preventDefault()
    show(...to)
  })
}
