import { isNumber, isUndefined, type Measured, numberOrNaN } from '../../../../core/measured.js'
import { type MatchedSides, matchSides, namedPaths } from '../../../../spec/plan/study/sides.js'
import type { Claim } from '../../../../spec/types.js'
import type { Difference } from '../../../../stats/difference.js'
import { differenceRange, everything } from '../../../../stats/mean-interval.js'
import { counted, withArticle } from '../../../format/grammar.js'
import { metricLookup, metricTitle } from '../../metrics.js'
import { curveBetter, curveTitle, curveUnit } from '../curve-titles.js'
import type { DescribedGroup } from '../group.js'
import { curveMeasures, severalWays, testMeasures } from '../measures.js'
import { pairsOf } from '../metric.js'
import type { StatedClaim } from '../read.js'
import type { FoundTrial } from '../read-trial.js'
import { metricSamples, type TrialSamples } from '../samples.js'
import type { Group, Pair, Verdict } from '../types.js'
import type { TrialGroup } from '../variants.js'
import { type AveragedQuestion, compareAveraged } from './averaged.js'
import { type CurveQuestion, compareCurve, curveSamples, statisticTitle, whyMissing } from './curves.js'
import { compareWithFigure, correctedFigures } from './figure.js'
import { onSide, type StudyVariant, variantsOf } from './sides.js'
import type { Sides } from './verdict.js'

/** The two sides of a claim, or why they cannot be compared. */
export type Located = { readonly sides: Sides } | { readonly problem: string }

/** Where a claim's sides are, with their difference. */
export interface Location {
  readonly located: Located
  readonly left: readonly string[]
  readonly right: readonly string[]
  readonly over: Verdict['averagedOver']
  /** Equal for sides of the same variants. */
  readonly variants: string
  /** What its trials call the metric or the curve. */
  readonly measure: string
}

/** Where no trial has finished. */
const unknownLoss = { unit: 'number', label: '' } as const

/** Which curve a claim is about, by the name that its trials have for it; undefined for a metric. */
export function questionOf(
  { curve, at = 'mean' }: Claim,
  judged: DescribedGroup | undefined,
  name = curve,
): CurveQuestion | undefined {
  if (curve === undefined || name === undefined) return undefined
  // What its values are measured in is the same under all options.
  const metric = metricLookup([])(curve)
  const loss = judged?.group.loss ?? unknownLoss
  return { name, at, loss, metric: metric && { ...metric, title: metricTitle(name) } }
}

const nowhere = { left: [], right: [], over: [], variants: '', measure: '' }

/** Finds a claim's sides in the first group that has both, with their difference. */
export function locate({ claim, folder }: StatedClaim, groups: readonly DescribedGroup[]): Location {
  for (const [at, judged] of groups.entries()) {
    const variants = variantsOf(folder, judged.trials)
    const left = onSide(claim.left, variants, judged.trials)
    if (typeof claim.right === 'number') {
      if (left.length === 0) continue
      const ids = left.map(({ trials }) => trials.id)
      const variants = JSON.stringify([at, ids])
      const measured = measureOn(claim, left)
      if ('problem' in measured) return { ...nowhere, located: measured, ...labelsOn(left, []), variants }
      return { ...locateFigure(measured, claim.right, left, judged), variants, measure: measured.measure }
    }
    const right = onSide(claim.right, variants, judged.trials)
    if (left.length === 0 || right.length === 0) continue
    if (left.some((variant) => right.includes(variant)))
      return { located: { problem: 'both sides have variants in common' }, ...nowhere }
    const ids = JSON.stringify([at, [left, right].map((side) => side.map(({ trials }) => trials.id))])
    const measured = measureOn(claim, [...left, ...right])
    if ('problem' in measured) return { ...nowhere, located: measured, ...labelsOn(left, right), variants: ids }
    const asked = { left, right, variants, named: namedPaths(claim, variants) }
    return { ...locateSides(measured, asked, judged), variants: ids, measure: measured.measure }
  }
  const missing = typeof claim.right === 'number' ? 'the variant' : 'both variants'
  const labels = groups.flatMap(({ group }) => group.variants.map(({ label }) => label))
  return { located: { problem: `no group has ${missing}; available: ${labels.join(', ') || 'none'}` }, ...nowhere }
}

/** A claim with the name that the trials of its sides have for what it is about. */
interface MeasuredClaim {
  readonly claim: Claim
  readonly measure: string
}

/** How the variants of a claim's sides measure what it is about: in one way, or it cannot be judged. */
function measureOn(claim: Claim, variants: readonly StudyVariant[]): MeasuredClaim | { readonly problem: string } {
  const { metric = '', curve } = claim
  const trials = variants.map((variant) => variant.trials)
  const found = curve === undefined ? testMeasures(trials, metric) : curveMeasures(trials, curve)
  if (found.length > 1) return { problem: severalWays(curve ?? metric, found) }
  return { claim, measure: found[0] ?? curve ?? metric }
}

