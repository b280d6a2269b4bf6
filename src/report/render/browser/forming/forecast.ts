import type { Forming, SampledExample, SampledOutput } from '../../../analysis/samples/types.js'
import { significant } from '../../../format/values.js'
import { formingSeries, rangeOf, seriesDrawing } from '../../forming-series.js'
import { legend, lineEntries } from '../../page/legend.js'
import { element, headRow, scrolling } from '../playground/dom.js'

/** A forecast next to what was observed, on an axis that stays from validation to validation; its values as a table. */
export function forecastElements(
  { examples, frames }: Forming,
  example: SampledExample,
  { values: predicted = [] }: SampledOutput,
): HTMLElement[] {
  const { width = 1, reference = [], naive } = example.values ?? {}
  const place = examples.indexOf(example)
  const forecasts = frames.map(({ outputs }) => outputs[place]?.values ?? [])
  const range = rangeOf([reference, naive ?? [], ...forecasts])
  const names = naive === undefined ? formingSeries.slice(0, 2) : formingSeries
  const drawing = element('div')
  // Numbers and our own words alone.
  drawing.insertAdjacentHTML('afterbegin', legend(lineEntries(...names)).markup)
  drawing.insertAdjacentHTML('beforeend', seriesDrawing({ width, reference, predicted, naive, range }).markup)
  const rows = reference.map((value, at) => {
    const numbers = [value, predicted[at], ...(naive === undefined ? [] : [naive[at]])]
    const cells = numbers.map((number = Number.NaN) => element('td', { className: 'number' }, significant(number, 4)))
    return element('tr', {}, element('th', { scope: 'row' }, stepName(at, width)), ...cells)
  })
  const table = element('table', {}, headRow(['step ahead', ...names]), element('tbody', {}, ...rows))
  const values = element(
    'details',
    { className: 'small' },
    element('summary', {}, 'Values'),
    scrolling('Values', table),
  )
  return [drawing, values]
}

function stepName(at: number, width: number): string {
  const step = Math.floor(at / width) + 1
  return width === 1 ? String(step) : `${step}, series ${(at % width) + 1}`
}
