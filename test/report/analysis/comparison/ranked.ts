import { undefinedBecause } from '../../../../src/core/measured.js'
import type { MetricComparison, Pair } from '../../../../src/report/analysis/comparison/types.js'

const none = undefinedBecause('made up')

/** A pair of variants whose difference was tested. */
function testedPair(left: string, right: string, difference: number, more: Partial<Pair> = {}): Pair {
  return {
    ...{ left, right, difference, paired: 0, interval: { low: 0, high: 0 }, level: 0.95, p: 0.5, adjustedP: 0.5 },
    ...{ significant: false, effectSize: 1, seedVariance: 1, exampleVariance: 1, degreesOfFreedom: 4 },
    ...more,
  }
}

export interface RankedOptions {
  readonly better?: 'lower' | 'higher'
  /** Pairs that have no test, written `ab`. */
  readonly untested?: readonly string[]
}

/** Variants of one letter each, with their means; `apart` are the pairs that differ significantly, written `ab`. */
export function ranked(
  means: Readonly<Record<string, number>>,
  apart: readonly string[],
  { better = 'lower', untested = [] }: RankedOptions = {},
): Pick<MetricComparison, 'title' | 'unit' | 'better' | 'values' | 'pairs'> {
  const all = Object.entries(means)
  const pairs = all.flatMap(([left, value], at) =>
    all.slice(at + 1).map(([right, other]) =>
      testedPair(left, right, value - other, {
        significant: apart.includes(left + right),
        p: untested.includes(left + right) ? none : 0.5,
      }),
    ),
  )
  const values = all.map(([variant, value]) => ({
    ...{ variant, seeds: [1], perSeed: [value], seedDeviation: none, dev: none },
    mean: { value, interval: none },
  }))
  return { title: 'PER', unit: 'percent', better, values, pairs }
}

/** `abc` as means 0.1, 0.2, 0.3. */
export function inOrder(ids: string): Record<string, number> {
  return Object.fromEntries([...ids].map((id, at) => [id, (at + 1) / 10]))
}
