import { count } from '../../../format/numbers.js'
import { quantityText } from '../../../format/quantity.js'
import { swatch } from '../../page/legend.js'
import type { LinesData } from '../../page/lines-data.js'
import { makeTipBox, tipLine } from '../tip-box.js'
import type { HorizontalAxis } from './axis.js'
import type { Plot } from './plot.js'

interface Reading {
  /** What is drawn now. */
  show(data: LinesData, plot: Plot, horizontal: HorizontalAxis): void
  /** Says the values at the recorded step that is nearest to a place of the horizontal axis. */
  nearest(at: number): void
  /** Arrows go from step to step, Escape hides; false for other keys. */
  key(key: string): boolean
  hide(): void
  /** Where on the horizontal axis values are said; undefined where none are. */
  place(): number | undefined
}

interface Drawn {
  readonly data: LinesData
  readonly plot: Plot
  readonly horizontal: HorizontalAxis
  /** Recorded steps that are shown, in order. */
  readonly steps: readonly number[]
}

/** Values of the lines at one step, with a line through them. */
export function makeReading(box: HTMLElement): Reading {
  const tip = makeTipBox(box)
  const crosshair = document.createElement('div')
  crosshair.className = 'crosshair'
  crosshair.hidden = true
  box.append(crosshair)
  let drawn: Drawn | undefined
  let step: number | undefined
  const hide = () => {
    tip.hide()
    crosshair.hidden = true
  }
  const say = (next: number | undefined) => {
    if (drawn === undefined || next === undefined) return
    step = next
    const { plot, horizontal } = drawn
    const svg = box.querySelector('svg')?.getBoundingClientRect()
    const x = ((svg?.width ?? plot.width) / plot.width) * plot.x.pixel(horizontal.place(step))
    crosshair.style.left = `${x}px`
    crosshair.style.height = `${svg?.height ?? plot.height}px`
    crosshair.hidden = false
    tip.show(x, linesAt(drawn, step))
  }
  return {
    show: (data, plot, horizontal) => {
      const steps = stepsShown(data, plot, horizontal)
      drawn = { data, plot, horizontal, steps }
      if (step !== undefined && !steps.includes(step)) hide()
      else if (tip.isShown()) say(step)
    },
    nearest: (at) => {
      const { steps = [], horizontal } = drawn ?? {}
      const distance = (one: number) => Math.abs((horizontal?.place(one) ?? one) - at)
      const [first] = steps
      if (first !== undefined) say(steps.reduce((best, one) => (distance(one) < distance(best) ? one : best), first))
    },
    key: (key) => {
      const { steps = [] } = drawn ?? {}
      const at = step === undefined ? -1 : steps.indexOf(step)
      const here = at < 0 ? steps.length - 1 : at
      const moves: Readonly<Record<string, number>> = {
        ...{ ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: steps.length - 1 },
      }
      if (key === 'Escape') hide()
      const to = moves[key]
      if (to === undefined) return key === 'Escape'
      const isMove = tip.isShown() || key === 'Home' || key === 'End'
      say(steps[Math.max(0, Math.min(steps.length - 1, isMove ? to : here))])
      return true
    },
    hide,
    place: () => (tip.isShown() && step !== undefined ? drawn?.horizontal.place(step) : undefined),
  }
}

function stepsShown({ series }: LinesData, { x }: Plot, { place }: HorizontalAxis): number[] {
  const all = new Set(series.flatMap(({ points }) => points.map(([at]) => at)))
  const [low, high] = x.range
  return [...all].filter((at) => place(at) >= low && place(at) <= high).sort((a, b) => a - b)
}

/** `step 600`, then a line for each series that has a value there. */
function linesAt({ data, plot, horizontal }: Drawn, step: number): HTMLElement[] {
  const { name } = horizontal.quantity
  const heading =
    name === data.x
      ? `${name} ${count(step)}`
      : `${name}: ${quantityText(horizontal.quantity, horizontal.place(step))} (${data.x} ${count(step)})`
  const values = data.series.flatMap(({ name: of, colourIndex, points }) => {
    const point = points.find(([at]) => at === step)
    if (point === undefined) return []
    const line = tipLine('div', `${of}: ${quantityText(plot.quantity, point[1])}`)
    if (data.series.length > 1) line.insertAdjacentHTML('afterbegin', swatch({ colourIndex, kind: 'line' }).markup)
    return [line]
  })
  return [tipLine('b', heading), ...values]
}
