import { isNumber, isUndefined } from '../../../../core/measured.js'
import { mean, variance } from '../../../../stats/difference.js'
import { shareVariance } from '../../../../stats/published-band.js'
import { averageOf } from '../../../../stats/seed-averages.js'
import type { MetricView } from '../../metrics.js'
import { onSide, variantsOf } from '../claims/sides.js'
import type { DescribedGroup } from '../group.js'
import { testMeasures } from '../measures.js'
import type { FoundTrial } from '../read-trial.js'
import { metricSamples, sampleOf, trialUnits } from '../samples.js'
import type { TrialGroup, VariantTrials } from '../variants.js'
import { type FoundEnsemble, together } from './ensembles.js'
import type { StatedFigure } from './stated.js'

/** One variant's results (or the one result of its models together), to be put beside a published figure. */
export interface OurVariant {
  /** Values by seed. */
  readonly bySeed: ReadonlyMap<number, number>
  /** Trained models that they are of. */
  readonly models: number
  /** Variances over the examples that might have been drawn instead: of the published figure, and of our mean. */
  readonly variances: readonly [published: number, ours: number]
}

/** How the variants that a figure is of measure its metric: it stands beside them where that is one way. */
export function measuresOf(stated: StatedFigure, groups: readonly DescribedGroup[]): string[] {
  const variants = groups.flatMap(({ trials }) => variantsIn(stated, trials))
  return testMeasures(variants, stated.figure.metric)
}

/** The results of the variants that a figure is of under a measure, in whatever group they are: each may have data of its own. */
export function ourVariants(
  stated: StatedFigure,
  measure: string,
  groups: readonly DescribedGroup[],
  ensembles: readonly FoundEnsemble[],
): readonly OurVariant[] {
  return groups.flatMap((described) => {
    const view = described.views.find(({ name }) => name === measure)
    if (view === undefined) return []
    return variantsIn(stated, described.trials).flatMap((trials) => {
      const measured = stated.figure.ensemble ? together(trials, ensembles) : trials.completed
      const own = ourVariant(stated, measured, view, described)
      return own === undefined ? [] : [{ ...own, models: trials.completed.length }]
    })
  })
}

/** The variants of a group that a figure is of. */
export function variantsIn({ figure: { of }, folder }: StatedFigure, trials: TrialGroup): VariantTrials[] {
  const all = variantsOf(folder, trials)
  return (of === undefined ? all : onSide(of, all, trials)).map((variant) => variant.trials)
}

function ourVariant(
  { figure }: StatedFigure,
  completed: readonly FoundTrial[],
  view: MetricView,
  { group, seed }: DescribedGroup,
): Omit<OurVariant, 'models'> | undefined {
  const measured = completed.filter(({ statistics }) => statistics[view.name] !== undefined)
  const samples = metricSamples(measured, view, { seed, resamples: group.resamples })
  const { perSeed, sample } = sampleOf(trialUnits(measured), samples)
  if (measured.length === 0 || isUndefined(sample)) return undefined
  const bySeed = new Map(
    measured.flatMap(({ record }, at) => {
      const value = perSeed[at]
      return value !== undefined && isNumber(value) ? [[record.seed, value] as const] : []
    }),
  )
  const theirs = figure.examples ?? group.examples
  if (measured.every((trial) => isShare(trial, view.name))) {
    const [published, ours] = [theirs, group.examples].map((examples) => shareVariance(figure.value, examples))
    return { bySeed, variances: [published ?? 0, ours ?? 0] }
  }
  const resampled = sample.resampled ?? []
  const ofOne = mean(resampled.map((values) => variance([...values].filter(Number.isFinite))))
  const ofMean = variance([...averageOf(resampled)].filter(Number.isFinite))
  return { bySeed, variances: [(ofOne * group.examples) / theirs, ofMean] }
}

/** Whether each example is right or wrong under a metric: its interval is exact. */
function isShare({ record }: FoundTrial, metric: string): boolean {
  const result = record.metrics.test?.[metric]
  if (result === undefined || isUndefined(result) || isUndefined(result.interval)) return false
  return result.interval.method !== 'bootstrap'
}
