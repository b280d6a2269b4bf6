import type { Forming, Frame, SampledExample, SampledOutput } from '../../analysis/samples/types.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import { counted } from '../../format/grammar.js'
import { count } from '../../format/numbers.js'
import { formingSeries, rangeOf, seriesDrawing } from '../forming-series.js'
import { frameText } from '../frame-text.js'
import { embeddedJson, type Html, html } from '../page/html.js'
import { legend, lineEntries } from '../page/legend.js'
import { rowsText, sample } from './samples.js'

/** How outputs form from validation to validation, for the page's script; without one what the last one gave. */
export function formingSection({ forming }: TrialReportInput): Html {
  if (forming === undefined) return html``
  if ('problem' in forming) return section(html`<p class="quiet">They cannot be shown: ${forming.problem}.</p>`)
  const last = forming.frames.at(-1)
  if (last === undefined) return html``
  return section(html`<p class="quiet small">${counted(forming.examples.length, 'example')} of dev, drawn by the trial's seed, at ${validations(forming)}. ${legendText(forming)}</p>
<div id="forming-body"><p class="lead">${frameText(last)}</p>${seriesLegend(forming)}<ol class="samples">${forming.examples.map((example, at) => lastOutput(forming, last, example, at))}</ol></div>
<script type="application/json" id="forming-data">${embeddedJson(forming)}</script>`)
}

function section(content: Html): Html {
  return html`<section id="forming"><h2>How outputs form</h2>${content}</section>`
}

function validations({ frames, recorded }: Forming): string {
  const all = counted(recorded, 'validation')
  return frames.length === recorded ? all : `${count(frames.length)} of ${all}`
}

function legendText({ kind, frames }: Forming): string {
  if (kind === 'numbers') return ''
  const aligned = frames.some(({ outputs }) => outputs.some(({ alignmentPercent }) => alignmentPercent !== undefined))
  const ofAlignment =
    ' Of the alignment a row is an output symbol, a column what it attends to; weights from 0.1 are written.'
  return rowsText(kind, []) + (aligned ? ofAlignment : '')
}

function lastOutput(forming: Forming, { outputs }: Frame, example: SampledExample, at: number): Html {
  const output = outputs[at]
  if (output === undefined) return html``
  if (forming.kind === 'numbers') return html`<li>${forecast(example, output)}</li>`
  const { kind, joiners } = forming
  return sample({ ...example, ...output }, { kind, joiners }, alignment(forming, example, output))
}

function forecast({ index, values }: SampledExample, { values: predicted = [] }: SampledOutput): Html {
  const { width = 1, reference = [], naive } = values ?? {}
  const range = rangeOf([reference, predicted, naive ?? []])
  return html`<b>Window ${count(index)} of dev</b>${seriesDrawing({ width, reference, predicted, naive, range })}`
}

/** Of the forecasts, once for all of them. */
function seriesLegend({ kind, examples }: Forming): Html {
  if (kind !== 'numbers') return html``
  const isNaive = examples.some(({ values }) => values?.naive !== undefined)
  return legend(lineEntries(...formingSeries.slice(0, isNaive ? 3 : 2)))
}

/** As the script draws it: a row an output symbol, a column a source symbol. */
function alignment(
  { featuresFirst }: Forming,
  { source, features = [] }: SampledExample,
  { hypothesis, alignmentPercent = [] }: SampledOutput,
): Html {
  if (alignmentPercent.length === 0) return html``
  const columns = [...(featuresFirst ? features : []), ...source].slice(0, alignmentPercent[0]?.length)
  const rows = [...hypothesis, 'end']
  return html`<div class="scroll" tabindex="0" role="group" aria-label="What each output symbol attends to"><table class="weights mono"><tr><td></td>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr>${alignmentPercent.map((row, at) => html`<tr><th scope="row">${rows[at]}</th>${row.map(weightCell)}</tr>`)}</table></div>`
}

function weightCell(percent: number): Html {
  if (percent === 0) return html`<td></td>`
  const text = percent < 10 ? '' : (percent / 100).toFixed(1).replace('0.', '.')
  return html`<td style="background:color-mix(in srgb,var(--s1) ${Math.round(0.6 * percent)}%,transparent)">${text}</td>`
}
