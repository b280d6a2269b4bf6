import { element } from './dom.js'

const [width, height, margin] = [640, 180, 14]
const namespace = 'http://www.w3.org/2000/svg'

interface SeriesParts {
  readonly name: string
  readonly values: readonly number[]
  readonly forecast: readonly number[]
  readonly change: (at: number, value: number) => void
}

/** A series whose points are dragged, or moved by the arrow keys, and what follows. */
export function seriesChart({ name, values, forecast, change }: SeriesParts): HTMLElement {
  const all = [...values, ...forecast]
  const [low, high] = [Math.min(...all), Math.max(...all)]
  const room = (high - low || Math.abs(high) || 1) * 0.25
  const [bottom, span] = [low - room, high - low + 2 * room]
  const x = (at: number) => margin + (at * (width - 2 * margin)) / Math.max(1, all.length - 1)
  const y = (value: number) => height - ((value - bottom) / span) * height
  const line = (numbers: readonly number[], first: number, style: string) => {
    const points = numbers.map((value, at) => `${x(first + at).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
    return drawn('polyline', { points, fill: 'none', 'stroke-width': '2', style })
  }
  const picture = drawn('svg', { viewBox: `0 0 ${width} ${height}`, class: 'series' })
  const last = values.at(-1)
  const following = last === undefined ? forecast : [last, ...forecast]
  picture.append(line(values, 0, 'stroke:var(--s1)'))
  picture.append(line(following, values.length - 1, 'stroke:var(--s2);stroke-dasharray:5 4'))
  const step = span / 50
  for (const [at, value] of values.entries()) {
    const point = pointAt([x(at), y(value)], `${name}, step ${at + 1}`, value, [bottom, bottom + span])
    point.addEventListener('keydown', (event) => {
      const up = { ArrowUp: step, ArrowDown: -step }[event.key]
      if (up === undefined) return
      event.preventDefault()
      change(at, value + up)
      focusLater(picture, name, at)
    })
    drag(point, picture, (share) => change(at, bottom + (1 - share) * span))
    picture.append(point)
  }
  const caption = element('figcaption', {}, name)
  if (forecast.length > 0)
    caption.append(
      element(
        'span',
        { className: 'quiet small' },
        'Drag a point, or move it by the arrow keys; dashed: the forecast.',
      ),
    )
  const figure = element('figure', {}, caption)
  figure.append(picture)
  return figure
}

function drawn(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const made = document.createElementNS(namespace, tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'style') made.style.cssText = value
    else made.setAttribute(name, value)
  }
  return made
}

function pointAt(
  [x, y]: readonly [number, number],
  label: string,
  value: number,
  [low, high]: readonly [number, number],
): SVGElement {
  const text = String(Number(value.toPrecision(4)))
  const point = drawn('circle', { cx: x.toFixed(1), cy: y.toFixed(1), r: '6', tabindex: '0', role: 'slider' })
  point.setAttribute('aria-label', label)
  point.setAttribute('aria-orientation', 'vertical')
  point.setAttribute('aria-valuetext', text)
  for (const [name, number] of Object.entries({ valuemin: low, valuemax: high, valuenow: value }))
    point.setAttribute(`aria-${name}`, number.toFixed(4))
  point.style.cssText = 'fill:var(--s1);cursor:ns-resize;touch-action:none'
  const title = drawn('title', {})
  title.textContent = `${label}: ${text}`
  point.append(title)
  return point
}

/** Moves the point with the pointer, and gives where it was let go: 0 at the top, 1 at the bottom. */
function drag(point: SVGElement, picture: SVGElement, drop: (share: number) => void): void {
  const shareAt = ({ clientY }: PointerEvent) => {
    const box = picture.getBoundingClientRect()
    return Math.min(1, Math.max(0, (clientY - box.top) / box.height))
  }
  point.addEventListener('pointerdown', (start) => {
    point.setPointerCapture(start.pointerId)
    const move = (event: PointerEvent) => point.setAttribute('cy', String(shareAt(event) * height))
    point.addEventListener('pointermove', move)
    point.addEventListener(
      'pointerup',
      (event) => {
        point.removeEventListener('pointermove', move)
        drop(shareAt(event))
      },
      { once: true },
    )
  })
}

/** The chart is drawn anew after a change, where the one before was. */
function focusLater(picture: SVGElement, name: string, at: number): void {
  const answer = picture.closest('.answer')
  setTimeout(() => {
    const points = answer?.querySelectorAll<SVGElement>('circle') ?? []
    const wanted = `${name}, step ${at + 1}`
    ;[...points].find((point) => point.getAttribute('aria-label') === wanted)?.focus()
  }, 50)
}
