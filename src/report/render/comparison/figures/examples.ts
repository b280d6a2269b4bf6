import type { Confusion, Group } from '../../../analysis/comparison/types.js'
import { drawCells } from '../../charts/cells.js'
import { type Html, html } from '../../page/html.js'
import { labelOf } from './variants.js'

/** Attention weights of the same examples under every variant with attention. */
export function attentionFigures(group: Group, prefix: string): Html {
  if (group.attention.length === 0) return html``
  const maps = group.attention.map(
    ({ source, maps: of }, example) =>
      html`<h3 class="mono">${source.join(' ')}</h3><div class="maps">${of.map(({ variant, rows, weights }, at) => {
        const id = `${prefix}-attention-${example}-${at}`
        const drawing = drawCells({ id, columns: source, rows, values: weights, range: [0, 1] })
        const alternative = `Attention of ${labelOf(group, variant)}: ${rows.join(' ')} over ${source.join(' ')}`
        return html`<figure><figcaption>${labelOf(group, variant)}</figcaption><div role="img" aria-label="${alternative}">${drawing}</div></figure>`
      })}</div>`,
  )
  return html`<h2>Attention weights</h2><p class="quiet small">The same test examples under every variant with attention (first seed): one row per output step, one column per source symbol.</p>${maps}`
}

/** The most frequent errors of each variant. */
export function confusionFigures(group: Group, prefix: string): Html {
  if (group.confusion.length === 0) return html``
  const figures = group.confusion.map((confusion, at) =>
    confusionFigure(confusion, labelOf(group, confusion.variant), `${prefix}-confusion-${at}`),
  )
  return html`<h2>Most frequent errors</h2><div class="columns">${figures}</div>`
}

function confusionFigure({ seed, pairs }: Confusion, label: string, id: string): Html {
  const rows = [...new Set(pairs.map(({ expected }) => expected))]
  const columns = [...new Set(pairs.map(({ predicted }) => predicted))]
  const countOf = (row: string, column: string) =>
    pairs.find(({ expected, predicted }) => expected === row && predicted === column)?.count ?? null
  const drawing = drawCells({
    id,
    columns: columns.map(tokenText),
    rows: rows.map(tokenText),
    values: rows.map((row) => columns.map((column) => countOf(row, column))),
    range: [0, Math.max(...pairs.map(({ count }) => count))],
    format: String,
    columnName: 'predicted',
  })
  const most = pairs.length === 1 ? 'The only error' : `The ${pairs.length} most frequent errors`
  const alternative = pairs.map(
    ({ expected, predicted, count }) => `${tokenText(predicted)} for ${tokenText(expected)}: ${count}`,
  )
  return html`<figure><figcaption>${label}<span class="quiet small">${most} of seed ${seed}: rows are expected tokens, columns predicted ones.</span></figcaption><div class="scroll" tabindex="0" role="img" aria-label="${alternative.join('; ')}">${drawing}</div></figure>`
}

/** An insertion has no expected token, a deletion no predicted one. */
function tokenText(token: string): string {
  return token === '' ? '(none)' : token
}
