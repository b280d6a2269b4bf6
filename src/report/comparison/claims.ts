import type { Claim } from '../../spec/types.js'
import { difference, equivalenceP } from '../../stats/difference.js'
import { holm } from '../../stats/holm.js'
import { bare, plain } from '../page/format.js'
import { amount } from './answer.js'
import { familyAlpha } from './metric.js'
import type { Group, MetricComparison, Pair, Variant, Verdict } from './types.js'

interface Judged {
  readonly claim: Claim
  readonly found?: {
    readonly comparison: MetricComparison
    readonly pair: Pair
    readonly swapped: boolean
    readonly group: Group
  }
  /** Why nothing can be judged. */
  readonly problem?: string
}

/** Marks each claim as supported, contradicted or undecided, with the figures that say so. */
export function judgeClaims(claims: readonly Claim[], groups: readonly Group[]): Verdict[] {
  const judged = claims.map((claim) => locate(claim, groups))
  const equivalences = correctedEquivalences(judged)
  return judged.map((one) => {
    const { left, right, metric, relation, margin } = one.claim
    return { left, right, metric, relation, margin: margin ?? null, ...verdict(one, equivalences.get(one.claim)) }
  })
}

function locate(claim: Claim, groups: readonly Group[]): Judged {
  const group = groups.find((one) => named(one, claim.left) !== undefined && named(one, claim.right) !== undefined)
  if (group === undefined) {
    const labels = groups.flatMap(({ variants }) => variants.map(({ label }) => label))
    return { claim, problem: `no group has both variants; there are: ${labels.join(', ') || 'none'}` }
  }
  const [left, right] = [named(group, claim.left)?.id, named(group, claim.right)?.id]
  const comparison = group.metrics.find(({ name }) => name === claim.metric)
  if (comparison === undefined)
    return {
      claim,
      problem: `no trial has a test ${claim.metric}; there are: ${group.metrics.map(({ name }) => name).join(', ')}`,
    }
  const pair = comparison.pairs.find((one) => [left, right].includes(one.left) && [left, right].includes(one.right))
  if (pair === undefined) return { claim, problem: 'one of the two has no finished trial' }
  return { claim, found: { comparison, pair, swapped: pair.left !== left, group } }
}

/** By label, or by the value of the one factor that the grid varies. */
function named(group: Group, name: string): Variant | undefined {
  return (
    group.variants.find(({ label }) => label === name) ??
    group.variants.find(
      ({ settings }) => group.factors.length === 1 && String(settings[group.factors[0] ?? '']) === name,
    )
  )
}

/** Claims of equivalence on one metric are a family of their own. */
function correctedEquivalences(judged: readonly Judged[]): Map<Claim, number> {
  const corrected = new Map<Claim, number>()
  const tested = judged.flatMap(({ claim, found }) => {
    if (claim.relation !== 'equivalent' || claim.margin === undefined || found === undefined) return []
    return [{ claim, p: equivalenceOf(found, claim.margin) ?? 1 }]
  })
  for (const metric of new Set(tested.map(({ claim }) => claim.metric))) {
    const family = tested.filter(({ claim }) => claim.metric === metric)
    holm(
      family.map(({ p }) => p),
      familyAlpha,
    ).forEach(({ adjusted }, at) => {
      const claim = family[at]?.claim
      if (claim !== undefined) corrected.set(claim, adjusted)
    })
  }
  return corrected
}

function equivalenceOf({ comparison, pair, group }: NonNullable<Judged['found']>, margin: number): number | undefined {
  const values = (id: string) => comparison.values.find(({ variant }) => variant === id)?.perSeed ?? []
  return equivalenceP(difference(values(pair.left), values(pair.right), pair.exampleVariance, group.examples), margin)
}

type Ruling = Pick<Verdict, 'verdict' | 'evidence'>

function verdict({ claim, found, problem }: Judged, equivalence: number | undefined): Ruling {
  if (found === undefined) return { verdict: 'undecided', evidence: problem ?? 'nothing was found' }
  if (found.pair.seedVariance === null) {
    return { verdict: 'undecided', evidence: 'with one seed a variant nothing can be concluded about training runs' }
  }
  if (found.pair.low === null || found.pair.high === null)
    return { verdict: 'undecided', evidence: 'no spread at all was seen' }
  const turn = found.swapped ? -1 : 1
  const [low = 0, high = 0] = [turn * found.pair.low, turn * found.pair.high].sort((a, b) => a - b)
  const gap = { low, high, estimate: turn * found.pair.difference }
  return claim.relation === 'equivalent'
    ? ruleEquivalence(claim, found, gap, equivalence)
    : ruleDirection(claim, found, gap)
}

interface Gap {
  readonly low: number
  readonly high: number
  /** left − right, as the claim names them. */
  readonly estimate: number
}

function evidenceOf({ comparison, pair }: NonNullable<Judged['found']>, { low, high, estimate }: Gap): string {
  const { title, unit } = comparison
  const p = pair.adjustedP === null ? '' : `, p = ${plain(pair.adjustedP, 2)} after correction`
  const sign = estimate < 0 ? '-' : '+'
  return `${title} differs by ${sign}${amount(Math.abs(estimate), unit)} (95 % interval ${bare(low, unit)} to ${bare(high, unit)}${p})`
}

function ruleEquivalence(claim: Claim, found: NonNullable<Judged['found']>, gap: Gap, p: number | undefined): Ruling {
  const evidence = evidenceOf(found, gap)
  if (claim.margin === undefined)
    return { verdict: 'undecided', evidence: `${evidence}; equivalence needs a stated margin` }
  const within = `within ± ${amount(claim.margin, found.comparison.unit)}: p = ${plain(p ?? 1, 2)} by two one-sided tests`
  if (p !== undefined && p <= familyAlpha) return { verdict: 'supported', evidence: `${evidence}; ${within}` }
  const outside = gap.low > claim.margin || gap.high < -claim.margin
  return { verdict: outside ? 'contradicted' : 'undecided', evidence: `${evidence}; ${within}` }
}

/** Better by more than the margin (by anything, where none is stated). */
function ruleDirection(claim: Claim, found: NonNullable<Judged['found']>, gap: Gap): Ruling {
  const lowerWins = (found.comparison.better === 'lower') === (claim.relation === 'better')
  const margin = claim.margin ?? 0
  // How much the left one is on the claimed side.
  const [least, most] = lowerWins ? [-gap.high, -gap.low] : [gap.low, gap.high]
  const evidence = evidenceOf(found, gap)
  if (found.pair.shown && least > margin) return { verdict: 'supported', evidence }
  if (most < margin && (margin > 0 || found.pair.shown)) return { verdict: 'contradicted', evidence }
  return { verdict: 'undecided', evidence }
}
