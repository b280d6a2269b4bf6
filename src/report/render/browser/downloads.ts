import type { LinesData } from '../page/lines-data.js'
import { cellsIn, cellsTable } from './cells.js'
import { axisChoices, horizontalAxis } from './lines/axis.js'
import { axesOfPage, linesIn } from './readable.js'

/** Buttons that save a figure as SVG or PNG, and its values as CSV; `lines`: what it draws, where that changes. */
export function makeDownloads(figure: HTMLElement, lines?: () => LinesData | undefined): void {
  if (figure.id === '' || (lines === undefined && drawingOf(figure) === undefined)) return
  const box = document.createElement('span')
  box.className = 'downloads'
  const button = (name: string, save: () => void) => {
    const one = document.createElement('button')
    one.type = 'button'
    one.textContent = name
    one.ariaLabel = `${name} of ${figure.querySelector('figcaption')?.firstChild?.textContent ?? figure.id}`
    one.addEventListener('click', save)
    box.append(one, ' ')
  }
  button('SVG', () => {
    const svg = standalone(figure)
    if (svg !== undefined)
      download(`${figure.id}.svg`, `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg.text)}`)
  })
  button('PNG', () => savePng(figure))
  const rows = () => rowsOf(figure, lines?.() ?? linesIn(figure))
  if (lines !== undefined || rows().length > 1) {
    button('CSV', () => {
      const text = rows()
        .map((row) => row.map(csvCell).join(','))
        .join('\r\n')
      download(`${figure.id}.csv`, `data:text/csv;charset=utf-8,${encodeURIComponent(`${text}\r\n`)}`)
    })
  }
  const controls = figure.querySelector('p.controls') ?? figure.appendChild(document.createElement('p'))
  controls.classList.add('controls', 'small')
  const hint = controls.querySelector('.hint')
  if (hint === null) controls.append(box)
  else hint.before(box)
}

function drawingOf(figure: HTMLElement): SVGSVGElement | undefined {
  return [...figure.querySelectorAll<SVGSVGElement>('svg')].find(
    (svg) => svg.closest('.legend') === null && svg.getBoundingClientRect().width > 40,
  )
}

/** The drawing with the page's colours written out, so that it is the same outside of the page. */
function standalone(
  figure: HTMLElement,
): { readonly text: string; readonly width: number; readonly height: number } | undefined {
  const svg = drawingOf(figure)
  if (svg === undefined) return undefined
  const { width, height } = svg.getBoundingClientRect()
  const copy = svg.cloneNode(true)
  if (!(copy instanceof SVGSVGElement)) return undefined
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(Math.round(width)))
  copy.setAttribute('height', String(Math.round(height)))
  const style = getComputedStyle(document.documentElement)
  const text = new XMLSerializer()
    .serializeToString(copy)
    .replace(/var\((--[\w-]+)\)/g, (_, name: string) => style.getPropertyValue(name).trim())
  return { text, width, height }
}

function savePng(figure: HTMLElement): void {
  const svg = standalone(figure)
  if (svg === undefined) return
  const image = new Image()
  image.addEventListener('load', () => {
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(2 * svg.width)
    canvas.height = Math.round(2 * svg.height)
    const context = canvas.getContext('2d')
    if (context === null) return
    context.fillStyle = getComputedStyle(document.body).backgroundColor
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
    download(`${figure.id}.png`, canvas.toDataURL('image/png'))
  })
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg.text)}`
}

/** Every recorded point where the figure knows them, or every cell; else its table of values. */
function rowsOf(figure: HTMLElement, lines: LinesData | undefined): string[][] {
  if (lines !== undefined) return pointRows(lines)
  const cells = cellsIn(figure)
  if (cells !== undefined) return cellsTable(cells)
  return [...figure.querySelectorAll('table tr')].map((row) => [...row.children].map((cell) => cell.textContent ?? ''))
}

/** Steps in everything that they are counted in. */
function pointRows({ x, series }: LinesData): string[][] {
  const known = axesOfPage()
  const axes = (x === 'step' ? axisChoices(known).slice(1) : []).map(([name]) => horizontalAxis(name, known, x))
  return [
    [x, ...axes.map(({ quantity }) => quantity.title), 'series', 'value'],
    ...series.flatMap(({ name, points }) =>
      points.map(([at, y]) => [String(at), ...axes.map(({ place }) => String(place(at))), name, String(y)]),
    ),
  ]
}

/** Quoted where it must be; what a spreadsheet would take for a formula is text. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t]/.test(text) && !Number.isFinite(Number(text.replace(/[ %,]/g, ''))) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function download(name: string, href: string): void {
  const link = document.createElement('a')
  link.href = href
  link.download = name
  link.click()
}
