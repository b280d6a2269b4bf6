import { isUndefined } from '../../../../core/measured.js'
import { type CurvePoint, meanOver, sharedRange } from '../../../../stats/curve.js'
import { compareFamily } from '../../../../stats/family.js'
import { everything } from '../../../../stats/mean-interval.js'
import { counted, withArticle } from '../../../format/grammar.js'
import { count } from '../../../format/numbers.js'
import { type CurveMeasure, curveTitle } from '../curve-titles.js'
import { whyNoCurve } from '../details/curves.js'
import { familyAlpha, pairsOf } from '../metric.js'
import type { FoundTrial } from '../read-trial.js'
import { sampleOf, type TrialSamples, trialUnits } from '../samples.js'
import type { Pair } from '../types.js'
import type { VariantTrials } from '../variants.js'

// A claim over a curve is about one statistic of each trial's curve. Seeds are the sampling unit: the examples are taken as
// fixed, so nothing is inferred about new examples.

/** Which statistic of a curve a claim is about. */
export interface CurveQuestion extends CurveMeasure {
  readonly at: 'mean' | 'last' | 'best' | number
}

/** All variants of a group under one statistic of a curve. */
interface CurveComparison {
  readonly title: string
  /** Which steps a mean is over; '' for other statistics. */
  readonly over: string
  /** One value per seed, by the variant's id. */
  readonly perSeed: ReadonlyMap<string, readonly number[]>
  /** Why a variant has no value, by its id. */
  readonly missing: ReadonlyMap<string, string>
  /** The family: every pair of variants that have such a value, over new seeds alone. */
  readonly pairs: readonly Pair[]
}

/** Compares a curve of all variants; a mean is over the steps that all trials' curves have. */
export function compareCurve(variants: readonly VariantTrials[], question: CurveQuestion): CurveComparison {
  const { samples, over } = curveSamples(variants, question)
  const missing = new Map<string, string>()
  const known = variants.filter((variant) => {
    const reason = whyMissing(variant, samples, question)
    if (reason !== undefined) missing.set(variant.id, reason)
    return reason === undefined
  })
  const sampled = known.map(({ id, completed }) => ({ id, ...sampleOf(trialUnits(completed), samples) }))
  const family = sampled.flatMap(({ id, sample }) => (isUndefined(sample) ? [] : [{ id, sample }]))
  return {
    title: statisticTitle(question),
    over,
    perSeed: new Map(family.map(({ id, sample }) => [id, sample.values])),
    missing,
    pairs: pairsOf(
      family.map(({ id }) => id),
      compareFamily(
        family.map(({ sample }) => sample),
        familyAlpha,
      ),
      everything,
    ),
  }
}

/** One statistic of the curve of every trial that has it, and which steps a mean is over. */
export function curveSamples(
  variants: readonly VariantTrials[],
  question: CurveQuestion,
): { readonly samples: TrialSamples; readonly over: string } {
  const trials = variants.flatMap(({ completed }) => completed)
  const curveOf = ({ curves }: FoundTrial) => curves[question.name] ?? []
  const range = sharedRange(trials.map(curveOf).filter((points) => points.length > 0))
  const values = trials.map((trial) => [trial, statisticOf(curveOf(trial), question, range)] as const)
  return {
    samples: new Map(values.flatMap(([trial, value]) => (value === undefined ? [] : [[trial, { value }] as const]))),
    over: question.at === 'mean' && range ? ` over steps ${count(range.from)} to ${count(range.to)}` : '',
  }
}

function statisticOf(
  points: readonly CurvePoint[],
  { at, metric }: CurveQuestion,
  range: ReturnType<typeof sharedRange>,
): number | undefined {
  const ys = points.map(([, y]) => y)
  if (at === 'last' || ys.length === 0) return ys.at(-1)
  if (at === 'best') return metric?.better === 'higher' ? Math.max(...ys) : Math.min(...ys)
  if (at === 'mean') return range && meanOver(points, range.from, range.to)
  return points.find(([x]) => x === at)?.[1]
}

/** Why a variant cannot be compared in a curve; undefined where all its trials have the statistic. */
export function whyMissing(
  { label, completed }: VariantTrials,
  samples: TrialSamples,
  question: CurveQuestion,
): string | undefined {
  const trial = completed.find((one) => !samples.has(one))
  if (trial === undefined) return completed.length > 0 ? undefined : `${label} has no finished trial`
  const { curves, record } = trial
  const { name, at } = question
  const steps = (curves[name] ?? []).map(([x]) => x)
  const reason = whyNoCurve(trial, name)
  if (steps.length === 0)
    return `seed ${record.seed} of ${label} has no ${curveTitle(question)}${reason === undefined ? '' : `: ${reason}`}`
  if (at === 'mean') return `there is no step at which all trials have ${withArticle(curveTitle(question))}`
  const ends = `its curve has ${counted(steps.length, 'value')} from step ${count(steps[0] ?? 0)} to ${count(steps.at(-1) ?? 0)}`
  return `seed ${record.seed} of ${label} has no ${statisticTitle(question)} (${ends})`
}

/** `mean validation loss`, `dev PER at step 500`. */
export function statisticTitle(question: CurveQuestion): string {
  const title = curveTitle(question)
  return typeof question.at === 'number' ? `${title} at step ${count(question.at)}` : `${question.at} ${title}`
}
