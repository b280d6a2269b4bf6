import { randomStream } from '../../../core/random.js'
import type { PredictionLine } from '../../../train/types.js'
import { type Edit, errorCount, nearestEdits } from '../../analysis/edits.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import { worstFirst } from '../../analysis/trial/samples.js'
import { counted } from '../../format/grammar.js'
import { significant } from '../../format/values.js'
import { type Html, html } from '../page/html.js'

const samplesShown = 20
const errorsShown = 10

/** Twenty predictions sampled by the trial's seed, and those with the most errors. */
export function samplesSection({ predictions, record, joiners }: TrialReportInput): Html {
  const test = predictions.filter(({ split }) => split === 'test')
  const shown = test.length > 0 ? test : predictions
  const texts = shown.filter(({ values }) => values === undefined)
  if (texts.length === 0) return html``
  const drawn = randomStream(record.seed, 'sampling', 'report').shuffle(texts).slice(0, samplesShown)
  const worst = worstFirst(texts).slice(0, errorsShown)
  return html`<section><h2>Sample predictions</h2>
<p class="quiet small">${drawn.length} of ${counted(texts.length, `${test.length > 0 ? 'test' : 'dev'} example`)}, sampled at random. Above: the nearest reference; below: the prediction. Highlighted columns are errors; · is a gap.</p>
<ol class="samples">${drawn.map((line) => sample(line, joiners))}</ol>
${worst.length > 0 && html`<h2>Worst errors</h2><ol class="samples">${worst.map((line) => sample(line, joiners))}</ol>`}
</section>`
}

function sample(line: PredictionLine, joiners: TrialReportInput['joiners']): Html {
  const edits = nearestEdits(line.references, line.hypothesis)
  const errors = errorCount(edits)
  const verdict =
    errors === 0 ? html`<span class="good">correct</span>` : html`<span class="bad">${counted(errors, 'error')}</span>`
  const others = line.references.length > 1 ? ` · ${line.references.length} references` : ''
  return html`<li><span class="source">${line.source.join(joiners.source)}</span> <span class="small">${verdict}<span class="quiet"> · score ${significant(line.score)}${others}</span></span>
<div class="pairs mono">${edits.map(pair)}</div></li>
`
}

function pair({ kind, reference, predicted }: Edit): Html {
  if (kind === 'match')
    return html`<span class="pair"><span>${reference}</span><span class="predicted">${predicted}</span></span>`
  const words = `expected ${reference ?? 'nothing'}, predicted ${predicted ?? 'nothing'}`
  return html`<span class="pair wrong" title="${words}"><span>${reference ?? '·'}</span><span class="predicted">${predicted ?? '·'}</span><span class="visually-hidden">(${words})</span></span>`
}
