import type { StatedClaim } from './read.js'
import type { Group } from './types.js'

/** The statistical method, with sources; part of every format of the report. */
export function methodText(groups: readonly Group[], claims: readonly StatedClaim[]): string[] {
  const resamples = groups.map((group) => group.resamples)
  const paired = groups.some(({ metrics }) => metrics.some(({ pairs }) => pairs.some((pair) => pair.paired > 0)))
  const averaged = groups.some((group) => group.averaged) || claims.some(({ claim }) => typeof claim.left !== 'string')
  return [
    'Estimand: the mean difference of two variants over new seeds and new examples. Variants are selected on dev and reported on test.',
    "Variance: a component between seeds (unpaired: equal seed numbers are no pairs by themselves; Welch 1947) plus a component between examples (bootstrap over the same examples of each variant's seed average; corpus metrics are recomputed from the per-example statistics of each resample; Efron & Tibshirani 1993). The interaction of seeds and examples is in both components, so intervals are, if anything, too wide.",
    ...(paired ? [pairedText] : []),
    ...(averaged ? [averagedText] : []),
    "Tests and intervals: Student's t with Satterthwaite's degrees of freedom (Satterthwaite 1946).",
    'Family: every pair of variants within one metric, corrected by Holm (1979) at 5 %. The interval of a pair has the level at which that pair is tested, so it excludes zero exactly when the difference is significant.',
    ...(groups.some(({ metrics }) => metrics.some(({ metric }) => metric !== undefined)) ? [measuresText] : []),
    "Effect size: Hedges' g (1981), in standard deviations between seeds.",
    'Equivalence: two one-sided tests (Schuirmann 1987), only with a stated margin. No significant difference does not mean equal.',
    ...(claims.some(({ claim }) => claim.curve !== undefined) ? [curvesText] : []),
    'Intervals of differences: cut to the range that a difference of the metric can have; the tests are those of the intervals before the cut.',
    "Intervals of means over seeds: Student's t, cut to the range that the metric can have; none with two seeds, where claims are tested all the same, with no more degrees of freedom than the seeds have.",
    'Intervals of single trained models: exact (Clopper-Pearson 1934) where each example is right or wrong, else percentile bootstrap; where all resamples give the same value, the exact interval of the share of examples with an error, named as such. Resamples without a value are counted and left out; with more than 5 % of them there is no interval.',
    'With one seed per variant there is no component between seeds: intervals then refer to these trained models on new examples.',
    ...(resamples.length > 0 ? [`Resamples of the examples: ${[...new Set(resamples)].join(', ')}.`] : []),
  ]
}

const curvesText =
  "Claims over curves: one statistic of each trial's curve; a mean is the area under the curve (trapezoidal rule) over the steps that all trials have, divided by their span. Seeds are the sampling unit: Welch's t with Satterthwaite's degrees of freedom, every pair of variants one family under Holm's correction. The examples are taken as fixed."

const pairedText =
  "Variants that are evaluations of the same trained models (two searches of one model, say) are compared as pairs: the difference for each trained model, and the variance of these differences between seeds (Student 1908), plus the same component between examples; the effect size is then in standard deviations between seeds too (Cumming's d_av, 2012)."

const measuresText =
  'Measures: a metric under other options is another measure; variants are compared within one measure alone.'

const averagedText =
  'Sides of several variants: only variants whose other settings are on both sides; their mean is taken seed by seed, over the seeds that all of them have, so that a seed gives one value, and the variance is between these values. Other settings are taken as fixed: nothing is inferred about settings that were not tried. The family is every pair of levels of the settings that are named, averaged in the same way.'
