import type { Confusion, Group } from '../../../analysis/comparison/types.js'
import { drawCells } from '../../charts/cells.js'
import { type Html, html } from '../../page/html.js'
import { labelOf } from './variants.js'

/** The same examples under every variant with attention. */
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
  return html`<h2>Where does each variant look?</h2><p class="quiet small">The same test examples under every variant with attention (its first seed): a row an output step, a column a source symbol.</p>${maps}`
}

/** Which tokens each variant gives for which. */
export function confusionFigures(group: Group, prefix: string): Html {
  if (group.confusion.length === 0) return html``
  const figures = group.confusion.map((confusion, at) =>
    confusionFigure(confusion, labelOf(group, confusion.variant), `${prefix}-confusion-${at}`),
  )
  return html`<h2>Which errors does each variant make?</h2><div class="columns">${figures}</div>`
}

function confusionFigure({ seed, pairs }: Confusion, label: string, id: string): Html {
  const rows = [...new Set(pairs.map(({ expected }) => expected))]
  const columns = [...new Set(pairs.map(({ given }) => given))]
  const countOf = (row: string, column: string) =>
    pairs.find(({ expected, given }) => expected === row && given === column)?.count ?? null
  const drawing = drawCells({
    id,
    columns: columns.map(shown),
    rows: rows.map(shown),
    values: rows.map((row) => columns.map((column) => countOf(row, column))),
    range: [0, Math.max(...pairs.map(({ count }) => count))],
    format: String,
    columnName: 'given',
  })
  const most = pairs.length === 1 ? 'The most frequent error' : `The ${pairs.length} most frequent errors`
  const alternative = pairs.map(({ expected, given, count }) => `${shown(given)} for ${shown(expected)}: ${count}`)
  return html`<figure><figcaption>${label}<span class="quiet small">${most} of seed ${seed}: rows expected, columns given.</span></figcaption><div class="scroll" tabindex="0" role="img" aria-label="${alternative.join('; ')}">${drawing}</div></figure>`
}

function shown(token: string): string {
  return token === '' ? '(nothing)' : token
}
