import { isNumber } from '../../../core/measured.js'
import type { Claim } from '../../../spec/types.js'
import { variance } from '../../../stats/difference.js'
import { compareCurve } from '../comparison/claims/curves.js'
import { questionOf } from '../comparison/claims/locate.js'
import { type DescribedGroup, describeGroup } from '../comparison/group.js'
import { findTrials } from '../comparison/read.js'
import type { Pair } from '../comparison/types.js'
import { groupTrials } from '../comparison/variants.js'

/** What an earlier study says of how a measure varies. */
export interface PilotSpread {
  /** Standard deviation between seeds, pooled over its variants. */
  readonly spread: number
  /** Of evaluations of the same trained models: that of their differences; undefined where it has no such pair. */
  readonly pairedSpread: number | undefined
  /** Variants of at least two seeds. */
  readonly variants: number
  /** What its examples add to the variance of a difference, the mean over its pairs; absent for curves. */
  readonly ofExamples?: { readonly variance: number; readonly examples: number }
}

/** An earlier study whose results tell what spread is to be expected. */
export interface Pilot {
  readonly directory: string
  /** Undefined where it has not two seeds of any variant under what the claim is about. */
  spreadOf(claim: Claim): PilotSpread | undefined
}

/** Reads a study's results. Throws SeqlabError 'run' where there are none. */
export async function readPilot(directory: string): Promise<Pilot> {
  const found = await findTrials([directory])
  const groups = groupTrials(found.trials, { onlyChanged: true }).map((group) => describeGroup(group, { seed: 1 }))
  return {
    directory,
    spreadOf: (claim) => groups.map((group) => spreadIn(group, claim)).find((spread) => spread !== undefined),
  }
}

function spreadIn(described: DescribedGroup, claim: Claim): PilotSpread | undefined {
  const question = questionOf(claim, described)
  if (question !== undefined) {
    const { perSeed, pairs } = compareCurve(described.trials.variants, question)
    return pooled([...perSeed.values()], pairs, undefined)
  }
  const metric = described.group.metrics.find(({ name }) => name === claim.metric)
  if (metric === undefined) return undefined
  const perSeed = metric.values.map((values) => values.perSeed.filter(isNumber))
  return pooled(perSeed, metric.pairs, described.group.examples)
}

/** sqrt(Σ (k_i − 1) s_i² / Σ (k_i − 1)) over the variants i of at least two seeds. */
function pooled(
  perSeed: readonly (readonly number[])[],
  pairs: readonly Pair[],
  examples: number | undefined,
): PilotSpread | undefined {
  const several = perSeed.filter((values) => values.length > 1)
  const degrees = several.reduce((sum, values) => sum + values.length - 1, 0)
  const squares = several.reduce((sum, values) => sum + (values.length - 1) * variance(values), 0)
  const spread = Math.sqrt(squares / degrees)
  if (!(spread > 0)) return undefined
  // Rounding leaves some 1e-33 where examples add nothing.
  const most = Math.max(0, ...pairs.map(({ exampleVariance }) => exampleVariance))
  const ofPairs = pairs.flatMap(({ exampleVariance }) => (exampleVariance > most * 1e-12 ? [exampleVariance] : []))
  return {
    spread,
    pairedSpread: pairedSpread(pairs),
    variants: several.length,
    ...(examples !== undefined && ofPairs.length > 0 && { ofExamples: { variance: mean(ofPairs), examples } }),
  }
}

/** Of differences of a model, whose variance over k models is s²/k. */
function pairedSpread(pairs: readonly Pair[]): number | undefined {
  const squares = pairs.flatMap(({ paired, seedVariance }) =>
    paired > 1 && isNumber(seedVariance) ? [paired * seedVariance] : [],
  )
  return squares.length === 0 ? undefined : Math.sqrt(mean(squares))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
