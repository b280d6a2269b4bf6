import { isNumber, isUndefined } from '../../../../core/measured.js'
import type { Claim } from '../../../../spec/types.js'
import { confidenceInterval, type Difference, difference, equivalenceP } from '../../../../stats/difference.js'
import { holm } from '../../../../stats/holm.js'
import { withArticle } from '../../../format/grammar.js'
import { differenceText, type Unit } from '../../../format/values.js'
import { metricLookup, metricTitle } from '../../metrics.js'
import { curveBetter, curveTitle, curveUnit } from '../curve-titles.js'
import { familyAlpha } from '../metric.js'
import type { StatedClaim } from '../read.js'
import type { Group, Pair, Verdict } from '../types.js'
import { settingText, type TrialGroup, type VariantTrials } from '../variants.js'
import { type CurveQuestion, compareCurve, statisticTitle } from './curves.js'
import { type Equivalence, judge, type Sides } from './verdict.js'

/** A group as it is reported, with the trials that its values are computed from. */
interface JudgedGroup {
  readonly group: Group
  readonly trials: TrialGroup
}

/** The two sides of a claim, or why they cannot be compared. */
type Located = { readonly sides: Sides } | { readonly problem: string }

/** Marks each claim as supported, contradicted or undecided, with the evidence. */
export function judgeClaims(claims: readonly StatedClaim[], groups: readonly JudgedGroup[]): Verdict[] {
  const located = claims.map((stated) => ({ claim: stated.claim, location: locate(stated, groups) }))
  const equivalences = correctedEquivalences(located)
  return located.map(({ claim, location }) => {
    const { left, right, metric = null, curve = null, relation, margin = null } = claim
    const at = curve === null ? null : (claim.at ?? 'mean')
    const stated = { left, right, metric, curve, at, relation, margin, text: claimText(claim, groups) }
    if ('problem' in location) return { ...stated, verdict: 'undecided', evidence: location.problem }
    return { ...stated, ...judge(claim, location.sides, equivalences.get(claim)) }
  })
}

function claimText(claim: Claim, groups: readonly JudgedGroup[]): string {
  const { left, right, relation, margin } = claim
  const { words, unit } = measureOf(claim, groups[0])
  const verb = relation === 'equivalent' ? 'equivalent to' : `${relation} than`
  return `${left} ${verb} ${right} in ${words}${margin === undefined ? '' : ` (margin ${differenceText(margin, unit)})`}`
}

/** What a claim is over, in words. */
function measureOf(claim: Claim, judged: JudgedGroup | undefined): { words: string; unit: Unit } {
  const question = questionOf(claim, judged)
  if (question !== undefined) return { words: statisticTitle(question), unit: curveUnit(question) }
  const compared = judged?.group.metrics.find(({ name }) => name === claim.metric)
  return { words: metricTitle(claim.metric ?? ''), unit: compared?.unit ?? 'number' }
}

/** Where no trial has finished. */
const unknownLoss = { unit: 'number', label: '' } as const

function questionOf({ curve, at = 'mean' }: Claim, judged: JudgedGroup | undefined): CurveQuestion | undefined {
  if (curve === undefined) return undefined
  const specs = judged?.trials.variants.flatMap(({ completed }) =>
    completed.flatMap(({ record }) => record.spec.metrics),
  )
  const metric = metricLookup(specs ?? [])(curve)
  const loss = judged?.group.loss ?? unknownLoss
  return { name: curve, at, loss, metric: metric && { ...metric, title: metricTitle(curve) } }
}

function locate({ claim, study }: StatedClaim, groups: readonly JudgedGroup[]): Located {
  for (const judged of groups) {
    const { group, trials } = judged
    const [left, right] = [claim.left, claim.right].map((name) => variantNamed(name, study, trials)?.id)
    if (left === undefined || right === undefined) continue
    const question = questionOf(claim, judged)
    return question === undefined ? ofMetric(claim, group, left, right) : ofCurve(question, trials, left, right)
  }
  const labels = groups.flatMap(({ group }) => group.variants.map(({ label }) => label))
  return { problem: `no group has both variants; available: ${labels.join(', ') || 'none'}` }
}

