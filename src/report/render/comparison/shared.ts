import { byDev } from '../../analysis/comparison/by-dev.js'
import type { Group, SharedExample } from '../../analysis/comparison/types.js'
import { counted } from '../../format/grammar.js'
import { tokensText } from '../../format/tokens.js'
import { type Html, html } from '../page/html.js'
import { labelOf } from './figures/variants.js'

const reasons = { differs: 'the variants differ most in it', sampled: 'sampled at random' } as const

/** The same test examples under every variant, best on dev first. */
export function sharedSection(group: Group, prefix: string): Html {
  if (group.shared.length === 0) return html``
  return html`<h2 id="${prefix}-examples">The same examples under all variants</h2>
<p class="quiet small">Outputs of each variant's first trial: examples in which the variants differ most, and some sampled at random.</p>
${group.shared.map((example, at) => sharedExample(group, example, at === 0))}`
}

function sharedExample(group: Group, example: SharedExample, open: boolean): Html {
  const { index, chosen, source, references, outputs } = example
  const main = group.metrics[0]
  const order = main === undefined ? [] : byDev(main).map(({ variant }) => variant)
  const sorted = outputs.toSorted((a, b) => order.indexOf(a.variant) - order.indexOf(b.variant))
  const right = outputs.filter(({ errors }) => errors === 0).length
  const expected = references.map((reference) => tokensText(reference)).join(' | ')
  const name = `Example ${index} under ${counted(outputs.length, 'variant')}`
  const rows = sorted.map(
    ({ variant, tokens, errors }) =>
      html`<tr data-variant="${variant}"><td>${labelOf(group, variant)}</td><td class="mono long">${tokens.length === 0 ? '(nothing)' : tokensText(tokens)}</td><td class="number" data-value="${errors}">${errors === 0 ? html`<span class="good">correct</span>` : html`<span class="bad">${counted(errors, 'error')}</span>`}</td></tr>\n`,
  )
  return html`<details${open && html` open`}><summary><span class="mono">${tokensText(source)}</span> → <span class="mono">${expected}</span> <span class="quiet small">${right} of ${counted(outputs.length, 'variant')} correct; ${reasons[chosen]}</span></summary>
<div class="scroll${outputs.length > 25 ? ' tall' : ''}" tabindex="0" role="group" aria-label="${name}"><table><caption>${name}</caption><thead><tr><th scope="col">variant</th><th scope="col">output</th><th scope="col" class="number">errors</th></tr></thead><tbody>${rows}</tbody></table></div></details>`
}
