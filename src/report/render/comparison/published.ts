import type { ComparisonReport, PublishedResult } from '../../analysis/comparison/types.js'
import { metricTitle } from '../../analysis/metrics.js'
import { rangeText, valueWithUnit } from '../../format/values.js'
import { table } from '../page/figure.js'
import { type Html, html } from '../page/html.js'

const head = ['', 'figure', 'published', 'band (95 %)', 'ours', 'over new seeds (95 %)', 'seeds', 'source']

/** Published figures beside ours. */
export function publishedSection({ published }: ComparisonReport): Html {
  if (published.length === 0) return html``
  const rows = published.map((result) => publishedRow(result))
  return html`<section id="published"><h2>Published results</h2>${table({ caption: 'Published figures and ours', head, rows })}<p class="quiet">${bandText}</p></section>`
}

/** One line of the table, as every format has it. */
export function publishedRow(result: Omit<PublishedResult, 'perSeed'>): string[] {
  const { status, name, metric, unit, published, band, ours, interval, seeds, together, source } = result
  const title = metricTitle(metric)
  return [
    status,
    name === '' ? title : `${name}: ${title}`,
    valueWithUnit(published, unit),
    band === null ? 'none' : rangeText(band.low, band.high, unit),
    ours === null ? (status === 'undecided' ? 'measured in several ways' : 'not run') : valueWithUnit(ours, unit),
    interval === null ? '' : rangeText(interval.low, interval.high, unit),
    together === undefined ? String(seeds) : `${together} together`,
    source,
  ]
}

export const publishedHead: readonly string[] = head

export const bandText =
  'The band is where our figure would lie in 95 % of cases if both models were equally good, by the numbers of test examples of both; seeds of the published model are seldom known and not in it. Reproduced: the interval of our mean over new seeds lies in the band (of fewer than three seeds: the mean itself). Better, worse: beyond it. Undecided: across its edge.'
