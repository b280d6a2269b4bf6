import { joinTokens } from '../../../core/pieces.js'
import { randomStream } from '../../../core/random.js'
import { type OutputKind, outputKind } from '../../../task/reporting.js'
import type { PredictionLine } from '../../../train/types.js'
import { type Edit, editsOf } from '../../analysis/edits.js'
import type { PredictionsInput } from '../../analysis/trial/input.js'
import { worstFirst } from '../../analysis/trial/samples.js'
import { counted } from '../../format/grammar.js'
import { type Html, html } from '../page/html.js'
import { pairTexts, scoreText } from '../pair-texts.js'
import { verdictOf } from '../verdict.js'

const samplesShown = 20
const errorsShown = 10

type Shown = Pick<PredictionLine, 'source' | 'features' | 'references' | 'hypothesis' | 'score'>

/** How the predictions of a task are shown. */
interface SampleStyle {
  readonly kind: OutputKind
  readonly joiners: PredictionsInput['joiners']
}

/** Twenty predictions sampled by the trial's seed, and those with the most errors. */
export function samplesSection({ predictions, record, joiners }: PredictionsInput): Html {
  const test = predictions.filter(({ split }) => split === 'test')
  const shown = test.length > 0 ? test : predictions
  const texts = shown.filter(({ values }) => values === undefined)
  if (texts.length === 0) return html``
  const style = { kind: outputKind(record.spec.task), joiners }
  const drawn = randomStream(record.seed, 'sampling', 'report').shuffle(texts).slice(0, samplesShown)
  // Where all are shown above, the worst are among them.
  const worst = texts.length > samplesShown ? worstFirst(texts, style.kind).slice(0, errorsShown) : []
  const number = `${drawn.length} of ${counted(texts.length, `${test.length > 0 ? 'test' : 'dev'} example`)}`
  return html`<section id="samples"><h2>Sample predictions</h2>
<p class="quiet small">${number}, sampled at random. ${rowsText(style.kind, [...drawn, ...worst])} Highlighted columns are errors.</p>
<ol class="samples">${drawn.map((line) => sample(line, style))}</ol>
${worst.length > 0 && html`<h2>${worstTitles[style.kind]}</h2><ol class="samples">${worst.map((line) => sample(line, style))}</ol>`}
</section>`
}

const worstTitles: Readonly<Record<OutputKind, string>> = {
  sequence: 'Worst errors',
  labels: 'Worst errors',
  label: 'Most confident errors',
  'next-tokens': 'Worst predictions',
  numbers: 'Worst errors',
}

/** What the rows of a sample are. */
export function rowsText(kind: OutputKind, lines: readonly Shown[]): string {
  if (kind === 'labels') return 'From above: the token, its label, the predicted label.'
  if (kind === 'label') return 'Above: the label; below: the predicted label.'
  if (kind === 'next-tokens')
    return 'Above: the text; below: the most probable token at each place, given those before it.'
  const several = lines.some(({ references }) => references.length > 1)
  return `Above: the ${several ? 'nearest reference' : 'reference'}; below: the prediction; · is a gap.`
}

/** A prediction as an item of a list, and what follows it. */
export function sample(line: Shown, { kind, joiners }: SampleStyle, more: Html = html``): Html {
  const edits = editsOf(kind, line)
  const others = kind === 'sequence' && line.references.length > 1 ? ` · ${line.references.length} references` : ''
  const tokens = kind === 'labels' ? line.source : []
  return html`<li><span class="source">${joinTokens(line.source, joiners.source)}</span>${line.features && html` <span class="quiet">${line.features.join(' · ')}</span>`} <span class="small">${verdict(kind, edits)}<span class="quiet"> · ${scoreText(kind, line.score)}${others}</span></span>
<div class="pairs mono">${edits.map((edit, at) => pair(edit, tokens[at]))}</div>${more}</li>
`
}

function verdict(kind: OutputKind, edits: readonly Edit[]): Html {
  const { text, style } = verdictOf(kind, edits)
  return html`<span class="${style}">${text}</span>`
}

/** A column: expected above predicted, both below the token that they are labels of. */
function pair(edit: Edit, token: string | undefined): Html {
  const { expected, predicted, words } = pairTexts(edit)
  const above = token !== undefined && html`<span class="quiet">${token}</span>`
  const shown = html`${above}<span>${expected}</span><span class="predicted">${predicted}</span>`
  if (edit.kind === 'match') return html`<span class="pair">${shown}</span>`
  return html`<span class="pair wrong" title="${words}">${shown}<span class="visually-hidden">(${words})</span></span>`
}
