import { stringify } from 'yaml'
import { widthsText } from '../../../model/widths.js'
import type { RunRecord } from '../../../store/index.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import { parametersByPart } from '../../analysis/trial/parameters.js'
import { count } from '../../format/numbers.js'
import { drawModel } from '../drawing.js'
import { table } from '../page/figure.js'
import { type Html, html } from '../page/html.js'

/** The model: drawing, parameters by part, spec. */
export function modelSection({ record }: TrialReportInput): Html {
  return html`<section><h2 id="model-of">Model</h2><div class="columns">
<figure id="model"><figcaption>Architecture<span class="quiet small">B examples, S source steps, T target steps</span></figcaption>
<div role="img" aria-label="${describeModel(record)}">${drawModel(record.spec, record.sizes, 'model')}</div></figure>
<div>${parameterTable(record)}
<details><summary>Spec with all defaults</summary><pre tabindex="0" class="spec">${stringify(record.spec)}</pre></details></div>
</div></section>`
}

function describeModel({ spec }: RunRecord): string {
  const { encoder, context, decoder } = spec.model
  const parts = [
    encoder && `encoder ${encoder.cell.type} of ${widthsText(encoder.hidden)}`,
    context && `context from ${context.from}`,
    decoder && `decoder ${decoder.cell.type} of ${widthsText(decoder.hidden)}`,
  ]
  return `Model for ${spec.task.type}: ${parts.filter((part) => part !== undefined).join(', ')}`
}

function parameterTable({ parameters, parameterShapes = {} }: RunRecord): Html {
  const parts = [...parametersByPart(parameterShapes)].map(([part, size]) => [part, count(size)])
  return html`${table({
    caption: 'Parameters by part',
    head: ['part', 'parameters'],
    rows: [...parts, [html`<b>total</b>`, html`<b>${count(parameters)}</b>`]],
    numbers: [1],
  })}
<details class="small"><summary>All parameters</summary>${table({
    head: ['parameter', 'shape'],
    rows: Object.entries(parameterShapes).map(([path, shape]) => [path, `[${shape.join(', ')}]`]),
  })}</details>`
}
