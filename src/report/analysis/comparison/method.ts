import type { StatedClaim } from './read.js'

/** The statistical method, with sources; part of every format of the report. */
export function methodText(resamples: readonly number[], claims: readonly StatedClaim[]): string[] {
  return [
    'Estimand: the mean difference of two variants over new seeds and new examples. Variants are selected on dev and reported on test.',
    "Variance: a component between seeds (unpaired: equal seed numbers are not pairs; Welch 1947) plus a component between examples (bootstrap over the same examples of each variant's seed average; corpus metrics are recomputed from the per-example statistics of each resample; Efron & Tibshirani 1993). The interaction of seeds and examples is in both components, so intervals are, if anything, too wide.",
    "Tests and intervals: Student's t with Satterthwaite's degrees of freedom (Satterthwaite 1946).",
    'Family: every pair of variants within one metric, corrected by Holm (1979) at 5 %. The interval of a pair has the level at which that pair is tested, so it excludes zero exactly when the difference is significant.',
    "Effect size: Hedges' g (1981), in standard deviations between seeds.",
    'Equivalence: two one-sided tests (Schuirmann 1987), only with a stated margin. No significant difference does not mean equal.',
    ...(claims.some(({ claim }) => claim.curve !== undefined) ? [curvesText] : []),
    'With one seed per variant there is no component between seeds: intervals then refer to these trained models on new examples.',
    ...(resamples.length > 0 ? [`Resamples of the examples: ${[...new Set(resamples)].join(', ')}.`] : []),
  ]
}

const curvesText =
  "Claims over curves: one statistic of each trial's curve; a mean is the area under the curve (trapezoidal rule) over the steps that all trials have, divided by their span. Seeds are the sampling unit: Welch's t with Satterthwaite's degrees of freedom, every pair of variants one family under Holm's correction. The examples are taken as fixed."