function labelsOn(left: readonly StudyVariant[], right: readonly StudyVariant[]): Pick<Location, 'left' | 'right'> {
  return { left: left.map(({ label }) => label), right: right.map(({ label }) => label) }
}

function locateSides(
  measured: MeasuredClaim,
  asked: AveragedQuestion,
  judged: DescribedGroup,
): Omit<Location, 'variants' | 'measure'> {
  const { claim, measure } = measured
  const question = questionOf(claim, judged, measure)
  const [left, right] = [asked.left.map(({ label }) => label), asked.right.map(({ label }) => label)]
  const [one, other] = [asked.left[0]?.trials.id ?? '', asked.right[0]?.trials.id ?? '']
  const isPair = left.length === 1 && right.length === 1
  if (isPair && matchSides(asked.left, asked.right, asked.named, asked.variants).left.length === 1) {
    const located =
      question === undefined ? ofMetric(measure, judged, one, other) : ofCurve(question, judged.trials, one, other)
    return { located, left, right, over: [] }
  }
  const found = averagedSides(measured, asked, judged)
  if ('problem' in found) return { located: found, left, right, over: [] }
  const { matched, sides } = found
  const labelsOf = (variants: typeof matched.left) => variants.map(({ label }) => label)
  const over = matched.over.map(({ path, values }) => ({ path, values: [...values] }))
  return { located: { sides }, left: labelsOf(matched.left), right: labelsOf(matched.right), over }
}

/** A side beside a figure, by itself: claims against figures are corrected together once all are found. */
function locateFigure(
  claim: MeasuredClaim,
  figure: number,
  side: readonly StudyVariant[],
  judged: DescribedGroup,
): Omit<Location, 'variants' | 'measure'> {
  const all = { left: side, right: side, variants: side, named: [] }
  const found = { left: side.map(({ label }) => label), right: [], over: [] }
  const measured = measureOf(claim, all, judged)
  if ('problem' in measured) return { located: measured, ...found }
  const { samples, measure, finished, examples } = measured
  const compared = compareWithFigure(finished.left, figure, samples, examples)
  if (typeof compared === 'string') return { located: { problem: compared }, ...found }
  const averaged = side.length > 1 ? `averaged over ${counted(side.length, 'variant')}, seed by seed` : ''
  const range = differenceRange(measure.range, [figure, figure])
  const [sides] = correctedFigures([{ ...measure, range, ...compared, swapped: false, averaged }])
  return { located: sides === undefined ? { problem: 'nothing can be compared' } : { sides }, ...found }
}

function ofMetric(metric: string, { group, views }: DescribedGroup, left: string, right: string): Located {
  const comparison = group.metrics.find(({ name }) => name === metric)
  if (comparison === undefined) return { problem: noMetric(metric, group) }
  const { title, unit, better, pairs, values } = comparison
  const pair = pairOf(pairs, left, right)
  if (pair === undefined) return { problem: whyNoPair(comparison, [left, right]) }
  const perSeed = (id: string) => values.find(({ variant }) => variant === id)?.perSeed.filter(isNumber) ?? []
  const range = differenceRange(views.find(({ name }) => name === metric)?.range ?? everything)
  return { sides: { title, unit, better, range, ...placed(pair, left, pairs, perSeed), overExamples: true } }
}

/** A value that is not there, before an interval that is not: with two seeds there is none, and they can be compared. */
function whyNoPair({ title, values }: Group['metrics'][number], ids: readonly string[]): string {
  const means = values.filter(({ variant }) => ids.includes(variant)).map(({ mean }) => mean)
  const intervals = means.flatMap((mean) => (isUndefined(mean) ? [] : [mean.interval]))
  const [reason] = [...means, ...intervals].flatMap((result) => (isUndefined(result) ? [result.reason] : []))
  if (means.length < ids.length || reason === undefined) return 'one of the two variants has no completed trial'
  return `the ${title} of one of the two variants cannot be compared: ${reason}`
}

function noMetric(metric: string, group: Group): string {
  return `no trial has a test ${metric}; available: ${group.metrics.map(({ name }) => name).join(', ')}`
}

function ofCurve(question: CurveQuestion, { variants }: TrialGroup, left: string, right: string): Located {
  const { title, over, pairs, perSeed, missing } = compareCurve(variants, question)
  const problem = missing.get(left) ?? missing.get(right)
  const pair = pairOf(pairs, left, right)
  if (problem !== undefined || pair === undefined)
    return { problem: problem ?? `no trial has ${withArticle(curveTitle(question))}` }
  const seedsOf = (id: string) => perSeed.get(id) ?? []
  const measure = { title: title + over, unit: curveUnit(question), better: curveBetter(question), range: everything }
  return { sides: { ...measure, ...placed(pair, left, pairs, seedsOf), overExamples: false } }
}

function pairOf(pairs: readonly Pair[], left: string, right: string): Pair | undefined {
  return pairs.find((one) => [left, right].includes(one.left) && [left, right].includes(one.right))
}

