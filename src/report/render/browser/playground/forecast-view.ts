import { aheadScaling, targetScaling } from '../../../../data/scaling.js'
import { forecastSeries, type GivenSeries } from '../../../../playground/forecast.js'
import type { Opened, PlaygroundModel } from '../../../../playground/model.js'
import { element, headRow, labelled, scrolling } from './dom.js'
import { seriesChart } from './series-chart.js'
import { activityView, partsRead } from './strips.js'
import type { View } from './view.js'

type Steps = readonly (readonly number[])[]

/** A window that is dragged or typed, and its forecast. */
export const forecastView: View = ({ model, series, prefix, compact }, show) => {
  const { scaling = [], sizes } = model
  const flat = (count: number, of: typeof scaling) => Array.from({ length: count }, () => of.map(({ mean }) => mean))
  const steps = sizes.longestSource
  const known = aheadScaling(scaling)
  let given: GivenSeries = {
    window: series.length >= steps ? series.slice(0, steps) : flat(steps, scaling),
    ahead: flat(sizes.longestTarget, known),
  }
  const typed = valuesField(`${prefix}-window`, given.window)
  const typedAhead = valuesField(`${prefix}-ahead`, given.ahead)
  const answer = async (opened: Opened) => {
    const { model } = opened
    const { forecast, read } = await forecastSeries(opened, given)
    const columns = given.window.map((_, at) => String(at + 1))
    const values = valuesTable(model, forecast)
    const cells = compact ? [] : activityView(model, partsRead(read, columns, []))
    return [...charts(model, given, forecast, changed), compact ? folded('Values', values) : values, ...cells]
  }
  const changed = (window: Steps) => {
    given = { ...given, window }
    typed.value = written(window)
    show(answer)
  }
  const read = () => {
    const window = stepsIn(typed, steps, scaling.length)
    const ahead = known.length === 0 ? given.ahead : stepsIn(typedAhead, sizes.longestTarget, known.length)
    if (window === undefined || ahead === undefined) return
    given = { window, ahead }
    show(answer)
  }
  typed.addEventListener('input', read)
  typedAhead.addEventListener('input', read)
  const names = scaling.map(({ name }) => name).join(', ')
  const fields = [labelled(`${steps} steps, a line each: ${names}`, typed)]
  if (known.length > 0)
    fields.push(labelled(`Known ahead, a line a step: ${known.map(({ name }) => name).join(', ')}`, typedAhead))
  if (series.length > steps) fields.push(startField(series, steps, changed))
  return { elements: [element('div', { className: 'fields controls' }, ...fields)], show: () => show(answer) }
}

function folded(title: string, content: HTMLElement): HTMLElement {
  return element('details', { className: 'small' }, element('summary', {}, title), content)
}

/** Which part of the test series is the window. */
function startField(series: Steps, steps: number, changed: (window: Steps) => void): HTMLElement {
  const range = element('input', { type: 'range', min: '0', max: String(series.length - steps), value: '0' })
  range.addEventListener('input', () => {
    const start = Number(range.value)
    changed(series.slice(start, start + steps))
  })
  return labelled('Part of the test series', range)
}

function valuesField(id: string, steps: Steps): HTMLTextAreaElement {
  return element('textarea', { id, value: written(steps), spellcheck: false })
}

function written(steps: Steps): string {
  const largest = Math.max(...steps.flat().map(Math.abs), Number.MIN_VALUE)
  // Six digits of the largest: what is left of a zero after scaling is none.
  const digits = Math.min(20, Math.max(0, 5 - Math.floor(Math.log10(largest))))
  return steps.map((step) => step.map((value) => String(Number(value.toFixed(digits)))).join(', ')).join('\n')
}

/** Undefined, and said at the field, where it has other numbers of steps or series. */
function stepsIn(field: HTMLTextAreaElement, count: number, width: number): Steps | undefined {
  const lines = field.value.split('\n').filter((line) => line.trim() !== '')
  const steps = lines.map((line) =>
    line.split(/[,;\t]/).map((cell) => (cell.trim() === '' ? Number.NaN : Number(cell))),
  )
  const at = steps.findIndex((step) => step.length !== width || !step.every(Number.isFinite))
  const line = `Line ${at + 1} has to be ${width === 1 ? 'a number' : `${width} numbers, separated by commas`}`
  const problem = at >= 0 ? line : steps.length === count ? '' : `There are ${steps.length} lines, expected ${count}`
  field.setCustomValidity(problem)
  if (problem !== '') field.reportValidity()
  return problem === '' ? steps : undefined
}

function charts(
  { scaling = [] }: PlaygroundModel,
  { window }: GivenSeries,
  forecast: Steps,
  changed: (window: Steps) => void,
): HTMLElement[] {
  const targets = targetScaling(scaling).length
  return scaling.map(({ name }, series) =>
    seriesChart({
      name,
      values: window.map((step) => step[series] ?? 0),
      forecast: series < targets ? forecast.map((step) => step[series] ?? 0) : [],
      change: (at, value) => {
        changed(
          window.map((step, index) => (index === at ? step.map((each, one) => (one === series ? value : each)) : step)),
        )
      },
    }),
  )
}

function valuesTable({ scaling = [] }: PlaygroundModel, forecast: Steps): HTMLElement {
  const rows = forecast.map((step, at) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, String(at + 1)),
      ...step.map((value) => element('td', { className: 'number' }, String(Number(value.toPrecision(6))))),
    ),
  )
  const names = targetScaling(scaling).map(({ name }) => name)
  const table = element('table', {}, headRow(['step ahead', ...names]), element('tbody', {}, ...rows))
  const box = scrolling('Forecast', table)
  box.dataset.forecast = JSON.stringify(forecast)
  return box
}
