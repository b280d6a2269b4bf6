import type { StepAxes } from '../../analysis/trial/axes.js'
import type { LinesData } from '../page/lines-data.js'
import { makeCellsReadable } from './cells.js'
import { createLines } from './lines/index.js'
import { makeStripReadable } from './strips.js'

/** What a figure's page knows of its lines; undefined where it has none. */
export function linesIn({ dataset: { lines } }: HTMLElement): LinesData | undefined {
  if (lines === undefined) return undefined
  const data: LinesData = JSON.parse(lines)
  return data
}

/** What the page knows of its steps besides their number. */
export function axesOfPage(): StepAxes {
  const axes: StepAxes = JSON.parse(document.getElementById('step-axes')?.textContent ?? '{}')
  return axes
}

/** Replaces pictures of lines by ones that can be looked into, and says the values of heatmaps and strips. */
export function makeFiguresReadable(): void {
  const axes = axesOfPage()
  let isFirst = true
  for (const figure of document.querySelectorAll<HTMLElement>('figure[data-lines]')) {
    const data = linesIn(figure)
    const drawings = [...figure.querySelectorAll('.wide, .narrow, .still')]
    if (data === undefined || drawings.length === 0) continue
    const alternative = drawings[0]?.ariaLabel ?? ''
    for (const drawing of drawings) drawing.remove()
    createLines(figure, { axes, hint: isFirst }).show(data, alternative)
    isFirst = false
  }
  for (const figure of document.querySelectorAll<HTMLElement>('figure[data-cells]')) makeCellsReadable(figure)
  for (const figure of document.querySelectorAll<HTMLElement>('figure.surprisal')) makeStripReadable(figure)
}
