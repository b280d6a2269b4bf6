import { isNumber } from '../../../core/measured.js'
import { agree, counted, listed } from '../../format/grammar.js'
import { count } from '../../format/numbers.js'
import { rangeText, type Unit, unitSuffix, valueText, valueWithUnit } from '../../format/values.js'
import type { MetricComparison, Ranking } from './types.js'

type Compared = Pick<MetricComparison, 'title' | 'unit' | 'values' | 'pairs'>
type Tier = Ranking['tiers'][number]

const namedAtMost = 4
const tiersInWords = 3

/**
 * `general, dot and additive: PER 30.1 to 33.0 %, no significant difference between them; all ahead of scaled-dot (48.9 %)
 * and cosine (52.8 %).` A sentence for each of the first tiers that has more than one below it to say.
 */
export function rankingText(
  { tiers }: Pick<Ranking, 'tiers'>,
  compared: Compared,
  variants: readonly { readonly id: string; readonly label: string }[],
): string[] {
  const words = wordsOf(compared, variants)
  const ranked = tiers.reduce((sum, tier) => sum + tier.variants.length, 0)
  if (ranked < 2) return []
  const said = tiers.filter((tier, at) => at === 0 || tier.variants.length > 1 || at < tiers.length - 1)
  const sentences = said
    .slice(0, tiersInWords)
    .map((tier) => `${tierText(tier, words)}${belowText(tier, tiers.slice(tiers.indexOf(tier) + 1), words)}`)
  const scope = compared.pairs.some(({ seedVariance }) => !isNumber(seedVariance)) ? ' (these trained models only)' : ''
  const more = said.length - sentences.length
  return [
    ...sentences.map((sentence) => `${sentence}${scope}.`),
    ...(more > 0
      ? [`${counted(more, 'further tier')} of variants below ${agree(more, 'it', 'them')}: see the table.`]
      : []),
  ]
}

interface Words {
  readonly title: string
  readonly unit: Unit
  label(id: string): string
  value(id: string): string
}

function wordsOf({ title, unit, values }: Compared, variants: Parameters<typeof rankingText>[2]): Words {
  return {
    title,
    unit,
    label: (id) => variants.find((variant) => variant.id === id)?.label ?? id,
    value: (id) => {
      const mean = values.find(({ variant }) => variant === id)?.mean
      return mean === undefined ? '' : valueWithUnit(mean.value ?? Number.NaN, unit)
    },
  }
}

function tierText(tier: Tier, words: Words): string {
  const range = tierRange(tier, words)
  const between = betweenText(tier, words)
  return `${namesText(tier.variants, words)}: ${words.title} ${range}${between === '' ? '' : `, ${between}`}`
}

/** `30.1 to 33.0 %`; one value where all are written alike. */
export function tierRange({ lowest, highest }: Tier, { unit }: Pick<Words, 'unit'>): string {
  const [low, high] = [lowest, highest].map((value) => valueText(value, unit))
  return low === high ? valueWithUnit(lowest, unit) : rangeText(lowest, highest, unit) + unitSuffix(unit)
}

/** What the tests say of the pairs of a tier; '' of one variant. */
function betweenText({ variants, apart, untested }: Tier, words: Words): string {
  const pairs = (variants.length * (variants.length - 1)) / 2
  if (pairs === 0) return ''
  if (untested === pairs) return 'not testable'
  const open = untested > 0 ? ` (${counted(untested, 'pair')} not testable)` : ''
  if (apart.length === 0)
    return `${pairs === 1 ? 'no significant difference' : 'no significant difference between any two'}${open}`
  if (apart.length > 2 || apart.length === pairs) {
    const differ = `${count(apart.length)} of ${counted(pairs, 'pair')} differ significantly`
    return `${differ}${behindText(variants, apart, words)}${open}`
  }
  const decided = apart.map(([better, worse]) => `${words.label(better)} is ahead of ${words.label(worse)}`)
  return `${listed(decided)}, the other pairs do not differ significantly${open}`
}

/** How many are decidedly worse than the best of a tier. */
function behindText([first = '']: Tier['variants'], apart: Tier['apart'], words: Words): string {
  const behind = apart.filter(([better]) => better === first).length
  return behind === 0 ? '' : ` (${count(behind)} ${agree(behind, 'is', 'are')} behind ${words.label(first)})`
}

function namesText(ids: readonly string[], words: Words): string {
  const labels = ids.map(words.label)
  if (labels.length <= namedAtMost) return listed(labels)
  return `${listed([...labels.slice(0, namedAtMost - 1), `${labels.length - namedAtMost + 1} more`])}`
}

function belowText({ variants }: Tier, below: readonly Tier[], words: Words): string {
  const ids = below.flatMap((tier) => tier.variants)
  if (ids.length === 0) return ''
  const ahead = variants.length > 1 ? 'all ahead' : 'ahead'
  if (ids.length <= namedAtMost)
    return `; ${ahead} of ${listed(ids.map((id) => `${words.label(id)} (${words.value(id)})`))}`
  const ends = below.flatMap(({ lowest, highest }) => [lowest, highest])
  const range = { lowest: Math.min(...ends), highest: Math.max(...ends) }
  return `; ${ahead} of the ${count(ids.length)} others (${tierRange({ ...range, variants: ids, apart: [], untested: 0 }, words)})`
}