function placed(pair: Pair, left: string, pairs: readonly Pair[], perSeed: (id: string) => readonly number[]) {
  const seeds = [perSeed(pair.left).length, perSeed(pair.right).length] as const
  return { pair, between: differenceOf(pair), swapped: pair.left !== left, family: pairs.length, seeds, averaged: '' }
}

/** A pair's difference as the tests take it. */
function differenceOf(pair: Pair): Difference {
  const { seedVariance, exampleVariance } = pair
  return {
    estimate: pair.difference,
    seedVariance: numberOrUndefined(seedVariance),
    exampleVariance,
    standardError: Math.sqrt((numberOrUndefined(seedVariance) ?? 0) + exampleVariance),
    degreesOfFreedom: numberOrNaN(pair.degreesOfFreedom),
    p: numberOrUndefined(pair.p),
    effectSize: numberOrUndefined(pair.effectSize),
  }
}

function numberOrUndefined(measured: Measured): number | undefined {
  return isNumber(measured) ? measured : undefined
}

type Averaged = { readonly sides: Sides; readonly matched: MatchedSides<StudyVariant> } | { readonly problem: string }

/** What is compared; `range`: of its values, not of their difference. */
type Measure = Pick<Sides, 'title' | 'unit' | 'better' | 'overExamples' | 'range'>

/** A measure of every finished trial that is asked about. */
interface Measures {
  readonly finished: AveragedQuestion
  readonly samples: TrialSamples
  /** 0: new examples are not asked about. */
  readonly examples: number
  readonly measure: Measure
}

function measureOf(
  { claim, measure }: MeasuredClaim,
  asked: AveragedQuestion,
  judged: DescribedGroup,
): Measures | { readonly problem: string } {
  const question = questionOf(claim, judged, measure)
  return question === undefined ? metricOf(measure, asked, judged) : curveOf(question, asked)
}

function averagedSides(claim: MeasuredClaim, asked: AveragedQuestion, judged: DescribedGroup): Averaged {
  const measured = measureOf(claim, asked, judged)
  if ('problem' in measured) return measured
  const { finished, samples, examples, measure } = measured
  return sidesOf(compareAveraged(finished, samples, examples), measure)
}

function metricOf(
  metric: string,
  asked: AveragedQuestion,
  { group, views, seed }: DescribedGroup,
): Measures | { readonly problem: string } {
  const view = views.find(({ name }) => name === metric)
  const comparison = group.metrics.find(({ name }) => name === metric)
  if (view === undefined || comparison === undefined) return { problem: noMetric(metric, group) }
  const finished = withTrials(asked, ({ statistics }) => statistics[view.name] !== undefined)
  const trials = finished.variants.flatMap((variant) => variant.trials.completed)
  const samples = metricSamples(trials, view, { seed, resamples: group.resamples })
  const { title, unit, better } = comparison
  return {
    finished,
    samples,
    examples: group.examples,
    measure: { title, unit, better, range: view.range, overExamples: true },
  }
}

function curveOf(question: CurveQuestion, asked: AveragedQuestion): Measures | { readonly problem: string } {
  const all = [...asked.left, ...asked.right].map(({ trials }) => trials)
  const finished = withTrials(asked, () => true)
  const { samples, over } = curveSamples(
    finished.variants.map(({ trials }) => trials),
    question,
  )
  const problem = all
    .filter(({ completed }) => completed.length > 0)
    .map((variant) => whyMissing(variant, samples, question))
    .find((reason) => reason !== undefined)
  if (problem !== undefined) return { problem }
  const having = withTrials(finished, (trial) => samples.has(trial))
  const known = { title: statisticTitle(question) + over, unit: curveUnit(question), better: curveBetter(question) }
  const measure = { ...known, range: everything, overExamples: false }
  return { finished: having, samples, examples: 0, measure }
}

/** The variants that have trials with what is asked about. */
function withTrials(asked: AveragedQuestion, has: (trial: FoundTrial) => boolean): AveragedQuestion {
  const variants = asked.variants
    .map((variant) => ({ ...variant, trials: { ...variant.trials, completed: variant.trials.completed.filter(has) } }))
    .filter(({ trials }) => trials.completed.length > 0)
  const ids = (side: readonly StudyVariant[]) => new Set(side.map(({ trials }) => trials.id))
  const [left, right] = [ids(asked.left), ids(asked.right)]
  return {
    named: asked.named,
    variants,
    left: variants.filter(({ trials }) => left.has(trials.id)),
    right: variants.filter(({ trials }) => right.has(trials.id)),
  }
}

function sidesOf(found: ReturnType<typeof compareAveraged>, measure: Measure): Averaged {
  if (typeof found === 'string') return { problem: found }
  const { comparison, family, seeds, matched, text } = found
  const range = differenceRange(measure.range)
  const [pair] = pairsOf(['left', 'right'], [comparison], range)
  if (pair === undefined) return { problem: 'nothing can be compared' }
  return {
    matched,
    sides: { ...measure, range, pair, between: comparison, swapped: false, family, seeds, averaged: text },
  }
}
