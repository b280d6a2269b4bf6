import type { Random } from '../../src/core/random.js'
import { type StatisticsTable, totals } from '../../src/stats/bootstrap.js'
import { type Comparison, compareFamily } from '../../src/stats/family.js'
import { resampledTogether } from '../../src/stats/seed-averages.js'

/** A study with known truth: an error rate over examples of unequal lengths, under seeds that differ. */
export interface Truth {
  /** True rate of each variant, in units of one standard deviation between seeds. */
  readonly rates: readonly number[]
  readonly seeds: number
  readonly examples: number
  /** Standard deviation of one example's own rate, common to all variants. */
  readonly exampleSpread: number
  /** Standard deviation of what one example adds under one variant. */
  readonly interactionSpread: number
  /** Standard deviation of what is left, for each example and seed. */
  readonly residualSpread: number
}

export const ratio = ([errors = 0, length = 1]: readonly number[]) => errors / length
export const resamples = 200

/** Draws one study and compares all its variants as a report does. */
export function simulateStudy(truth: Truth, random: Random, seed: number): Comparison[] {
  const { examples, rates } = truth
  const lengths = Array.from({ length: examples }, () => 3 + random.below(8))
  const common = normals(random, examples, truth.exampleSpread)
  const tables = rates.map((rate) => drawVariant(truth, rate, lengths, common, random))
  const resampled = resampledTogether(tables, ratio, { seed, resamples })
  const variants = tables.map((seeds, at) => ({
    values: seeds.map((table) => ratio(totals(table))),
    resampled: resampled[at] ?? [],
  }))
  return compareFamily(variants, 0.05, examples)
}

function drawVariant(truth: Truth, rate: number, lengths: readonly number[], common: Float64Array, random: Random) {
  const own = normals(random, truth.examples, truth.interactionSpread)
  const rates = lengths.map((_, example) => (common[example] ?? 0) + (own[example] ?? 0))
  return Array.from({ length: truth.seeds }, () =>
    drawTable(lengths, rates, rate + random.normal(), truth.residualSpread, random),
  )
}

/** One model's errors and lengths by example: at the model's rate, the example's own and noise. */
export function drawTable(
  lengths: readonly number[],
  rates: readonly number[],
  modelRate: number,
  residualSpread: number,
  random: Random,
): StatisticsTable {
  const rows = lengths.map((length, at) => {
    const noise = random.normal() * residualSpread
    return [length * (modelRate + (rates[at] ?? 0) + noise), length]
  })
  return { data: Float64Array.from(rows.flat()), examples: lengths.length, width: 2 }
}

export function normals(random: Random, count: number, spread: number): Float64Array {
  return Float64Array.from({ length: count }, () => random.normal() * spread)
}
