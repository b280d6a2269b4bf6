import type { MetricSpec } from '../../../metrics/index.js'
import { isSameMeasure } from '../../../metrics/measures.js'
import { measuredAs, waysOf } from '../../../spec/plan/study/measured.js'
import { variantsOn } from '../../../spec/plan/study/sides.js'
import type { Claim, PlannedTrial } from '../../../spec/types.js'
import { type Planned, powerOfDifference, powerOfEquivalence, seedsFor } from '../../../stats/power.js'
import { lossMeasure } from '../../../task/reporting.js'
import { counted, listed } from '../../format/grammar.js'
import { count } from '../../format/numbers.js'
import { differenceText, type Unit } from '../../format/values.js'
import { statisticTitle } from '../comparison/claims/curves.js'
import { claimText } from '../comparison/claims/judge.js'
import { curveUnit } from '../comparison/curve-titles.js'
import { familyAlpha } from '../comparison/metric.js'
import { metricLookup, metricTitle } from '../metrics.js'
import { type PlannedTest, plannedTest } from './family.js'
import type { Pilot, PilotSpread } from './pilot.js'
import { type PlannedVariant, plannedVariants } from './variants.js'

/** The power that is aimed at. */
const wantedPower = 0.8

/** A claim before its study is run: how probably it will be supported where it is true by its effect. */
export interface ClaimPower {
  readonly text: string
  readonly claim: Claim
  /** Of each side. */
  readonly seeds: number
  /** Tests that are corrected together. */
  readonly family: number
  /** The smallest difference that matters; of an equivalence its margin; null where none is given. */
  readonly effect: number | null
  /** Standard deviation between seeds that is expected; null where nothing tells it. */
  readonly spread: number | null
  readonly spreadFrom: string | null
  /** At the strictest level of the family's correction; null without an effect or a spread. */
  readonly power: number | null
  /** For a power of 80 %; null where more than 200, or where there is no power. */
  readonly seedsNeeded: number | null
  /** All of it in words. */
  readonly sentence: string
}

/** The power of every claim of a plan, for its own effect, at the spread that it gives or that a pilot has. */
export function claimPowers(
  trials: readonly PlannedTrial[],
  claims: readonly Claim[],
  pilot: Pilot | undefined,
): readonly ClaimPower[] {
  const variants = plannedVariants(trials)
  return claims.map((claim) => claimPower(claim, claims, variants, pilot))
}

function claimPower(
  claim: Claim,
  claims: readonly Claim[],
  variants: readonly PlannedVariant[],
  pilot: Pilot | undefined,
): ClaimPower {
  const { words, unit } = measureOf(claim, variants[0])
  const text = claimText(claim, { words, unit })
  const test = plannedTest(claim, claims, variants)
  const effect = (claim.relation === 'equivalent' ? claim.margin : claim.effect) ?? null
  const common = { text, claim, seeds: test?.seeds ?? 0, family: test?.family ?? 0, effect }
  const [spec] = measuredAs(claim, variantsOn(claim.left, variants), variants)
  const expected = test && expectedSpread(claim, test, pilot?.spreadOf(claim, spec), pilot)
  const unknown = { spread: null, spreadFrom: null, power: null, seedsNeeded: null }
  if (effect === null) return { ...common, ...unknown, sentence: `${text}: no effect given` }
  if (test === undefined || expected === undefined)
    return {
      ...common,
      ...unknown,
      sentence: `${text}: ${noSpread(differenceText(effect, unit), otherwise(claim, spec, pilot))}`,
    }
  const { spread, from, ofExamples } = expected
  const planned = {
    ...{
      spread: spread / Math.sqrt(test.settings),
      ofExamples,
      oneSample: test.paired || test.figure,
      margin: claim.margin,
    },
    alpha: familyAlpha / test.family,
  }
  const powerWith = (seeds: number) => powerOf(claim, effect, { ...planned, seeds })
  const power = powerWith(test.seeds)
  const seedsNeeded = power >= wantedPower ? test.seeds : (seedsFor(wantedPower, powerWith) ?? null)
  const found = { spread, spreadFrom: from, power, seedsNeeded }
  return {
    ...common,
    ...found,
    sentence: `${text}: ${sentence({ ...common, ...found, effect }, test, expected, unit)}`,
  }
}

