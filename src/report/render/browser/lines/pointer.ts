import type { Plot } from './plot.js'
import type { Range } from './ticks.js'

interface Gestures {
  readonly plot: () => Plot | undefined
  /** The pointer is at a place of the horizontal axis. */
  move(at: number): void
  leave(): void
  /** The wheel with Ctrl: the page still scrolls without it. */
  zoom(factor: number, around: number): void
  /** A range that the mouse was dragged over. */
  select(range: Range): void
  /** A double click. */
  whole(): void
}

/** Pixels that a mouse is moved before that is a range. */
const leastDrag = 8

/** What the mouse, or a finger, does on a picture of lines. */
export function makePointer(box: HTMLElement, { plot, move, leave, zoom, select, whole }: Gestures): void {
  const brush = document.createElement('div')
  brush.className = 'brush'
  brush.hidden = true
  box.append(brush)
  let start: number | undefined
  const placeAt = (clientX: number): number | undefined => {
    const drawn = plot()
    const svg = box.querySelector('svg')?.getBoundingClientRect()
    if (drawn === undefined || svg === undefined) return undefined
    const { left, right, width, x } = drawn
    const share = (((clientX - svg.left) / svg.width) * width - left) / (width - left - right)
    const [low, high] = x.range
    return low + Math.min(1, Math.max(0, share)) * (high - low)
  }
  const stop = () => {
    start = undefined
    brush.hidden = true
  }
  box.addEventListener('pointermove', ({ clientX }) => {
    const at = placeAt(clientX)
    if (at === undefined) return
    move(at)
    if (start === undefined) return
    const { left } = box.getBoundingClientRect()
    brush.hidden = Math.abs(clientX - start) < leastDrag
    brush.style.left = `${Math.min(clientX, start) - left}px`
    brush.style.width = `${Math.abs(clientX - start)}px`
  })
  box.addEventListener('pointerdown', ({ clientX, pointerType, button }) => {
    const at = placeAt(clientX)
    if (at !== undefined) move(at)
    if (pointerType === 'mouse' && button === 0) start = clientX
  })
  box.addEventListener('pointerup', ({ clientX }) => {
    const from = start
    stop()
    if (from === undefined || Math.abs(clientX - from) < leastDrag) return
    const [one, other] = [placeAt(from), placeAt(clientX)]
    if (one !== undefined && other !== undefined && one !== other) select([Math.min(one, other), Math.max(one, other)])
  })
  box.addEventListener('pointerleave', () => {
    stop()
    leave()
  })
  box.addEventListener('dblclick', whole)
  box.addEventListener(
    'wheel',
    (event) => {
      const at = placeAt(event.clientX)
      if (!event.ctrlKey || at === undefined) return
      event.preventDefault()
      zoom(event.deltaY > 0 ? 1.25 : 0.8, at)
    },
    { passive: false },
  )
}
