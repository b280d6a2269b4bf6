import type { Claim } from '../../../../spec/types.js'
import type { ExamplePart, SeedValues } from '../../../../stats/difference.js'
import { amount, bare, count, plain, type Unit } from '../../../format/values.js'
import { familyAlpha } from '../metric.js'
import type { Pair, Verdict } from '../types.js'

/** The two sides of a claim, and what their difference was tested by. */
export interface Sides {
  /** What differs, in words. */
  readonly title: string
  readonly unit: Unit
  /** Undefined where neither way is better. */
  readonly better: 'lower' | 'higher' | undefined
  readonly pair: Pair
  /** Whether the pair's left is the claim's right. */
  readonly swapped: boolean
  /** Pairs that were corrected together. */
  readonly family: number
  /** Values of the pair's left and right, one a seed. */
  readonly seeds: readonly [SeedValues, SeedValues]
  readonly ofExamples?: ExamplePart
}

/** What two one-sided tests say of a claim of equivalence. */
export interface Equivalence {
  /** After Holm's correction among the claims of its family. */
  readonly p: number
  /** The interval that lies within the margin exactly when the claim is supported: at 1 − 2α of its test. */
  readonly low: number
  readonly high: number
  /** Claims that were corrected together. */
  readonly family: number
}

export type Ruling = Pick<Verdict, 'verdict' | 'evidence'>

/** What the figures say of a claim. */
export function rule(claim: Claim, sides: Sides, equivalence: Equivalence | undefined): Ruling {
  const { pair, better, title, swapped } = sides
  const undecided = (evidence: string): Ruling => ({ verdict: 'undecided', evidence })
  if (pair.seedVariance === null)
    return undecided('with one seed a variant nothing can be concluded about training runs')
  if (pair.low === null || pair.high === null) return undecided('no spread at all was seen')
  const turn = swapped ? -1 : 1
  const [low = 0, high = 0] = [turn * pair.low, turn * pair.high].sort((a, b) => a - b)
  const gap = { low, high, estimate: turn * pair.difference }
  if (claim.relation === 'equivalent') return ruleEquivalence(claim, sides, gap, equivalence)
  const lower = lowerIsClaimed(claim.relation, better)
  if (lower === undefined) return undecided(`neither way is better in ${title}`)
  return ruleDirection(claim, sides, gap, lower)
}

interface Gap {
  readonly low: number
  readonly high: number
  /** left − right, as the claim names them. */
  readonly estimate: number
}

function lowerIsClaimed(relation: Claim['relation'], better: Sides['better']): boolean | undefined {
  if (relation === 'lower' || relation === 'higher') return relation === 'lower'
  return better === undefined ? undefined : (better === 'lower') === (relation === 'better')
}

function evidenceOf({ unit, pair, family, ...sides }: Sides, { low, high, estimate }: Gap): string {
  const p = pair.adjustedP === null ? '' : `, ${probabilityText(pair.adjustedP)}`
  const corrected = family > 1 ? `, corrected for ${count(family)} pairs` : ''
  const interval = `95 % interval ${bare(low, unit)} to ${bare(high, unit)}`
  return `${differs({ ...sides, unit }, estimate)} (${interval}${p}${corrected})${seedsAlone(sides)}`
}

function differs({ title, unit }: Pick<Sides, 'title' | 'unit'>, estimate: number): string {
  return `${title} differs by ${estimate < 0 ? '-' : '+'}${amount(Math.abs(estimate), unit)}`
}

function seedsAlone({ seeds, ofExamples }: Pick<Sides, 'seeds' | 'ofExamples'>): string {
  if (ofExamples !== undefined) return ''
  const [left, right] = seeds.map(({ length }) => length)
  const numbers = left === right ? `${left} seeds each` : `${left} and ${right} seeds`
  return `; tested between seeds alone (${numbers}), not over new examples`
}

/** Below one in ten thousand the exact figure says nothing more. */
function probabilityText(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${plain(p, 2)}`
}

function ruleEquivalence({ margin }: Claim, sides: Sides, gap: Gap, found: Equivalence | undefined): Ruling {
  const { unit } = sides
  if (margin === undefined || found === undefined)
    return { verdict: 'undecided', evidence: `${evidenceOf(sides, gap)}; equivalence needs a stated margin` }
  const within = `within ± ${amount(margin, unit)}: ${probabilityText(found.p)} by two one-sided tests`
  if (gap.low > margin || gap.high < -margin)
    return { verdict: 'contradicted', evidence: `${evidenceOf(sides, gap)}; ${within}` }
  const corrected = found.family > 1 ? `, corrected for ${found.family} claims` : ''
  const interval = `90 % interval ${bare(found.low, unit)} to ${bare(found.high, unit)}${corrected}`
  const evidence = `${differs(sides, gap.estimate)} (${interval}); ${within}${seedsAlone(sides)}`
  return { verdict: found.p <= familyAlpha ? 'supported' : 'undecided', evidence }
}

/** Lower (or higher) by more than the margin; by anything, where none is stated. */
function ruleDirection({ margin = 0 }: Claim, sides: Sides, gap: Gap, lower: boolean): Ruling {
  // How much the left one is on the claimed side.
  const [least, most] = lower ? [-gap.high, -gap.low] : [gap.low, gap.high]
  const evidence = evidenceOf(sides, gap)
  if (sides.pair.shown && least > margin) return { verdict: 'supported', evidence }
  if (most < margin && (margin > 0 || sides.pair.shown)) return { verdict: 'contradicted', evidence }
  return { verdict: 'undecided', evidence }
}