function powerOf(claim: Claim, effect: number, planned: Planned): number {
  return claim.relation === 'equivalent'
    ? powerOfEquivalence({ ...planned, margin: effect })
    : powerOfDifference(effect, planned)
}

function noSpread(effect: string, why = 'name a study that has results with --pilot'): string {
  return `effect ${effect}; no spread between seeds is known: give \`spread\`, or ${why}`
}

/** What to do about a pilot that has the metric of a claim under other options alone: its values vary otherwise. */
function otherwise(claim: Claim, spec: MetricSpec | undefined, pilot: Pilot | undefined): string | undefined {
  const found = pilot?.measuresOf(claim) ?? []
  if (pilot === undefined || spec === undefined || found.length === 0) return undefined
  if (found.some((one) => isSameMeasure(one, spec))) return undefined
  const [ours = '', ...theirs] = waysOf(claim.curve ?? claim.metric ?? '', [spec, ...found])
  return `another --pilot: ${pilot.directory} measures ${listed(theirs)}, not ${ours}`
}

interface ExpectedSpread {
  readonly spread: number
  readonly from: string
  readonly ofExamples: Planned['ofExamples']
}

function expectedSpread(
  claim: Claim,
  { paired }: PlannedTest,
  seen: PilotSpread | undefined,
  pilot: Pilot | undefined,
): ExpectedSpread | undefined {
  const ofExamples = seen?.ofExamples
  if (claim.spread !== undefined) return { spread: claim.spread, from: 'as given', ofExamples }
  const spread = paired ? seen?.pairedSpread : seen?.spread
  if (seen === undefined || spread === undefined) return undefined
  return { spread, from: `as in ${counted(seen.variants, 'variant')} of ${pilot?.directory}`, ofExamples }
}

function sentence(
  { seeds, family, effect, spread, power, seedsNeeded }: Omit<ClaimPower, 'sentence' | 'effect'> & { effect: number },
  { paired, figure, settings }: PlannedTest,
  { from, ofExamples }: ExpectedSpread,
  unit: Unit,
): string {
  const between = paired ? 'spread of the differences of a trained model' : 'spread between seeds'
  const assumed = [
    `${between} ${differenceText(spread ?? 0, unit)}, ${from}`,
    ...(settings > 1 ? [`each seed an average of ${count(settings)} settings`] : []),
    ...(family > 1 ? [`corrected for ${count(family)} tests`] : []),
    ofExamples === undefined ? 'without the variance of the examples' : `${count(ofExamples.examples)} examples`,
  ]
  const needed = seedsNeeded === null ? 'more than 200 seeds' : counted(seedsNeeded, 'seed')
  const enough = (power ?? 0) >= wantedPower ? '' : `; ${percent(wantedPower)} with ${needed}`
  return `effect ${differenceText(effect, unit)}, power ${percent(power ?? 0)} with ${counted(seeds, 'seed')}${figure ? '' : ' each'}${enough} (${assumed.join('; ')})`
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}

function measureOf({ metric, curve, at = 'mean' }: Claim, variant: PlannedVariant | undefined) {
  const lookup = metricLookup(variant?.spec.metrics ?? [])
  if (curve === undefined) return { words: metricTitle(metric ?? ''), unit: lookup(metric ?? '')?.unit ?? 'number' }
  const view = lookup(curve)
  const loss = lossMeasure(variant?.spec.task ?? { type: '' })
  const question = { name: curve, at, loss, metric: view && { ...view, title: metricTitle(curve) } }
  return { words: statisticTitle(question), unit: curveUnit(question) }
}
