import { count } from '../../format/numbers.js'
import type { Hover } from '../page/hover.js'

/** What a figure's page knows of its values; null where it does not. */
export function hoverIn(figure: HTMLElement): Hover | null {
  return JSON.parse(figure.dataset.hover ?? 'null') as Hover | null
}

/** Values of a drawn chart of lines: under the pointer, and with the arrow keys where the chart has the focus. */
export function makeReadable(figure: HTMLElement): void {
  const hover = hoverIn(figure)
  const steps = [...new Set((hover?.series ?? []).flatMap(({ points }) => points.map(([x]) => x)))].sort(
    (a, b) => a - b,
  )
  if (hover === null || steps.length === 0) return
  for (const drawing of figure.querySelectorAll<HTMLElement>('.wide, .narrow')) {
    const svg = drawing.querySelector('svg')
    if (svg === null) continue
    const tip = document.createElement('div')
    tip.className = 'tip'
    tip.setAttribute('role', 'status')
    tip.hidden = true
    const line = document.createElement('div')
    line.className = 'crosshair'
    line.hidden = true
    drawing.classList.add('readable')
    drawing.append(line, tip)
    drawing.tabIndex = 0
    let at = steps.length - 1
    const hide = () => {
      tip.hidden = true
      line.hidden = true
    }
    const show = (place: number) => {
      at = Math.max(0, Math.min(steps.length - 1, place))
      const x = steps[at] ?? 0
      const box = svg.getBoundingClientRect()
      const scale = box.width / (svg.viewBox.baseVal.width || Number(svg.getAttribute('width')) || box.width)
      const plot = box.width - scale * (hover.left + hover.right)
      const left = scale * hover.left + (hover.last === 0 ? 0 : (x / hover.last) * plot)
      line.style.left = `${left}px`
      line.style.height = `${box.height}px`
      tip.replaceChildren(...linesAt(hover, x))
      tip.hidden = false
      line.hidden = false
      const room = drawing.clientWidth - tip.offsetWidth
      tip.style.left = `${Math.max(0, Math.min(room, left + 12 > room ? left - tip.offsetWidth - 12 : left + 12))}px`
    }
    drawing.addEventListener('pointermove', ({ clientX }) => {
      const box = svg.getBoundingClientRect()
      const scale = box.width / (svg.viewBox.baseVal.width || Number(svg.getAttribute('width')) || box.width)
      const share = (clientX - box.left - scale * hover.left) / (box.width - scale * (hover.left + hover.right))
      show(nearest(steps, share * hover.last))
    })
    drawing.addEventListener('pointerleave', hide)
    drawing.addEventListener('blur', hide)
    drawing.addEventListener('keydown', (event) => {
      const moves: Record<string, number> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: steps.length - 1 }
      const place = moves[event.key]
      if (event.key === 'Escape') return hide()
      if (place === undefined) return
      event.preventDefault()
      show(tip.hidden ? at : place)
    })
  }
}

function nearest(steps: readonly number[], x: number): number {
  return steps.reduce((best, step, at) => (Math.abs(step - x) < Math.abs((steps[best] ?? 0) - x) ? at : best), 0)
}

function linesAt({ x: name, series }: Hover, x: number): HTMLElement[] {
  const heading = document.createElement('b')
  heading.textContent = `${name} ${count(x)}`
  const values = series.flatMap(({ name: of, points }) =>
    points.filter(([at]) => at === x).map(([, , text]) => `${of}: ${text}`),
  )
  return [
    heading,
    ...values.map((text) => {
      const line = document.createElement('div')
      line.textContent = text
      return line
    }),
  ]
}
