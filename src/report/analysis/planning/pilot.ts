import { distinctBy } from '../../../core/lists.js'
import { isNumber } from '../../../core/measured.js'
import type { MetricSpec } from '../../../metrics/index.js'
import { measureId } from '../../../metrics/measures.js'
import type { Claim } from '../../../spec/types.js'
import { variance } from '../../../stats/difference.js'
import { compareCurve } from '../comparison/claims/curves.js'
import { questionOf } from '../comparison/claims/locate.js'
import { type DescribedGroup, describeGroup } from '../comparison/group.js'
import { curveNameOf, testNameOf } from '../comparison/measures.js'
import { findTrials } from '../comparison/read.js'
import type { FoundTrial } from '../comparison/read-trial.js'
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
  /**
   * Undefined where it has not two seeds of any variant under what the claim is about; `spec`: the metric as the planned study
   * measures it, absent where it is a loss.
   */
  spreadOf(claim: Claim, spec?: MetricSpec): PilotSpread | undefined
  /** How its trials measure the metric of a claim, each way once. */
  measuresOf(claim: Claim): readonly MetricSpec[]
}

/** Reads a study's results. Throws SeqlabError 'run' where there are none. */
export async function readPilot(directory: string): Promise<Pilot> {
  const found = await findTrials([directory])
  const groups = groupTrials(found.trials, { onlyChanged: true }).map((group) => describeGroup(group, { seed: 1 }))
  return {
    directory,
    spreadOf: (claim, spec) =>
      groups.map((group) => spreadIn(group, claim, spec)).find((spread) => spread !== undefined),
    measuresOf: (claim) => specsIn(found.trials, claim),
  }
}

function spreadIn(described: DescribedGroup, claim: Claim, spec: MetricSpec | undefined): PilotSpread | undefined {
  const name = spec === undefined ? (claim.curve ?? claim.metric) : nameIn(described, claim, spec)
  if (name === undefined) return undefined
  const question = questionOf(claim, described, name)
  if (question !== undefined) {
    const { perSeed, pairs } = compareCurve(described.trials.variants, question)
    return pooled([...perSeed.values()], pairs, undefined)
  }
  const metric = described.group.metrics.find((one) => one.name === name)
  if (metric === undefined) return undefined
  const perSeed = metric.values.map((values) => values.perSeed.filter(isNumber))
  return pooled(perSeed, metric.pairs, described.group.examples)
}

/** What the trials call the metric that measures as a spec says; undefined where they measure otherwise. */
function nameIn({ trials }: DescribedGroup, { curve }: Claim, spec: MetricSpec): string | undefined {
  return trials.variants
    .flatMap(({ completed }) => completed)
    .map((trial) => (curve === undefined ? testNameOf(trial, spec) : curveNameOf(trial, curve, spec)))
    .find((name) => name !== undefined)
}

function specsIn(trials: readonly FoundTrial[], { metric, curve }: Claim): MetricSpec[] {
  const finished = trials.filter(({ record }) => record.status === 'completed')
  const specs = finished.flatMap(({ record, validated }) =>
    curve === undefined
      ? record.spec.metrics.filter(({ type }) => type === metric)
      : validated.filter(({ name }) => name === curve).map(({ spec }) => spec),
  )
  return distinctBy(specs, measureId)
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
