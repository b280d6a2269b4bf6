import { isUndefined } from '../../../../core/measured.js'
import { differenceFrom, type ExamplePart, variance } from '../../../../stats/difference.js'
import { corrected, type TestedPair } from '../../../../stats/family.js'
import { averageOf } from '../../../../stats/seed-averages.js'
import { familyAlpha, pairsOf } from '../metric.js'
import { sampleOf, seedUnits, type TrialSamples } from '../samples.js'
import type { StudyVariant } from './sides.js'
import type { Sides } from './verdict.js'

// A claim may compare one side with a figure: what counting, an equation or a paper gives. A figure has no spread of its own, so
// the test is that of one sample.

/** A side's mean over its settings, seed by seed, less a figure; a text says why nothing can be compared. */
export function compareWithFigure(
  left: readonly StudyVariant[],
  figure: number,
  samples: TrialSamples,
  examples: number,
): Pick<Sides, 'between' | 'seeds'> | string {
  const units = seedUnits(left.map(({ trials }) => trials.completed))
  if (units.length === 0) return 'no seed has finished under every setting that a side is averaged over'
  const { sample } = sampleOf(units, samples)
  if (isUndefined(sample)) return sample.reason
  const between = differenceFrom(sample.values, figure, examplePart(sample.resampled, examples))
  return { between, seeds: [sample.values.length, 0] }
}

/** What new examples add, where they are asked about. */
function examplePart(resampled: readonly Float64Array[] | undefined, examples: number): ExamplePart | undefined {
  if (resampled === undefined) return undefined
  return { variance: variance([...averageOf(resampled)].filter(Number.isFinite)), examples }
}

/** Sides that are compared with figures under one measure, corrected together. */
export function correctedFigures<S extends Pick<Sides, 'between' | 'range'>>(
  family: readonly S[],
): (S & Pick<Sides, 'pair' | 'family'>)[] {
  const tested = family.map(({ between }): TestedPair & { left: number; right: number } => {
    return { found: between, pairs: 0, left: 0, right: 1 }
  })
  const comparisons = corrected(tested, familyAlpha)
  return family.flatMap((sides, at) => {
    const pairs = pairsOf(['left', 'figure'], comparisons.slice(at, at + 1), sides.range)
    return pairs.map((pair) => ({ ...sides, pair, family: family.length }))
  })
}
