import type { AxisName, StepAxes } from '../../../analysis/trial/axes.js'
import type { LinesData } from '../../page/lines-data.js'
import { axisChoices, type HorizontalAxis, horizontalAxis } from './axis.js'
import { makeControls } from './controls.js'
import { drawPlot } from './draw.js'
import { type Plot, plotOf, wholeRange } from './plot.js'
import { makePointer } from './pointer.js'
import { makeReading } from './reading.js'
import type { Range } from './ticks.js'
import { zoomed } from './zoom.js'

/** Lines in a figure that its reader looks into: values, zoom, scale, what the horizontal axis counts. */
export interface Lines {
  show(data: LinesData, alternative: string): void
  close(): void
}

/** What is drawn, and how its reader wants to see it. */
interface Shown {
  readonly data: LinesData
  readonly axis: AxisName
  readonly log: boolean
  /** Of the horizontal axis; absent: all. */
  readonly range?: Range | undefined
}

const size = (element: HTMLElement) => {
  const width = Math.max(240, Math.min(element.clientWidth, 760))
  return { width, height: width < 480 ? 240 : 280 }
}

interface LinesOptions {
  /** What steps may be counted in besides. */
  readonly axes?: StepAxes
  /** Whether the figure says how it is looked into. */
  readonly hint?: boolean
}

/** Adds an empty picture to a figure, after its caption; its controls at the end. */
export function createLines(figure: HTMLElement, { axes = {}, hint = false }: LinesOptions = {}): Lines {
  const box = document.createElement('div')
  box.className = 'lines'
  box.setAttribute('role', 'img')
  box.tabIndex = 0
  const last = figure.querySelector('.legend') ?? figure.querySelector('figcaption')
  last?.after(box)
  let shown: Shown | undefined
  let drawn: { readonly plot: Plot; readonly horizontal: HorizontalAxis } | undefined
  const reading = makeReading(box)
  const draw = () => {
    if (shown === undefined || figure.clientWidth === 0) return
    const { data, axis, log, range } = shown
    const horizontal = horizontalAxis(axis, axes, data.x)
    const plot = plotOf(data, { ...size(figure), horizontal, log, shown: range })
    drawn = { plot, horizontal }
    box.querySelector('svg')?.remove()
    box.prepend(drawPlot(plot, data, `${figure.id}-area`))
    reading.show(data, plot, horizontal)
    controls.show({ axis, log, isZoomed: range !== undefined })
  }
  const change = (more: Partial<Shown>) => {
    if (shown === undefined) return
    shown = { ...shown, ...more }
    draw()
  }
  const zoom = (factor: number, around?: number) => {
    if (shown === undefined || drawn === undefined) return
    const whole = wholeRange(shown.data, drawn.horizontal)
    const [low, high] = drawn.plot.x.range
    change({ range: zoomed([low, high], whole, factor, around ?? reading.place() ?? (low + high) / 2) })
  }
  const controls = makeControls(
    figure,
    { choices: axisChoices(axes), hint },
    {
      axis: (axis) => change({ axis, range: undefined }),
      log: (log) => change({ log }),
      whole: () => change({ range: undefined }),
    },
  )
  makePointer(box, {
    plot: () => drawn?.plot,
    move: reading.nearest,
    leave: reading.hide,
    zoom,
    select: (range) => change({ range }),
    whole: () => change({ range: undefined }),
  })
  box.addEventListener('keydown', (event) => {
    if (event.key === '+' || event.key === '=') zoom(0.5)
    else if (event.key === '-') zoom(2)
    else if (event.key === '0') change({ range: undefined })
    else if (!reading.key(event.key)) return
    event.preventDefault()
  })
  box.addEventListener('blur', reading.hide)
  const observer = new ResizeObserver(() => {
    if (drawn === undefined || drawn.plot.width !== size(figure).width) draw()
  })
  observer.observe(figure)
  return {
    show: (data, alternative) => {
      box.setAttribute('aria-label', alternative)
      const isPositive = data.series.every(({ points }) => points.every(([, y]) => y > 0))
      controls.offer({ axes: data.x === 'step', log: isPositive })
      shown = { axis: 'step', log: data.log === true, ...shown, data }
      draw()
    },
    close: () => observer.disconnect(),
  }
}
