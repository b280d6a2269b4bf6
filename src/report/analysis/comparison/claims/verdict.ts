import { isNumber, isUndefined } from '../../../../core/measured.js'
import type { Claim } from '../../../../spec/types.js'
import type { Difference } from '../../../../stats/difference.js'
import type { Range } from '../../../../stats/mean-interval.js'
import { agree, counted } from '../../../format/grammar.js'
import { count } from '../../../format/numbers.js'
import { differenceText, probabilityStatement, rangeText, signedDifference, type Unit } from '../../../format/values.js'
import { familyAlpha } from '../metric.js'
import type { Pair, Verdict } from '../types.js'
import { isRegistered } from './registration.js'

/** The two sides of a claim, with the test of their difference. */
export interface Sides {
  /** What differs, in words. */
  readonly title: string
  readonly unit: Unit
  /** Undefined where neither direction is better. */
  readonly better: 'lower' | 'higher' | undefined
  /** Of the difference: its intervals are cut to it. */
  readonly range: Range
  readonly pair: Pair
  /** The pair's difference before any correction. */
  readonly between: Difference
  /** Whether the pair's left is the claim's right. */
  readonly swapped: boolean
  /** Pairs that were corrected together. */
  readonly family: number
  /** Values of the pair's left and right; of a figure 0. */
  readonly seeds: readonly [number, number]
  /** Whether new examples are asked about, not new seeds alone. */
  readonly overExamples: boolean
  /** What was averaged over and what was left out, in words; '' for two single variants. */
  readonly averaged: string
}

/** The result of two one-sided tests of an equivalence claim. */
export interface Equivalence {
  /** After Holm's correction among the claims of its family. */
  readonly p: number
  /** The interval that lies within the margin exactly when the claim is supported: at 1 − 2α of its test. */
  readonly low: number
  readonly high: number
  /** Claims that were corrected together. */
  readonly family: number
}

/** A verdict in one line. */
export function verdictText({
  verdict,
  text,
  evidence,
  registered,
  registration,
}: Pick<Verdict, 'verdict' | 'text' | 'evidence' | 'registered' | 'registration'>): string {
  const late = isRegistered(registered) ? '' : ` (${registration})`
  return `${verdict}: ${text}${late}: ${evidence}`
}

/** That claims are not supported, where some are not. */
export function unsupportedText(unsupported: number, claims: number): string[] {
  if (unsupported === 0) return []
  return [`${count(unsupported)} of ${counted(claims, 'claim')} ${agree(unsupported, 'is', 'are')} not supported`]
}

type Judgement = Pick<Verdict, 'verdict' | 'evidence' | 'test'>

/** Decides a claim by the interval of the difference, or by the equivalence test. */
export function judge(claim: Claim, sides: Sides, equivalence: Equivalence | undefined): Judgement {
  const { pair, better, title, swapped } = sides
  const undecided = (evidence: string): Judgement => ({ verdict: 'undecided', evidence, test: null })
  if (!isNumber(pair.seedVariance)) return undecided('one seed per variant allows no conclusion about training runs')
  const { interval } = pair
  if (isUndefined(interval)) return undecided(`cannot be compared: ${interval.reason}`)
  const sign = swapped ? -1 : 1
  const [low = 0, high = 0] = [sign * interval.low, sign * interval.high].sort((a, b) => a - b)
  const gap = { low, high, estimate: sign * pair.difference }
  if (claim.relation === 'equivalent') return judgeEquivalence(claim, sides, gap, equivalence)
  const lower = lowerIsClaimed(claim.relation, better)
  if (lower === undefined) return undecided(`neither lower nor higher is better in ${title}`)
  return judgeDirection(claim, sides, gap, lower)
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

/** The test of a direction, in numbers. */
function testOf({ unit, pair, family, seeds }: Sides, { low, high, estimate }: Gap): NonNullable<Verdict['test']> {
  const p = isNumber(pair.adjustedP) ? pair.adjustedP : null
  return { unit, difference: estimate, low, high, coverage: 0.95, p, family, seeds: [...seeds] }
}

function evidenceOf({ unit, pair, family, ...sides }: Sides, { low, high, estimate }: Gap): string {
  const p = isNumber(pair.adjustedP) ? `, ${probabilityStatement(pair.adjustedP)}` : ''
  const corrected = family > 1 ? `, corrected for ${counted(family, sides.seeds[1] === 0 ? 'figure' : 'pair')}` : ''
  const interval = `95 % interval ${rangeText(low, high, unit)}`
  return `${differs({ ...sides, unit }, estimate)} (${interval}${p}${corrected}${pairedText(pair)})${sampled(sides)}`
}

function differs({ title, unit }: Pick<Sides, 'title' | 'unit'>, estimate: number): string {
  return `${title} differs by ${signedDifference(estimate, unit)}`
}

function pairedText({ paired }: Pair): string {
  return paired === 0 ? '' : `, paired over ${counted(paired, 'seed')} of the same trained models`
}

/** What the samples are, where that is not two variants' seeds and examples. */
function sampled({ seeds: [left, right], overExamples, averaged }: Pick<Sides, 'seeds' | 'overExamples' | 'averaged'>) {
  const sizes =
    right === 0 || left === right
      ? `${counted(left, 'seed')}${right === 0 ? '' : ' each'}`
      : `${left} and ${counted(right, 'seed')}`
  const alone = overExamples ? '' : `; tested over seeds only (${sizes}), not over new examples`
  return averaged === '' ? alone : `; ${averaged}${overExamples ? ` (${sizes})` : ''}${alone}`
}

function judgeEquivalence({ margin }: Claim, sides: Sides, gap: Gap, test: Equivalence | undefined): Judgement {
  const { unit } = sides
  const directional = testOf(sides, gap)
  if (margin === undefined || test === undefined)
    return {
      verdict: 'undecided',
      evidence: `${evidenceOf(sides, gap)}; equivalence requires a margin`,
      test: directional,
    }
  const within = `within ± ${differenceText(margin, unit)}: ${probabilityStatement(test.p)} by two one-sided tests`
  if (gap.low > margin || gap.high < -margin)
    return { verdict: 'contradicted', evidence: `${evidenceOf(sides, gap)}; ${within}`, test: directional }
  const corrected = test.family > 1 ? `, corrected for ${counted(test.family, 'claim')}` : ''
  const interval = `90 % interval ${rangeText(test.low, test.high, unit)}${corrected}${pairedText(sides.pair)}`
  const evidence = `${differs(sides, gap.estimate)} (${interval}); ${within}${sampled(sides)}`
  const { p, low, high, family } = test
  const tested = { ...directional, low, high, coverage: 0.9, p, family }
  return { verdict: p <= familyAlpha ? 'supported' : 'undecided', evidence, test: tested }
}

/** Lower (or higher) by more than the margin; by any amount where none is stated. */
function judgeDirection({ margin = 0 }: Claim, sides: Sides, gap: Gap, lower: boolean): Judgement {
  // How far the left side is in the claimed direction.
  const [least, most] = lower ? [-gap.high, -gap.low] : [gap.low, gap.high]
  const found = { evidence: evidenceOf(sides, gap), test: testOf(sides, gap) }
  if (sides.pair.significant && least > margin) return { ...found, verdict: 'supported' }
  if (most < margin && (margin > 0 || sides.pair.significant)) return { ...found, verdict: 'contradicted' }
  return { ...found, verdict: 'undecided' }
}
