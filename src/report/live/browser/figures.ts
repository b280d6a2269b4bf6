import type { Model, RunCurve } from '../model.js'
import { type Chart, type ChartView, createChart } from './chart.js'
import { element, titledSection } from './dom.js'

/** Figures that come and go with the curves. */
export interface Figures {
  readonly section: HTMLElement
  show(views: readonly ChartView[], instead: string): void
}

export function createFigures(): Figures {
  const grid = element('div', { class: 'columns' })
  const sentence = element('p', { class: 'quiet' })
  const section = titledSection('Learning curves', sentence, grid)
  const charts = new Map<string, Chart>()
  return {
    section,
    show: (views, instead) => {
      const ids = new Set(views.map(({ id }) => id))
      for (const [id, chart] of charts) {
        if (ids.has(id)) continue
        chart.close()
        charts.delete(id)
      }
      sentence.textContent = views.length === 0 ? instead : ''
      for (const view of views) {
        const chart = charts.get(view.id) ?? createChart(view)
        if (!charts.has(view.id)) grid.append(chart.figure)
        charts.set(view.id, chart)
        chart.show(view)
      }
    },
  }
}

/** A run that is drawn, under its name. */
export interface DrawnRun {
  readonly run: string
  readonly name: string
  readonly colourIndex: number
}

/** Only of interest of one run at a time. */
const ownCurves = ['learning-rate', 'gradient-norm', 'copies-distance']

/** A figure of each kind of curve, with all runs that have one. */
export function overlaidViews({ curves }: Model, runs: readonly DrawnRun[]): ChartView[] {
  const views = new Map<string, ChartView>()
  for (const { run, name, colourIndex } of runs) {
    for (const curve of inOrder(curves.get(run))) {
      if (ownCurves.includes(curve.kind.name)) continue
      const id = idOf(curve)
      const { kind, points } = curve
      const series = [...(views.get(id)?.series ?? []), { name, colourIndex, points }]
      views.set(id, { id, title: capital(kind.title), kind, series })
    }
  }
  return [...views.values()]
}

/** The figures of one run: both losses in one. */
export function trialViews({ curves }: Model, run: string): ChartView[] {
  const all = inOrder(curves.get(run))
  const losses = all.filter(({ kind }) => kind.name.endsWith('-loss'))
  const others = all.filter(({ kind }) => !kind.name.endsWith('-loss'))
  const [first] = losses
  const loss = (first === undefined ? [] : [first]).map((curve): ChartView => {
    const series = losses.map(({ kind, points }) => {
      const isTraining = kind.name === 'training-loss'
      return { name: isTraining ? 'training' : 'validation', colourIndex: isTraining ? 0 : 1, points }
    })
    return { id: 'curve-loss', title: 'Loss', kind: curve.kind, series }
  })
  const single = others.map(({ kind, points }): ChartView => {
    const series = [{ name: kind.title, colourIndex: 0, points }]
    return { id: idOf({ kind }), title: capital(kind.title), kind, series }
  })
  return [...loss, ...single]
}

/** Metrics first, then the losses, then what is of interest to few. */
function inOrder(curves: ReadonlyMap<string, RunCurve> | undefined): RunCurve[] {
  const rank = ({ kind: { name } }: RunCurve) =>
    ownCurves.includes(name) ? 3 : name === 'training-loss' ? 1 : name === 'validation-loss' ? 2 : 0
  return [...(curves?.values() ?? [])].toSorted((a, b) => rank(a) - rank(b))
}

/** Losses of tasks that measure them in other units are of two kinds. */
function idOf({ kind: { name, axis } }: Pick<RunCurve, 'kind'>): string {
  return `curve-${name}-${axis}`.replaceAll(/\W+/g, '-')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
