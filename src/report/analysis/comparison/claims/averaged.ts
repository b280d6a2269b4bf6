import { isUndefined } from '../../../../core/measured.js'
import { type MatchedSides, matchSides, settingsKey } from '../../../../spec/plan/study/sides.js'
import { type Comparison, compareSamples, corrected, type TestedPair } from '../../../../stats/family.js'
import { listed } from '../../../format/grammar.js'
import { familyAlpha } from '../metric.js'
import { sampleOf, seedUnits, type TrialSamples } from '../samples.js'
import type { StudyVariant } from './sides.js'

/** Two sides of which at least one is several variants. */
export interface AveragedQuestion {
  readonly left: readonly StudyVariant[]
  readonly right: readonly StudyVariant[]
  /** Paths that the sides name. */
  readonly named: readonly string[]
  /** All variants of the study. */
  readonly variants: readonly StudyVariant[]
}

/** The difference of two averaged sides within its family. */
export interface AveragedDifference {
  readonly comparison: Comparison
  readonly family: number
  /** Seeds of left and right. */
  readonly seeds: readonly [number, number]
  readonly matched: MatchedSides<StudyVariant>
  /** What was averaged over and left out, in words. */
  readonly text: string
}

/**
 * Compares two sides that are averages over the settings that neither of them names. Only variants whose other settings are
 * on both sides count, so that the sides differ in nothing else. Averages are taken seed by seed, over the seeds that all
 * variants of a side have; the difference of these averages is tested as that of two variants is: unpaired, or as pairs
 * where both sides are evaluations of the same trained models. Its family, under Holm's correction, is every pair of levels
 * of the named settings (each averaged in the same way), and this pair where it is none of those.
 * `samples` has a value of every completed trial. A text says why nothing can be compared.
 */
export function compareAveraged(
  question: AveragedQuestion,
  samples: TrialSamples,
  examples: number,
): AveragedDifference | string {
  const { left, right, named, variants } = question
  const compared = (a: readonly StudyVariant[], b: readonly StudyVariant[]) => {
    const matched = matchSides(a, b, named, variants)
    const [units, otherUnits] = [unitsOf(matched.left), unitsOf(matched.right)]
    const seeds = [units.length, otherUnits.length] as const
    if (seeds.includes(0)) return { matched, seeds }
    const [one, other] = [sampleOf(units, samples).sample, sampleOf(otherUnits, samples).sample]
    if (isUndefined(one)) return { matched, seeds, reason: one.reason }
    if (isUndefined(other)) return { matched, seeds, reason: other.reason }
    return { matched, seeds, tested: compareSamples(one, other, examples) }
  }
  const asked = compared(left, right)
  if (asked.matched.left.length === 0) return 'no setting that neither side names has finished trials on both sides'
  if (asked.reason !== undefined) return asked.reason
  if (asked.tested === undefined) return 'no seed has finished under every setting that a side is averaged over'
  const others = levelPairs(question).flatMap(([a, b]) => compared(a, b).tested ?? [])
  const family = [asked.tested, ...others].map((tested: TestedPair) => ({ ...tested, left: 0, right: 1 }))
  const [comparison] = corrected(family, familyAlpha)
  if (comparison === undefined) return 'nothing can be compared'
  const { matched, seeds } = asked
  return { comparison, family: family.length, seeds, matched, text: textOf(matched, seeds) }
}

function unitsOf(variants: readonly StudyVariant[]) {
  return seedUnits(variants.map(({ trials }) => trials.completed))
}

/** Every pair of levels of the named settings but the one that is asked about. */
function levelPairs({ left, right, named, variants }: AveragedQuestion) {
  const byLevel = new Map<string, StudyVariant[]>()
  for (const variant of variants) {
    const key = settingsKey(variant.spec, named)
    byLevel.set(key, [...(byLevel.get(key) ?? []), variant])
  }
  const levels = [...byLevel.values()]
  const isSame = (a: readonly StudyVariant[], b: readonly StudyVariant[]) =>
    a.length === b.length && a.every((variant) => b.includes(variant))
  return levels
    .flatMap((a, at) => levels.slice(at + 1).map((b) => [a, b] as const))
    .filter(([a, b]) => !(isSame(a, left) && isSame(b, right)) && !(isSame(a, right) && isSame(b, left)))
}

function textOf(
  { over, left, right, unmatched }: MatchedSides<StudyVariant>,
  seeds: readonly [number, number],
): string {
  const settings = over.map(({ path, values }) => `${path} (${values.join(', ')})`)
  const several = left.length > 1 || right.length > 1
  const most = Math.max(...[...left, ...right].map(({ trials }) => trials.completed.length))
  return [
    ...(settings.length > 0 ? [`averaged over ${listed(settings)}, seed by seed`] : []),
    ...(settings.length === 0 && several ? ['averaged over the variants of a side, seed by seed'] : []),
    ...(unmatched.length > 0
      ? [`without ${listed(unmatched.map(({ label }) => label))}, which only one side has`]
      : []),
    ...(Math.min(...seeds) < most ? ['without the seeds that not every setting has'] : []),
  ].join('; ')
}
