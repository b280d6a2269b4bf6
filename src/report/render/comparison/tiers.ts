import { isUndefined } from '../../../core/measured.js'
import { tierRange } from '../../analysis/comparison/ranking-text.js'
import type { Group, MetricComparison } from '../../analysis/comparison/types.js'
import { counted } from '../../format/grammar.js'
import { valueWithUnit } from '../../format/values.js'
import { type Html, html } from '../page/html.js'
import { labelOf } from './figures/variants.js'

type Tier = MetricComparison['ranking']['tiers'][number]

const tiersOpen = 6

/** The variants in tiers that the tests tell apart, best first, each with its values. */
export function tierList(group: Group, { ranking, title, unit, values, pairs }: MetricComparison): Html {
  const { tiers } = ranking
  if (tiers.flatMap(({ variants }) => variants).length < 2) return html``
  const textOf = (id: string) => {
    const mean = values.find(({ variant }) => variant === id)?.mean
    return mean === undefined || isUndefined(mean) ? '' : valueWithUnit(mean.value, unit)
  }
  const member = (id: string) =>
    html`<span class="member">${labelOf(group, id)} <span class="quiet">${textOf(id)}</span></span> `
  const item = (tier: Tier, at: number) => {
    const [first = ''] = tier.variants
    const behind = tier.variants.filter((id) => tier.apart.some(([better, worse]) => better === first && worse === id))
    const level = tier.variants.filter((id) => !behind.includes(id))
    return html`<li value="${at + 1}"><b>${tierRange(tier, { unit })}</b> <span class="members">${level.map(member)}</span>${behind.length > 0 && html`<details><summary>${behind.length} more behind ${labelOf(group, first)}, not behind all of the others</summary><span class="members">${behind.map(member)}</span></details>`}</li>`
  }
  const items = tiers.map(item)
  const rest = items.slice(tiersOpen)
  return html`<ol class="tiers" aria-label="Tiers by ${title}, best first">${items.slice(0, tiersOpen)}</ol>
${rest.length > 0 && html`<details><summary>${counted(rest.length, 'further tier')}</summary><ol class="tiers">${rest}</ol></details>`}
<p class="quiet small">Test ${title}, best first. Every variant is significantly better than each one below its tier${pairs.length > 1 && `, corrected for ${counted(pairs.length, 'pair')}`}; within a tier the tests decide the order of some pairs at most.</p>`
}
