import { isNumber, isUndefined } from '../../../core/measured.js'
import type { Effect, Group, Pair } from '../../analysis/comparison/types.js'
import { counted } from '../../format/grammar.js'
import { missingIntervalsText, probability, rangeText, resultCellText, signedDifference } from '../../format/values.js'
import { table } from '../page/figure.js'
import { type Html, html } from '../page/html.js'
import { levelRows } from './figures/effects.js'
import { mixedText } from './tables.js'

const pairsInPage = 30

/** Levels of every factor, and the differences between them. */
export function effectsSection(group: Group, prefix: string): Html {
  if (group.effects.length === 0) return html``
  return html`<h2 id="${prefix}-effects-table">Effects of the factors</h2><p class="quiet small">Each factor's pairs of levels are a family of their own, under Holm's correction at 5 %.</p>${group.effects.map(effectTables)}`
}

function effectTables(effect: Effect): Html {
  const { path, metric, seedWord } = effect
  const levels = levelRows(effect)
  const rows = levels.map(({ name, values }) => [
    name,
    counted(values.seeds.length, seedWord),
    resultCellText(values.mean, metric.unit),
  ])
  const why = missingIntervalsText(levels.map(({ values }) => values.mean))
  const pairs = metric.pairs.slice(0, pairsInPage)
  return html`<details open><summary><code>${path}</code></summary>${effect.mixed.length > 0 && html`<p class="quiet small">${mixedText(effect)}</p>`}${why !== undefined && html`<p class="quiet small">${why}</p>`}<div class="columns">${table({ head: ['level', 'over', `test ${metric.title} (95 %)`], rows })}${table(
    {
      head: ['levels', 'difference', 'corrected interval', 'p (Holm)'],
      rows: pairs.map((pair) => pairRow(effect, pair)),
    },
  )}</div></details>`
}

function pairRow({ levels, metric: { unit } }: Effect, pair: Pair): (string | Html)[] {
  const levelOf = (id: string) => levels.find((one) => one.id === id)?.level ?? id
  const { left, right, difference, interval, adjustedP, significant } = pair
  const words = `${levelOf(left)} - ${levelOf(right)}`
  return [
    significant ? html`<b>${words}</b>` : words,
    signedDifference(difference, unit),
    isUndefined(interval) ? 'none' : rangeText(interval.low, interval.high, unit),
    isNumber(adjustedP) ? probability(adjustedP) : 'none',
  ]
}
