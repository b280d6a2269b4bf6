import type { StatedClaim } from '../../comparison/read.js'

/** How the figures were made, with sources; stands in every form of the report. */
export function methodText(resamples: readonly number[], claims: readonly StatedClaim[]): string[] {
  return [
    'Estimand: the mean difference of two variants over new seeds and new examples. Variants are chosen on dev and reported on test.',
    "Variance: a part between seeds (unpaired: equal seed numbers are no pairs; Welch 1947) plus a part between examples (bootstrap over the same examples of each variant's seed average; corpus metrics are computed anew from the per-example statistics of each resample; Efron & Tibshirani 1993). What seeds and examples do together is in both parts, so intervals are, if anything, too wide.",
    "Tests and intervals: Student's t with Satterthwaite's degrees of freedom (Satterthwaite 1946).",
    'Family: every pair of variants within one metric, corrected by Holm (1979) at 5 %. The interval of a pair is made at the level at which that pair is tested, so it leaves zero out exactly when the difference is shown.',
    "Effect size: Hedges' g (1981), in standard deviations between seeds.",
    'Equivalence is claimed by two one-sided tests (Schuirmann 1987) with a stated margin only. No difference shown does not mean equal.',
    ...(claims.some(({ claim }) => claim.curve !== undefined) ? [curvesText] : []),
    'With one seed a variant there is no part between seeds: intervals then speak of these trained models on new examples alone.',
    ...(resamples.length > 0 ? [`Resamples of the examples: ${[...new Set(resamples)].join(', ')}.`] : []),
  ]
}

const curvesText =
  "Claims over curves: one number of each trial's curve; a mean is the area under the curve (trapezoidal rule) over the steps that all trials have, divided by their span. Seeds are the sampling unit: Welch's t with Satterthwaite's degrees of freedom, every pair of variants one family under Holm's correction. The examples are taken as they are."
