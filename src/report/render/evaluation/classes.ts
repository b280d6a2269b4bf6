import { numberOrNaN } from '../../../core/measured.js'
import type { ClassTable, NoTable } from '../../analysis/evaluation/classes.js'
import type { Confused } from '../../analysis/evaluation/details.js'
import { counted } from '../../format/grammar.js'
import { count } from '../../format/numbers.js'
import { measuredText } from '../../format/values.js'
import { cellsFigure } from '../charts/cells.js'
import { table } from '../page/figure.js'
import { type Html, html } from '../page/html.js'

/** Precision, recall and F1 of each label or entity, or why they are not there. */
export function classSection(title: string, what: string, classes: ClassTable | NoTable | undefined): Html {
  if (classes === undefined) return html``
  if ('without' in classes) return html`<section><h2>${title}</h2><p class="quiet">${classes.without}</p></section>`
  if (classes.rows.length === 0) return html``
  const { rows, micro, macro } = classes
  const shares = ({ precision, recall, f1 }: ClassTable['macro']) =>
    [precision, recall, f1].map((share) => measuredText(share, 'percent'))
  return html`<section><h2>${title}</h2>${table({
    head: [what, 'expected', 'predicted', 'correct', 'precision', 'recall', 'F1'],
    rows: [
      ...rows.map((row) => [row.name, count(row.expected), count(row.predicted), count(row.correct), ...shares(row)]),
      [html`<b>micro</b>`, count(micro.expected), count(micro.predicted), count(micro.correct), ...shares(micro)],
      [html`<b>macro</b>`, '', '', '', ...shares(macro)],
    ],
    numbers: [1, 2, 3, 4, 5, 6],
  })}
<p class="quiet small">Micro: over all together; macro: the mean of the rows above that have a value.</p></section>`
}

const labelsInMatrix = 20
const pairsShown = 15

/** Kinds of error: as a matrix where labels are few, else (and for tokens) the most frequent errors. */
export function confusionSection({
  confusion,
  labels,
}: {
  readonly confusion: readonly Confused[]
  readonly labels?: ClassTable | undefined
}): Html {
  const errors = confusion.filter(({ expected, predicted }) => expected !== predicted)
  if (errors.length === 0) return html``
  const isMatrix = labels !== undefined && labels.rows.length <= labelsInMatrix
  return html`<section><h2 id="confusion-of">Confusion</h2>${isMatrix ? matrix(confusion, labels) : ''}${errorTable(errors)}</section>`
}

function matrix(confusion: readonly Confused[], { rows: labels }: ClassTable): Html {
  const names = labels.map(({ name }) => name)
  const rows = labels.filter(({ expected }) => expected > 0).map(({ name }) => name)
  const counts = new Map(
    confusion.map(({ expected, predicted, count }) => [JSON.stringify([expected, predicted]), count]),
  )
  const values = rows.map((row) => names.map((column) => counts.get(JSON.stringify([row, column])) ?? null))
  return cellsFigure({
    ...{ id: 'confusion', columns: names, rows, values, format: String, columnName: 'predicted' },
    range: [0, Math.max(...values.flat().map((value) => numberOrNaN(value ?? 0)))],
    caption: html`Labels<span class="quiet small">Rows are expected labels, columns predicted ones.</span>`,
    alternative: confusion.map(({ expected, predicted, count }) => `${predicted} for ${expected}: ${count}`).join('; '),
  })
}

function errorTable(errors: readonly Confused[]): Html {
  const shown = errors.slice(0, pairsShown)
  const more = errors.length - shown.length
  return html`${table({
    caption: 'Most frequent errors',
    head: ['expected', 'predicted', 'count'],
    rows: shown.map(({ expected, predicted, count: times }) => [
      tokenText(expected),
      tokenText(predicted),
      count(times),
    ]),
    numbers: [2],
  })}${more > 0 && html`<p class="quiet small">${counted(more, 'further kind')} of error.</p>`}`
}

/** An insertion has no expected token, a deletion no predicted one. */
function tokenText(token: string): string {
  return token === '' ? '(none)' : token
}
