import { distinctBy } from '../../../../core/lists.js'
import { sideTexts } from '../../../../spec/plan/study/sides.js'
import type { Claim } from '../../../../spec/types.js'
import { confidenceInterval, type Difference, equivalenceP } from '../../../../stats/difference.js'
import { holm } from '../../../../stats/holm.js'
import { cutTo, type Range } from '../../../../stats/mean-interval.js'
import { differenceText, type Unit, valueWithUnit } from '../../../format/values.js'
import { metricTitle } from '../../metrics.js'
import { curveUnit } from '../curve-titles.js'
import type { DescribedGroup } from '../group.js'
import { familyAlpha } from '../metric.js'
import type { StatedClaim } from '../read.js'
import type { Verdict } from '../types.js'
import { statisticTitle } from './curves.js'
import { correctedFigures } from './figure.js'
import { type Location, locate, questionOf } from './locate.js'
import { measureKey } from './measure-key.js'
import { registrationText } from './registration.js'
import { type Equivalence, judge, type Sides } from './verdict.js'

/** Marks each claim as supported, contradicted or undecided, with the evidence; the same claim about the same variants once. */
export function judgeClaims(claims: readonly StatedClaim[], groups: readonly DescribedGroup[]): Verdict[] {
  const all = claims.map((stated) => ({ ...stated, ...locate(stated, groups) }))
  const located = inFamilies(distinctBy(all, ({ claim, variants }) => JSON.stringify([claim, variants])))
  const equivalences = correctedEquivalences(located)
  return located.map(({ claim, registered, located: location, left, right, over }) => {
    const { metric = null, curve = null, relation, margin = null, effect = null } = claim
    const at = curve === null ? null : (claim.at ?? 'mean')
    const stated = { left: claim.left, right: claim.right, metric, curve, at, relation, margin, effect }
    const found = { leftVariants: [...left], rightVariants: [...right], averagedOver: [...over] }
    const order = { registered: registered ?? null, registration: registrationText(registered) }
    const described = { ...stated, ...found, ...order, text: claimText(claim, measureOf(claim, groups[0])) }
    if ('problem' in location) return { ...described, verdict: 'undecided', evidence: location.problem, test: null }
    return { ...described, ...judge(claim, location.sides, equivalences.get(claim)) }
  })
}

/** What a claim is over. */
export interface ClaimMeasure {
  readonly words: string
  readonly unit: Unit
}

/** A claim in words. */
export function claimText(claim: Claim, { words, unit }: ClaimMeasure): string {
  const { relation, margin } = claim
  const [left, right] = sideTexts(claim, (figure) => valueWithUnit(figure, unit))
  const verb = relation === 'equivalent' ? 'equivalent to' : `${relation} than`
  return `${left} ${verb} ${right} in ${words}${margin === undefined ? '' : ` (margin ${differenceText(margin, unit)})`}`
}

function measureOf(claim: Claim, judged: DescribedGroup | undefined): ClaimMeasure {
  const question = questionOf(claim, judged)
  if (question !== undefined) return { words: statisticTitle(question), unit: curveUnit(question) }
  const compared = judged?.group.metrics.find(({ name, metric = name }) => metric === claim.metric)
  return { words: metricTitle(claim.metric ?? ''), unit: compared?.unit ?? 'number' }
}

interface LocatedClaim extends Pick<Location, 'located' | 'measure'> {
  readonly claim: Claim
}

/** Claims that compare with figures under one metric (or one statistic of one curve) are a family under Holm's correction. */
function inFamilies<L extends LocatedClaim>(located: readonly L[]): L[] {
  const tested = located.flatMap((one) =>
    typeof one.claim.right !== 'number' || 'problem' in one.located
      ? []
      : [{ ...one.located.sides, of: one, key: measureKey(one.claim, one.measure) }],
  )
  const families = [...new Set(tested.map(({ key }) => key))].map((key) => tested.filter((one) => one.key === key))
  const sidesOf = new Map<L, Sides>(
    families.flatMap(correctedFigures).map(({ of, key: _, ...sides }) => [of, sides] as const),
  )
  return located.map((one) => {
    const sides = sidesOf.get(one)
    return sides === undefined ? one : { ...one, located: { sides } }
  })
}

/** Equivalence claims over one metric (or one statistic of one curve) are a family of their own. */
function correctedEquivalences(located: readonly LocatedClaim[]): ReadonlyMap<Claim, Equivalence> {
  const tested = located.flatMap(({ claim, located: location, measure }) => {
    if (claim.relation !== 'equivalent' || claim.margin === undefined || 'problem' in location) return []
    const { between, swapped, range } = location.sides
    const p = equivalenceP(between, claim.margin)
    return p === undefined ? [] : [{ claim, between, swapped, range, p, family: measureKey(claim, measure) }]
  })
  const families = new Set(tested.map(({ family }) => family))
  return new Map([...families].flatMap((family) => corrected(tested.filter((one) => one.family === family))))
}

interface Tested {
  readonly claim: Claim
  readonly between: Difference
  readonly swapped: boolean
  readonly range: Range
  readonly p: number
}

function corrected(family: readonly Tested[]): (readonly [Claim, Equivalence])[] {
  const results = holm(
    family.map(({ p }) => p),
    familyAlpha,
  )
  return family.map(({ claim, between, swapped, range }, at) => {
    const { adjusted, alpha } = results[at] ?? { adjusted: 1, alpha: familyAlpha }
    const { low, high } = confidenceInterval(between, 2 * alpha) ?? { low: Number.NaN, high: Number.NaN }
    const ends = swapped ? { low: -high, high: -low } : { low, high }
    return [claim, { p: adjusted, ...cutTo(ends, range), family: family.length }]
  })
}
