import type { Random } from '../../src/core/random.js'
import { type StatisticsTable, totals } from '../../src/stats/bootstrap.js'
import { type Comparison, compareFamily } from '../../src/stats/family.js'
import { resampledValues } from '../../src/stats/seed-averages.js'

/** A study with known truth whose variants are evaluations of the same trained models, as a grid over `decode` has them. */
export interface PairedTruth {
  /** True rate of each evaluation, in units of one standard deviation between trained models. */
  readonly rates: readonly number[]
  readonly seeds: number
  readonly examples: number
  /** Standard deviation of one example's own rate, common to all models and evaluations. */
  readonly exampleSpread: number
  /** Standard deviation of what one trained model adds under one evaluation. */
  readonly modelSpread: number
  /** Standard deviation of what one example adds under one evaluation. */
  readonly interactionSpread: number
  /** Standard deviation of what is left, for each example, model and evaluation. */
  readonly residualSpread: number
}

const ratio = ([errors = 0, length = 1]: readonly number[]) => errors / length
const resamples = 200

/** Draws one study and compares its evaluations as a report does; `paired: false` hides that they share trained models. */
export function simulatePairs(truth: PairedTruth, random: Random, seed: number, paired = true): Comparison[] {
  const { examples, rates, seeds } = truth
  const normals = (count: number, spread: number) => Array.from({ length: count }, () => random.normal() * spread)
  const lengths = Array.from({ length: examples }, () => 3 + random.below(8))
  const common = normals(examples, truth.exampleSpread)
  const levels = normals(seeds, 1)
  const tables = rates.map((rate) => {
    const own = normals(examples, truth.interactionSpread)
    return levels.map((level): StatisticsTable => {
      const model = rate + level + random.normal() * truth.modelSpread
      const rows = lengths.map((length, at) => {
        const noise = random.normal() * truth.residualSpread
        return [length * (model + (common[at] ?? 0) + (own[at] ?? 0) + noise), length]
      })
      return { data: Float64Array.from(rows.flat()), examples, width: 2 }
    })
  })
  const resampled = resampledValues(tables, ratio, { seed, resamples })
  const variants = tables.map((of, at) => ({
    values: of.map((table) => ratio(totals(table))),
    resampled: resampled[at] ?? [],
    ...(paired && { models: levels.map((_, model) => [`model ${model}`]) }),
  }))
  return compareFamily(variants, 0.05, examples)
}
