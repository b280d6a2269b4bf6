import type { Random } from '../../src/core/random.js'
import { totals } from '../../src/stats/bootstrap.js'
import { type Comparison, compareFamily } from '../../src/stats/family.js'
import { resampledTogether } from '../../src/stats/seed-averages.js'
import { drawTable, normals, ratio, resamples, type Truth } from './simulated-study.js'

/** A study with known truth whose variants are evaluations of the same trained models, as a grid over `decode` has them. */
export interface PairedTruth extends Truth {
  /** Standard deviation of what one trained model adds under one evaluation. */
  readonly modelSpread: number
}

/** Draws one study and compares its evaluations as a report does; `paired: false` hides that they share trained models. */
export function simulatePairs(truth: PairedTruth, random: Random, seed: number, paired = true): Comparison[] {
  const { examples, rates, seeds } = truth
  const lengths = Array.from({ length: examples }, () => 3 + random.below(8))
  const common = normals(random, examples, truth.exampleSpread)
  const levels = [...normals(random, seeds, 1)]
  const tables = rates.map((rate) => {
    const own = normals(random, examples, truth.interactionSpread)
    const ofExamples = lengths.map((_, at) => (common[at] ?? 0) + (own[at] ?? 0))
    return levels.map((level) => {
      const model = rate + level + random.normal() * truth.modelSpread
      return drawTable(lengths, ofExamples, model, truth.residualSpread, random)
    })
  })
  const resampled = resampledTogether(tables, ratio, { seed, resamples })
  const variants = tables.map((of, at) => ({
    values: of.map((table) => ratio(totals(table))),
    resampled: resampled[at] ?? [],
    ...(paired && { models: levels.map((_, model) => [`model ${model}`]) }),
  }))
  return compareFamily(variants, 0.05, examples)
}
