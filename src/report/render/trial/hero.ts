import { isNumber, isUndefined } from '../../../core/measured.js'
import type { Baseline } from '../../../task/baseline.js'
import { type MetricView, metricTitle } from '../../analysis/metrics.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import { counted } from '../../format/grammar.js'
import { rangeText, resultNotes, undefinedText, unitSuffix, valueWithUnit } from '../../format/values.js'
import { type Html, html } from '../page/html.js'

/** The first metric, large and written out: what it is, its interval, and what an answer without a model gives. */
export function heroOf({ record, metrics, predictions }: TrialReportInput): Html {
  const split = Object.keys(record.metrics.test ?? {}).length > 0 ? 'test' : 'dev'
  const [name, result] = Object.entries(record.metrics[split] ?? {})[0] ?? []
  const view = name === undefined ? undefined : metrics(name)
  if (name === undefined || result === undefined || view === undefined) return html``
  const examples = predictions.filter((line) => line.split === split).length
  const over = examples > 0 ? ` over ${counted(examples, `${split} example`)}` : ''
  const { unit } = view
  if (isUndefined(result)) {
    return html`<div class="hero"><p class="big"><b>${undefinedText}</b> ${metricTitle(name)}</p><p>${view.summary} ${resultNotes(result).join('; ')}.</p></div>`
  }
  const { interval } = result
  const hasInterval = !isUndefined(interval) && interval.method !== 'clopper-pearson-errors'
  const range = hasInterval
    ? `95 % interval ${rangeText(interval.low, interval.high, unit)}${unitSuffix(unit)}${over}`
    : `Of the ${split} split${examples > 0 ? `, ${counted(examples, 'example')}` : ''}`
  return html`<div class="hero"><p class="big"><b>${valueWithUnit(result.value, unit)}</b> ${metricTitle(name)}</p>
<p>${view.summary} ${range}; ${view.better} is better.</p>${split === 'test' && baselineText(record.baseline, view, result.value)}</div>`
}

/** `Without a model: always answering "x", the most frequent answer in training, has an accuracy of 40.0 %.` */
function baselineText(baseline: Baseline | undefined, view: MetricView, value: number): Html {
  const of = baseline?.metrics[view.name]
  if (baseline === undefined || of === undefined || !isNumber(of)) return html``
  const isBetter = view.better === 'lower' ? value < of : value > of
  const words = `Without a model, ${answerText(baseline)} gives ${valueWithUnit(of, view.unit)} ${metricTitle(view.name)}`
  return html`<p id="baseline">${words}${isBetter ? '.' : html`: <b class="bad">the model is no better</b>.`}</p>`
}

function answerText({ name, answer = '' }: Baseline): string {
  if (name === 'copying') return 'copying the source'
  if (name === 'seasonal-naive') return 'repeating the values of one season before'
  return `always answering "${answer}", the most frequent answer in training,`
}
