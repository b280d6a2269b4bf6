import { numberOrNaN } from '../../../core/measured.js'
import { baselineSentences } from '../../analysis/evaluation/baseline.js'
import type { ClassTable } from '../../analysis/evaluation/classes.js'
import type { Confused, EvaluationDetails, EvaluationInput } from '../../analysis/evaluation/details.js'
import { metricLookup, metricTitle } from '../../analysis/metrics.js'
import { counted } from '../../format/grammar.js'
import { count } from '../../format/numbers.js'
import { measuredText } from '../../format/values.js'
import { drawCells } from '../charts/cells.js'
import { table } from '../page/figure.js'
import { type Html, html } from '../page/html.js'
import { page } from '../page/page.js'
import { attentionSection } from '../trial/attention.js'
import { forecastsSection } from '../trial/forecasts.js'
import { lengthsSection } from '../trial/lengths.js'
import { intervalsText, resultCell } from '../trial/results.js'
import { samplesSection } from '../trial/samples.js'

/** report.html of an evaluation on data of its own: self-contained, the same bytes for the same data. */
export function evaluationReportHtml(input: EvaluationInput, details: EvaluationDetails): string {
  const { record, predictions, task, model, joiners } = input
  const spec = { task, model }
  const shared = { record: { seed: 1, spec }, predictions, metrics: metricLookup(record.metrics), joiners }
  return page({
    title: `${record.label}: ${record.name}`,
    subtitle: html`<span class="quiet">${task.type} · trial ${record.trialId} · ${filesText(record.testSet)}</span>`,
    body: html`${resultsSection(input)}${baselineSection(input)}${classSection('By label', 'label', details.labels)}${classSection('By entity', 'entity', details.entities)}${confusionSection(details)}${samplesSection(shared)}${forecastsSection(shared)}${task.type === 'forecast' ? html`` : lengthsSection(shared)}${attentionSection(shared)}${dataSection(input)}`,
    footer: html`Written by seqlab ${record.versions.seqlab ?? ''}.`,
  })
}

function filesText(testSet: EvaluationInput['record']['testSet']): string {
  return (testSet?.files ?? []).join(', ')
}

function resultsSection({ record, predictions }: EvaluationInput): Html {
  const metrics = metricLookup(record.metrics)
  const names = Object.keys(record.results.test)
  return html`<section><p class="lead">${counted(predictions.length, 'example')} of ${filesText(record.testSet)}.</p>${table(
    {
      caption: 'Metrics with 95 % intervals',
      head: ['metric', 'value', 'better'],
      rows: names.map((name) => [
        metricTitle(name),
        resultCell(record.results.test[name], name, metrics),
        metrics(name)?.better ?? '?',
      ]),
    },
  )}
${intervalsText(Object.values(record.results.test))}</section>`
}

function baselineSection({ baseline, predictions }: EvaluationInput): Html {
  if (baseline === undefined) return html``
  const sentences = baselineSentences(baseline, predictions.length)
  return html`<section><h2>Against ${baseline.label}</h2>${sentences.map((sentence) => html`<p>${sentence}</p>`)}
<p class="quiet small">Trial ${baseline.trialId}. Percentile bootstrap over examples: each resample draws the same examples for both models.</p></section>`
}

/** Precision, recall and F1 of each label or entity. */
function classSection(title: string, what: string, classes: ClassTable | undefined): Html {
  if (classes === undefined || classes.rows.length === 0) return html``
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

/** As a matrix where labels are few, else (and for tokens) the most frequent errors. */
function confusionSection({ confusion, labels }: EvaluationDetails): Html {
  const errors = confusion.filter(({ expected, predicted }) => expected !== predicted)
  if (errors.length === 0) return html``
  const isMatrix = labels !== undefined && labels.rows.length <= labelsInMatrix
  return html`<section><h2>Confusion</h2>${isMatrix ? matrix(confusion, labels) : ''}${errorTable(errors)}</section>`
}

function matrix(confusion: readonly Confused[], { rows: labels }: ClassTable): Html {
  const names = labels.map(({ name }) => name)
  const rows = labels.filter(({ expected }) => expected > 0).map(({ name }) => name)
  const counts = new Map(
    confusion.map(({ expected, predicted, count }) => [JSON.stringify([expected, predicted]), count]),
  )
  const values = rows.map((row) => names.map((column) => counts.get(JSON.stringify([row, column])) ?? null))
  const drawing = drawCells({
    ...{ id: 'confusion', columns: names, rows, values, format: String, columnName: 'predicted' },
    range: [0, Math.max(...values.flat().map((value) => numberOrNaN(value ?? 0)))],
  })
  const text = confusion.map(({ expected, predicted, count }) => `${predicted} for ${expected}: ${count}`).join('; ')
  return html`<figure><figcaption>Labels<span class="quiet small">Rows are expected labels, columns predicted ones.</span></figcaption><div class="scroll" tabindex="0" role="img" aria-label="${text}">${drawing}</div></figure>`
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
  })}${more > 0 && html`<p class="quiet small">${counted(more, 'further kind')} of error in details.json.</p>`}`
}

/** An insertion has no expected token, a deletion no predicted one. */
function tokenText(token: string): string {
  return token === '' ? '(none)' : token
}

function dataSection({ counts, record }: EvaluationInput): Html {
  const entries = [counts.dropped, counts.cut, prefixed(counts.unknownTokens)].flatMap((of) => Object.entries(of))
  return html`<section><h2>Data</h2><p>${counted(counts.read, 'example')} read, ${counted(record.testSet?.examples ?? 0, 'example')} scored.</p>${
    entries.length > 0 &&
    table({ head: ['what', 'count'], rows: entries.map(([what, times]) => [what, count(times)]), numbers: [1] })
  }</section>`
}

function prefixed(unknown: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(unknown).map(([side, times]) => [`unknown tokens, ${side}`, times]))
}
