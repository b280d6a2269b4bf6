import { stringify } from 'yaml'
import { widthsText } from '../../../model/widths.js'
import type { RunRecord } from '../../../store/index.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import { parametersByPart } from '../../analysis/trial/parameters.js'
import { count } from '../../format/numbers.js'
import { failureText } from '../charts/base/failure.js'
import { drawModel } from '../drawing.js'
import { table } from '../page/figure.js'
import { type Html, html } from '../page/html.js'

/** The model: drawing, parameters by part, spec. */
export function modelSection({ record }: TrialReportInput): Html {
  return html`<section><h2 id="model-of">Model</h2><div class="columns">
${architecture(record)}
<div>${parameterTable(record)}
<details><summary>Spec with all defaults</summary><pre tabindex="0" class="spec">${stringify(record.spec)}</pre></details></div>
</div></section>`
}

/** The drawing, or why there is none: a spec whose parts this program has not (own ones, or another version's) cannot be built. */
function architecture(record: RunRecord): Html {
  const drawn = (content: Html) =>
    html`<figure id="model"><figcaption>Architecture<span class="quiet small">B examples, S source steps, T target steps</span></figcaption>
${content}</figure>`
  try {
    const drawing = drawModel(record.spec, record.sizes, 'model')
    return drawn(html`<div role="img" aria-label="${describeModel(record)}">${drawing}</div>`)
  } catch (error) {
    return drawn(html`<p class="quiet small instead">${failureText(error)}</p>`)
  }
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
