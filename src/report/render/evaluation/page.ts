import { baselineSentences } from '../../analysis/evaluation/baseline.js'
import type { EvaluationDetails, EvaluationInput } from '../../analysis/evaluation/details.js'
import { metricLookup, metricTitle } from '../../analysis/metrics.js'
import { counted } from '../../format/grammar.js'
import { mergedTexts } from '../../format/merged.js'
import { count } from '../../format/numbers.js'
import { table } from '../page/figure.js'
import { type Html, html } from '../page/html.js'
import { page } from '../page/page.js'
import { attentionSection } from '../trial/attention.js'
import { forecastsSection } from '../trial/forecasts.js'
import { lengthsSection } from '../trial/lengths.js'
import { intervalsText, resultCell } from '../trial/results.js'
import { samplesSection } from '../trial/samples.js'
import { classSection, confusionSection } from './classes.js'

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

function dataSection({ counts, record }: EvaluationInput): Html {
  const entries = [counts.dropped, counts.cut, prefixed(counts.unknownTokens)].flatMap((of) => Object.entries(of))
  return html`<section><h2>Data</h2><p>${counted(counts.read, 'example')} read, ${counted(record.testSet?.examples ?? 0, 'example')} scored.</p>${counts.merged && html`<p>Merged: ${mergedTexts(counts.merged).join('; ')}.</p>`}${
    entries.length > 0 &&
    table({ head: ['what', 'count'], rows: entries.map(([what, times]) => [what, count(times)]), numbers: [1] })
  }</section>`
}

function prefixed(unknown: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(unknown).map(([side, times]) => [`unknown tokens, ${side}`, times]))
}
