import { byRank } from '../../../analysis/comparison/by-dev.js'
import { variantsInDetail } from '../../../analysis/comparison/details/limits.js'
import type { Confusion, Group } from '../../../analysis/comparison/types.js'
import { predictedToken, tokensText } from '../../../format/tokens.js'
import { cellsFigure } from '../../charts/cells.js'
import { type Html, html } from '../../page/html.js'
import { labelOf } from './variants.js'

/** Attention weights of the same examples under the variants with attention, the best on dev first. */
export function attentionFigures(group: Group, prefix: string): Html {
  if (group.attention.length === 0) return html``
  const maps = group.attention.map(
    ({ source, maps: of }, example) =>
      html`<div class="example"><h3 class="mono">${tokensText(source)}</h3><div class="maps">${ranked(group, of).map(
        ({ variant, rows, weights }, at) => {
          const label = labelOf(group, variant)
          const alternative = `Attention of ${label}: ${tokensText(rows)} over ${tokensText(source)}`
          const drawn = { columns: source, rows, values: weights, range: [0, 1] } as const
          const id = `${prefix}-attention-${example}-${at}`
          return cellsFigure({ ...drawn, id, caption: html`${label}`, alternative, variant })
        },
      )}</div></div>`,
  )
  const which = shownOf(group, 'every variant with attention')
  return html`<h2>Attention weights</h2><p class="quiet small">The same test examples under ${which} (first seed): one row per output step, one column per source symbol.</p>${maps}`
}

/** The most frequent errors of the variants, the best on dev first. */
export function confusionFigures(group: Group, prefix: string): Html {
  if (group.confusion.length === 0) return html``
  const figures = ranked(group, group.confusion).map((confusion, at) =>
    confusionFigure(confusion, labelOf(group, confusion.variant), `${prefix}-confusion-${at}`),
  )
  return html`<h2>Most frequent errors</h2><p class="quiet small">Of ${shownOf(group, 'every variant')}: rows are expected tokens, columns predicted ones.</p><div class="columns">${figures}</div>`
}

function ranked<T extends { readonly variant: string }>({ metrics: [main] }: Group, items: readonly T[]): readonly T[] {
  return main === undefined ? items : byRank(main, items)
}

/** Which variants have been looked into, where these are not all. */
function shownOf({ variants }: Group, all: string): string {
  const finished = variants.filter(({ seeds }) => seeds.length > 0).length
  return finished > variantsInDetail ? `the ${variantsInDetail} variants that are best on dev` : all
}

function confusionFigure({ variant, seed, pairs }: Confusion, label: string, id: string): Html {
  const rows = [...new Set(pairs.map(({ expected }) => expected))]
  const columns = [...new Set(pairs.map(({ predicted }) => predicted))]
  const countOf = (row: string, column: string) =>
    pairs.find(({ expected, predicted }) => expected === row && predicted === column)?.count ?? null
  const most = pairs.length === 1 ? 'The only error' : `The ${pairs.length} most frequent errors`
  const alternative = pairs.map(
    ({ expected, predicted, count }) => `${predictedToken(predicted) || noToken} for ${expected || noToken}: ${count}`,
  )
  return cellsFigure({
    ...{ id, variant, alternative: alternative.join('; ') },
    caption: html`${label}<span class="quiet small">${most} of seed ${seed}</span>`,
    columns: columns.map((token) => predictedToken(token) || noToken),
    rows: rows.map((token) => token || noToken),
    values: rows.map((row) => columns.map((column) => countOf(row, column))),
    range: [0, Math.max(...pairs.map(({ count }) => count))],
    format: String,
    columnName: 'predicted',
  })
}

/** An insertion has no expected token, a deletion no predicted one. */
const noToken = '(none)'
