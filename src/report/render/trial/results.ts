import { isUndefined } from '../../../core/measured.js'
import type { MetricResult } from '../../../metrics/score.js'
import type { RunRecord } from '../../../store/index.js'
import { type MetricLookup, metricTitle } from '../../analysis/metrics.js'
import { seenSourcesText } from '../../analysis/seen-sources.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import { agree, counted } from '../../format/grammar.js'
import { count } from '../../format/numbers.js'
import { duration, resultDetails, resultNotes, resultText, undefinedText, valueWithUnit } from '../../format/values.js'
import { table } from '../page/figure.js'
import { type Html, html } from '../page/html.js'
import { heroOf } from './hero.js'

/** The results, first of all. */
export function resultsSection(input: TrialReportInput): Html {
  const { record, metrics } = input
  if (record.status === 'failed') return html`${damage(input)}${failure(record)}`
  const { test = {}, dev = {} } = record.metrics
  const cancelled =
    record.status === 'cancelled' &&
    html`<p class="notice">This trial was cancelled after ${counted(record.stepsDone, 'step')}.</p>`
  return html`<section id="results">${damage(input)}${cancelled}${heroOf(input)}<p class="lead">${headline(input)}</p>${cards(record)}${metricTable(record, metrics)}
${intervalsText([...Object.values(test), ...Object.values(dev)])}</section>`
}

const methodTexts = {
  bootstrap: 'Percentile bootstrap.',
  'clopper-pearson': 'Exact (Clopper-Pearson) where each example is right or wrong.',
  'clopper-pearson-errors':
    'Where all resamples give the same value, the exact interval of the share of examples with an error, named as such.',
} as const

/** What the intervals are over, and how those that the page has were made. */
export function intervalsText(results: readonly MetricResult[]): Html {
  const methods = results.flatMap((result) => {
    return isUndefined(result) || isUndefined(result.interval) ? [] : [result.interval.method]
  })
  if (methods.length === 0) return html``
  const used = (['bootstrap', 'clopper-pearson', 'clopper-pearson-errors'] as const).filter((method) =>
    methods.includes(method),
  )
  return html`<p class="quiet small">95 % intervals over examples: the uncertainty for this trained model on examples like these, not over other seeds. ${used.map((method) => methodTexts[method]).join(' ')}</p>`
}

/** Which files are not what was written: what was to be read from them is not on the page. */
function damage({ problems = [] }: TrialReportInput): Html {
  if (problems.length === 0) return html``
  const what = `${counted(problems.length, 'file')} of this trial ${agree(problems.length, 'is', 'are')} damaged or missing`
  return html`<div class="failure" role="alert"><p><b>${what}.</b> This page has what the others hold.</p><ul>${problems.map((problem) => html`<li>${problem}</li>`)}</ul></div>`
}

function failure({ error, stepsDone }: RunRecord): Html {
  return html`<section><div class="failure" role="alert"><p><b>This trial failed</b> after ${counted(stepsDone, 'step')}.</p>
<p>${error?.message ?? 'No error message was recorded.'}</p>${error?.hint !== undefined && html`<p>${error.hint}</p>`}</div></section>`
}

function headline({ record, metrics, predictions }: TrialReportInput): string {
  const values = record.metrics
  const split = values.test !== undefined && Object.keys(values.test).length > 0 ? 'test' : 'dev'
  const parts = Object.entries(values[split] ?? {}).map(([name, value]) => {
    const unit = metrics(name)?.unit ?? 'number'
    return `${metricTitle(name)} ${isUndefined(value) ? undefinedText : resultText(value, unit)}`
  })
  if (parts.length === 0) return 'No metric was computed.'
  const examples = predictions.filter((line) => line.split === split).length
  const size = examples > 0 ? counted(examples, `${split} example`) : `${split} examples`
  return [`${parts.join(', ')} on ${size}`, ...seenText(record, split)].map((sentence) => `${sentence}.`).join(' ')
}

function seenText({ data }: RunRecord, split: 'dev' | 'test'): string[] {
  if (data === undefined) return []
  const text = seenSourcesText({ split, seen: data.seenInTraining?.[split] ?? 0, examples: data.kept[split] })
  return text === undefined ? [] : [text]
}

function cards({ parameters, stepsDone, bestStep, averaged, timings }: RunRecord): Html {
  const trained = timings.trainMs ?? timings.train
  const entries = [
    ['parameters', count(parameters)],
    ['steps', count(stepsDone)],
    averaged === undefined ? ['best step', count(bestStep)] : ['validations averaged', count(averaged)],
    ...(trained === undefined ? [] : [['training time', duration(trained)]]),
  ]
  return html`<div class="cards">${entries.map(([name, value]) => html`<div class="card"><b>${value}</b>${name}</div>`)}</div>`
}

function metricTable({ metrics: values }: RunRecord, metrics: MetricLookup): Html {
  const names = [...new Set([...Object.keys(values.test ?? {}), ...Object.keys(values.dev ?? {})])]
  if (names.length === 0) return html``
  return html`<div class="stacked">${table({
    caption: 'Metrics with 95 % intervals',
    head: ['metric', 'test', 'dev', 'better'],
    rows: names.map((name) => [
      metricTitle(name),
      resultCell(values.test?.[name], name, metrics),
      resultCell(values.dev?.[name], name, metrics),
      metrics(name)?.better ?? '?',
    ]),
  })}</div>`
}

/** A metric's result in a table's cell. */
export function resultCell(result: MetricResult | undefined, name: string, metrics: MetricLookup): Html {
  if (result === undefined) return html`<span class="quiet">none</span>`
  const unit = metrics(name)?.unit ?? 'number'
  const notes = resultNotes(result)
  if (isUndefined(result)) return html`<span class="quiet">${notes.join('; ')}</span>`
  const interval = resultText(result, unit).replace(/^[^(]*/, '')
  const more = [...notes, ...resultDetails(result)]
  // An interval stays on its line where it fits on a phone's.
  const kind = interval.length <= 24 ? 'quiet whole' : 'quiet'
  return html`<b>${valueWithUnit(result.value, unit)}</b> <span class="${kind}">${interval}</span>${more.length > 0 && html`<span class="quiet">; ${more.join('; ')}</span>`}`
}
