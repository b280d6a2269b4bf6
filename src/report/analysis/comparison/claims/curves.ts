import { type CurvePoint, meanOver, sharedRange } from '../../../../stats/curve.js'
import { compareFamily } from '../../../../stats/family.js'
import { count } from '../../../format/values.js'
import { type CurveName, curveTitle } from '../curve-titles.js'
import { familyAlpha, pairsOf } from '../metric.js'
import type { Pair } from '../types.js'
import type { VariantTrials } from '../variants.js'

// A claim over a curve is about one number of each trial's curve. Seeds are what is sampled: the curve is that of the
// examples as they are, so nothing is said of new examples.

/** Which number of a curve is asked about. */
export interface CurveQuestion extends CurveName {
  readonly at: 'mean' | 'last' | 'best' | number
}

/** All variants of a group under one number of a curve. */
export interface CurveComparison {
  readonly title: string
  /** Which steps a mean is over; '' for other numbers. */
  readonly over: string
  /** One number a seed, by the variant's id. */
  readonly perSeed: ReadonlyMap<string, readonly number[]>
  /** Why a variant has none, by its id. */
  readonly lacking: ReadonlyMap<string, string>
  /** The family: every pair of variants that have such a number, over new seeds alone. */
  readonly pairs: readonly Pair[]
}

/** Compares a curve of all variants; a mean is over the steps that all trials' curves have. */
export function compareCurve(variants: readonly VariantTrials[], question: CurveQuestion): CurveComparison {
  const { name } = question
  const curveOf = ({ curves }: VariantTrials['completed'][number]) => curves[name] ?? []
  const drawn = variants.flatMap(({ completed }) => completed.map(curveOf)).filter((points) => points.length > 0)
  const range = sharedRange(drawn)
  const perSeed = new Map<string, number[]>()
  const lacking = new Map<string, string>()
  for (const { id, label, completed } of variants) {
    const values = completed.map((trial) => numberOf(curveOf(trial), question, range))
    const found = values.filter((value) => value !== undefined)
    if (found.length === values.length && found.length > 0) perSeed.set(id, found)
    else lacking.set(id, whyLacking(label, completed[values.indexOf(undefined)], question))
  }
  const ids = [...perSeed.keys()]
  const samples = [...perSeed.values()].map((values) => ({ values }))
  return {
    title: numberTitle(question),
    over: question.at === 'mean' && range ? ` over steps ${count(range.from)} to ${count(range.to)}` : '',
    perSeed,
    lacking,
    pairs: pairsOf(ids, compareFamily(samples, familyAlpha)),
  }
}

function numberOf(
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

function whyLacking(label: string, trial: VariantTrials['completed'][number] | undefined, question: CurveQuestion) {
  if (trial === undefined) return `${label} has no finished trial`
  const { curves, record } = trial
  const { name, at } = question
  const steps = (curves[name] ?? []).map(([x]) => x)
  if (steps.length === 0) return `seed ${record.seed} of ${label} has no ${curveTitle(question)}`
  if (at === 'mean') return `there is no step at which all trials have a ${curveTitle(question)}`
  const ends = `its curve has ${count(steps.length)} values from step ${count(steps[0] ?? 0)} to ${count(steps.at(-1) ?? 0)}`
  return `seed ${record.seed} of ${label} has no ${numberTitle(question)} (${ends})`
}

/** `mean validation loss`, `dev PER at step 500`. */
export function numberTitle(question: CurveQuestion): string {
  const title = curveTitle(question)
  return typeof question.at === 'number' ? `${title} at step ${count(question.at)}` : `${question.at} ${title}`
}
