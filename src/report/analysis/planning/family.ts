import type { MetricSpec } from '../../../metrics/index.js'
import { measureId } from '../../../metrics/measures.js'
import { metricOf } from '../../../spec/plan/study/measured.js'
import { matchSides, namedPaths, settingsKey, variantsOn } from '../../../spec/plan/study/sides.js'
import type { Claim } from '../../../spec/types.js'
import { measureKey } from '../comparison/claims/measure-key.js'
import type { PlannedVariant } from './variants.js'

/** What a claim will be tested on. */
export interface PlannedTest {
  /** Settings that each side is averaged over, seed by seed: 1 for two single variants. */
  readonly settings: number
  /** Seeds of each side. */
  readonly seeds: number
  /** Whether both sides are evaluations of the same trained models. */
  readonly paired: boolean
  /** Whether one side is a figure. */
  readonly figure: boolean
  /** Tests that are corrected together. */
  readonly family: number
}

/** The test of a claim as the comparison will make it of a complete study; undefined where its sides match in nothing. */
export function plannedTest(
  claim: Claim,
  claims: readonly Claim[],
  all: readonly PlannedVariant[],
): PlannedTest | undefined {
  const [first] = variantsOn(claim.left, all)
  const specOf = metricOf(claim, all)
  const measureOf = (variant: PlannedVariant) => measureIdOf(specOf(variant))
  const measure = first && measureOf(first)
  const variants = all.filter((variant) => variant.group === first?.group && measureOf(variant) === measure)
  const same = claims.filter((other) => familyOf(other, all) === familyOf(claim, all))
  if (typeof claim.right === 'number') return testOfFigure(claim, same, variantsOn(claim.left, variants))
  const [left, right] = [variantsOn(claim.left, variants), variantsOn(claim.right, variants)]
  const named = namedPaths(claim, variants)
  const matched = matchSides(left, right, named, variants)
  const [one, other] = [matched.left[0], matched.right[0]]
  if (one === undefined || other === undefined) return undefined
  const settings = Math.min(matched.left.length, matched.right.length)
  const seeds = Math.min(...[...matched.left, ...matched.right].map(({ trials }) => trials.length))
  const paired = one.trials.filter((id) => other.trials.includes(id)).length > 1
  const isPair = left.length === 1 && right.length === 1
  const pairs = isPair ? pairsAmong(variants.length) : levelPairs(left, right, named, variants)
  const family = claim.relation === 'equivalent' ? equivalences(same) : pairs
  return { settings, seeds, paired, figure: false, family }
}

/** Equal for claims over one measure. */
function familyOf(claim: Claim, all: readonly PlannedVariant[]): string {
  const [first] = variantsOn(claim.left, all)
  return measureKey(claim, measureIdOf(first && metricOf(claim, all)(first)))
}

function measureIdOf(spec: MetricSpec | undefined): string {
  return spec === undefined ? '' : measureId(spec)
}

/** `same`: the claims over the same measure. */
function testOfFigure(claim: Claim, same: readonly Claim[], side: readonly PlannedVariant[]): PlannedTest | undefined {
  if (side.length === 0) return undefined
  const family =
    claim.relation === 'equivalent' ? equivalences(same) : same.filter(({ right }) => typeof right === 'number').length
  const seeds = Math.min(...side.map(({ trials }) => trials.length))
  return { settings: side.length, seeds, paired: false, figure: true, family }
}

function pairsAmong(count: number): number {
  return (count * (count - 1)) / 2
}

/** Pairs of levels of the named settings, and the claim's own where its sides are not two levels. */
function levelPairs(
  left: readonly PlannedVariant[],
  right: readonly PlannedVariant[],
  named: readonly string[],
  variants: readonly PlannedVariant[],
): number {
  const levelOf = ({ spec }: PlannedVariant) => settingsKey(spec, named)
  const isLevel = (side: readonly PlannedVariant[]) => {
    const levels = new Set(side.map(levelOf))
    return levels.size === 1 && variants.filter((variant) => levels.has(levelOf(variant))).length === side.length
  }
  const pairs = pairsAmong(new Set(variants.map(levelOf)).size)
  return isLevel(left) && isLevel(right) ? pairs : pairs + 1
}

/** Claims of equivalence among those over one measure. */
function equivalences(same: readonly Claim[]): number {
  return same.filter(({ relation }) => relation === 'equivalent').length
}
