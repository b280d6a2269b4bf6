import { isUndefined } from '../../../../core/measured.js'
import { mean } from '../../../../stats/difference.js'
import { cutTo, everything, rangedMeanInterval } from '../../../../stats/mean-interval.js'
import { publishedBand } from '../../../../stats/published-band.js'
import { counted } from '../../../format/grammar.js'
import { rangeText, valueWithUnit } from '../../../format/values.js'
import { type MetricView, metricLookup, metricTitle } from '../../metrics.js'
import type { DescribedGroup } from '../group.js'
import { severalWays } from '../measures.js'
import { familyAlpha } from '../metric.js'
import type { PublishedResult } from '../types.js'
import type { FoundEnsemble } from './ensembles.js'
import { measuresOf, type OurVariant, ourVariants } from './ours.js'
import type { StatedFigure } from './stated.js'

/** Puts our results beside published figures. */
export function judgePublished(
  figures: readonly StatedFigure[],
  groups: readonly DescribedGroup[],
  ensembles: readonly FoundEnsemble[] = [],
): PublishedResult[] {
  return figures.map((stated) => {
    const { metric } = stated.figure
    const [measure = metric, ...others] = measuresOf(stated, groups)
    const known = groups.flatMap(({ views }) => views).find(({ name }) => name === measure)
    const view = known ?? metricLookup([])(metric)
    if (others.length > 0) return severallyMeasured(judged(stated, view, []), [measure, ...others])
    return judged(stated, view, ourVariants(stated, measure, groups, ensembles), measure)
  })
}

/** Our variants are not of one measure: their mean would be of none. */
function severallyMeasured(result: PublishedResult, measures: readonly string[]): PublishedResult {
  const undecided = { ...result, status: 'undecided' as const }
  return { ...undecided, text: `${told(undecided).text}: ${severalWays(result.metric, measures)}` }
}

function judged(
  { figure, source }: StatedFigure,
  view: MetricView | undefined,
  variants: readonly OurVariant[],
  measure: string = figure.metric,
): PublishedResult {
  const perSeed = seedMeans(variants)
  const models = figure.ensemble ? { together: modelsOf(variants) } : {}
  const known = {
    ...{ source, name: figure.name ?? '', metric: measure, unit: view?.unit ?? ('number' as const) },
    ...{ published: figure.value, examples: figure.examples ?? null },
    ...{ seeds: perSeed.length, variants: variants.length, perSeed: [...perSeed], ...models },
  }
  if (perSeed.length === 0) return told({ ...known, ours: null, interval: null, band: null, status: 'not run' })
  const ours = mean(perSeed)
  const band = figure.examples === undefined ? null : bandOf(figure.value, variants, view)
  const interval = intervalOf(perSeed, view)
  const status = band === null ? 'no band' : statusOf(interval ?? { low: ours, high: ours }, band, view?.better)
  return told({ ...known, ours, interval, band, status })
}

/** How many models each ensemble has; of variants with other numbers, the fewest. */
function modelsOf(variants: readonly OurVariant[]): number {
  return variants.reduce((least, { models }) => Math.min(least, models), variants[0]?.models ?? 0)
}

/** The mean over the variants of every seed that all of them have. */
function seedMeans(variants: readonly OurVariant[]): readonly number[] {
  const [first, ...others] = variants.map(({ bySeed }) => bySeed)
  return [...(first ?? [])].flatMap(([seed, value]) => {
    const rest = others.flatMap((bySeed) => bySeed.get(seed) ?? [])
    return rest.length === others.length ? [mean([value, ...rest])] : []
  })
}

/** The band within what the metric can be. */
function bandOf(value: number, variants: readonly OurVariant[], view: MetricView | undefined) {
  const { low, high } = publishedBand({ value, variances: summed(variants) })
  return cutTo({ low, high }, view?.range ?? everything)
}

/** Of a mean over k variants with examples of their own: the sum of their variances over k². */
function summed(variants: readonly OurVariant[]): readonly [number, number] {
  const sum = (which: 0 | 1) => variants.reduce((total, { variances }) => total + variances[which], 0)
  return [sum(0) / variants.length ** 2, sum(1) / variants.length ** 2]
}

/** Over new seeds alone: the examples are in the band. */
function intervalOf(perSeed: readonly number[], view: MetricView | undefined): PublishedResult['interval'] {
  const interval = rangedMeanInterval(perSeed, { variance: 0, examples: 2 }, familyAlpha, view?.range ?? everything)
  return isUndefined(interval) ? null : { low: interval.low, high: interval.high }
}

interface Range {
  readonly low: number
  readonly high: number
}

function statusOf(ours: Range, band: Range, better: 'lower' | 'higher' | undefined): PublishedResult['status'] {
  if (ours.low >= band.low && ours.high <= band.high) return 'reproduced'
  if (ours.low > band.high) return better === 'lower' ? 'worse' : 'better'
  if (ours.high < band.low) return better === 'lower' ? 'better' : 'worse'
  return 'undecided'
}

function told(result: Omit<PublishedResult, 'text'>): PublishedResult {
  const { name, metric, unit, published, ours, interval, band, status } = result
  const what = `${name === '' ? '' : `${name}: `}${metricTitle(metric)}`
  const theirs = `published ${valueWithUnit(published, unit)}${band === null ? '' : ` (band ${rangeText(band.low, band.high, unit)})`}`
  if (ours === null) return { ...result, text: `${status}: ${what}: ${theirs}` }
  const between = interval === null ? '' : `, ${rangeText(interval.low, interval.high, unit)} over new seeds`
  const mine = `ours ${valueWithUnit(ours, unit)} (${overText(result)}${between})`
  return { ...result, text: `${status}: ${what}: ${theirs}, ${mine}` }
}

/** What our value is the mean of. */
function overText({ seeds, variants, together }: Omit<PublishedResult, 'text'>): string {
  const several = counted(variants, 'variant')
  if (together !== undefined)
    return `${counted(together, 'model')} together${variants > 1 ? `, mean of ${several}` : ''}`
  if (seeds === 1 && variants === 1) return 'one trained model'
  return `mean of ${counted(seeds, 'seed')}${variants > 1 ? ` and ${several}` : ''}`
}