function ofMetric({ metric }: Claim, group: Group, left: string, right: string): Located {
  const comparison = group.metrics.find(({ name }) => name === metric)
  if (comparison === undefined) {
    return { problem: `no trial has a test ${metric}; available: ${group.metrics.map(({ name }) => name).join(', ')}` }
  }
  const { title, unit, better, pairs, values } = comparison
  const pair = pairOf(pairs, left, right)
  if (pair === undefined) return { problem: whyNoPair(comparison, [left, right]) }
  const perSeed = (id: string) => values.find(({ variant }) => variant === id)?.perSeed.filter(isNumber) ?? []
  const ofExamples = { variance: pair.exampleVariance, examples: group.examples }
  return { sides: { title, unit, better, ...placed(pair, left, pairs, perSeed), ofExamples } }
}

function whyNoPair({ title, values }: Group['metrics'][number], ids: readonly string[]): string {
  const means = values.filter(({ variant }) => ids.includes(variant)).map(({ mean }) => mean)
  const results = means.map((mean) => (isUndefined(mean) ? mean : mean.interval))
  const missing = results.find((result) => isUndefined(result))
  if (means.length < ids.length || missing === undefined) return 'one of the two variants has no completed trial'
  return `the ${title} of one of the two variants cannot be compared: ${isUndefined(missing) ? missing.reason : ''}`
}

function ofCurve(question: CurveQuestion, { variants }: TrialGroup, left: string, right: string): Located {
  const { title, over, pairs, perSeed, missing } = compareCurve(variants, question)
  const problem = missing.get(left) ?? missing.get(right)
  const pair = pairOf(pairs, left, right)
  if (problem !== undefined || pair === undefined)
    return { problem: problem ?? `no trial has ${withArticle(curveTitle(question))}` }
  const seedsOf = (id: string) => perSeed.get(id) ?? []
  const measure = { title: title + over, unit: curveUnit(question), better: curveBetter(question) }
  return { sides: { ...measure, ...placed(pair, left, pairs, seedsOf) } }
}

function pairOf(pairs: readonly Pair[], left: string, right: string): Pair | undefined {
  return pairs.find((one) => [left, right].includes(one.left) && [left, right].includes(one.right))
}

function placed(pair: Pair, left: string, pairs: readonly Pair[], perSeed: (id: string) => readonly number[]) {
  const seeds = [perSeed(pair.left), perSeed(pair.right)] as const
  return { pair, swapped: pair.left !== left, family: pairs.length, seeds }
}

/** By the label that the variant has in the study, or by the value of the one factor that its grid varies. */
function variantNamed(name: string, study: string, { variants, factors }: TrialGroup): VariantTrials | undefined {
  const recordsOf = ({ completed, unfinished }: VariantTrials) =>
    [...completed, ...unfinished].map(({ record }) => record)
  const ofStudy = variants.filter((variant) => recordsOf(variant).some((record) => record.study === study))
  const [factor = ''] = factors
  return (
    ofStudy.find((variant) => recordsOf(variant).some(({ label }) => label === name)) ??
    ofStudy.find(({ settings }) => factors.length === 1 && settingText(settings[factor]) === name)
  )
}

/** Equivalence claims over one metric (or one statistic of one curve) are a family of their own. */
function correctedEquivalences(
  located: readonly { readonly claim: Claim; readonly location: Located }[],
): ReadonlyMap<Claim, Equivalence> {
  const tested = located.flatMap(({ claim, location }) => {
    if (claim.relation !== 'equivalent' || claim.margin === undefined || 'problem' in location) return []
    const { seeds, ofExamples, swapped } = location.sides
    const between = difference(...seeds, ofExamples)
    const p = equivalenceP(between, claim.margin)
    const family = JSON.stringify([claim.metric, claim.curve, claim.at ?? 'mean'])
    return p === undefined ? [] : [{ claim, between, swapped, p, family }]
  })
  const families = new Set(tested.map(({ family }) => family))
  return new Map([...families].flatMap((family) => corrected(tested.filter((one) => one.family === family))))
}

interface Tested {
  readonly claim: Claim
  readonly between: Difference
  readonly swapped: boolean
  readonly p: number
}

function corrected(family: readonly Tested[]): (readonly [Claim, Equivalence])[] {
  const results = holm(
    family.map(({ p }) => p),
    familyAlpha,
  )
  return family.map(({ claim, between, swapped }, at) => {
    const { adjusted, alpha } = results[at] ?? { adjusted: 1, alpha: familyAlpha }
    const { low, high } = confidenceInterval(between, 2 * alpha) ?? { low: Number.NaN, high: Number.NaN }
    const ends = swapped ? { low: -high, high: -low } : { low, high }
    return [claim, { p: adjusted, ...ends, family: family.length }]
  })
}
