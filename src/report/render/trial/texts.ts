import { joinTokens } from '../../../core/pieces.js'
import type { WrittenTexts } from '../../../task/written-texts.js'
import type { PredictionLine } from '../../../train/types.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import { counted } from '../../format/grammar.js'
import { visibleSymbol } from '../../format/tokens.js'
import { significant } from '../../format/values.js'
import { type Html, html } from '../page/html.js'

const stripsShown = 12

/** What a language model is surprised by, and what it writes by itself; nothing of other tasks. */
export function textsSections(input: TrialReportInput): Html {
  return html`${surprisalSection(input)}${writtenSection(input)}`
}

/** Of some texts how surprising each symbol is after those before it: −ln p(y_t | y_<t). */
function surprisalSection({ predictions, joiners }: TrialReportInput): Html {
  const known = predictions.filter(({ sourceScores }) => sourceScores !== undefined)
  const test = known.filter(({ split }) => split === 'test')
  const shown = (test.length > 0 ? test : known).slice(0, stripsShown)
  if (shown.length === 0) return html``
  const highest = Math.max(...shown.flatMap(({ sourceScores = [] }) => sourceScores.map((score) => -score)))
  return html`<section id="surprisal"><h2>What surprises the model</h2>
<p class="quiet small">${counted(shown.length, `${test.length > 0 ? 'test' : 'dev'} text`)}: each symbol is as dark as it is surprising after those before it, −ln p; the darkest is ${significant(highest)} nats. ⏎ is the end of a text.</p>
${shown.map((line) => strip(line, joiners.source, highest))}</section>`
}

function strip({ index, source, sourceScores = [], kept }: PredictionLine, joiner: string, highest: number): Html {
  const symbols = [...source, '⏎']
  const surprisals = sourceScores.map((score) => -score)
  const mean = surprisals.reduce((sum, one) => sum + one, 0) / Math.max(1, surprisals.length)
  const worst = kept === 'mistake' ? ', among the worst predicted' : ''
  const parts = symbols.map((symbol, at) => {
    const nats = surprisals[at] ?? 0
    const share = Math.round((60 * nats) / Math.max(highest, 1e-9))
    const title = `${visibleSymbol(symbol)}: ${significant(nats)} nats`
    return html`<span title="${title}" style="background:color-mix(in srgb,var(--s2) ${share}%,transparent)">${symbol}</span>${at < source.length - 1 && joiner === ' ' && ' '}`
  })
  const label = `Text ${index}: ${significant(mean)} nats per symbol`
  return html`<figure class="surprisal" id="surprisal-${index}"><figcaption class="small quiet">${label}${worst}</figcaption><div class="mono symbols" tabindex="0" role="group" aria-label="${label}">${parts}</div></figure>
`
}

function writtenSection({ record: { written, seed }, joiners }: TrialReportInput): Html {
  if (written === undefined || written.texts.length === 0) return html``
  return html`<section id="written"><h2>What the model writes</h2>
<p class="quiet small">${counted(written.texts.length, 'text')} from nothing: every symbol is drawn from the model's whole distribution, by the seed ${seed}. At most ${counted(written.limit, 'symbol')}; … is where that ends a text.</p>
<ul class="written">${written.texts.map((text) => writtenText(text, written, joiners.source))}</ul></section>`
}

function writtenText({ tokens, score }: WrittenTexts['texts'][number], { limit }: WrittenTexts, joiner: string): Html {
  const symbols = Math.max(1, tokens.length)
  const text = tokens.length === 0 ? html`<span class="quiet">(an empty text)</span>` : joinTokens(tokens, joiner)
  return html`<li><div class="mono symbols">${text}${tokens.length >= limit && '…'}</div><span class="small quiet">${counted(tokens.length, 'symbol')}, ${significant(-score / symbols)} nats per symbol</span></li>
`
}
