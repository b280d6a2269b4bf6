import type { Unit } from '../../format/values.js'
import { amount, bare, count, unitWord } from '../../format/values.js'
import type { MetricComparison, Pair } from './types.js'
import type { VariantTrials } from './variants.js'

// Sentences by rules: each says what one test allows, and nothing else does. "No difference is shown" is never "equal".

export interface AnswerContext {
  readonly examples: number
  readonly seedWord: string
}

type Compared = Omit<MetricComparison, 'answer'>

const othersNamed = 3

/** A pair as seen from the variant that is best on dev: gains are positive where that one is better. */
interface Gain {
  readonly other: VariantTrials
  readonly gain: number
  readonly low: number | null
  readonly high: number | null
  readonly shown: boolean
  readonly oneSeed: boolean
}

/** What a metric's comparison allows to say, the best on dev against each other variant. */
export function answer(compared: Compared, variants: readonly VariantTrials[], context: AnswerContext): string[] {
  const best = variants.find(({ id }) => id === compared.best)
  if (best === undefined) return [`No variant has a dev ${compared.title}, so none is chosen.`]
  if (variants.length === 1) return [alone(compared, best)]
  const gains = gainsOf(compared, best, variants)
  const one = gains.some(({ oneSeed }) => oneSeed)
  const opening = one ? [oneSeedWarning(gains, context)] : []
  // One that is left over is named too: a sentence about it would be no shorter.
  const told = gains.length <= othersNamed + 1 ? gains.length : othersNamed
  const named = gains.slice(0, told).map((gain) => sentence(compared, best, gain, gains.length, context))
  return [...opening, ...named, ...rest(gains.slice(told), best, compared)]
}

function alone({ title, unit, values }: Compared, { label, completed }: VariantTrials): string {
  const value = values[0]?.mean ?? Number.NaN
  return `${label} has a ${title} of ${bare(value, unit)}${unit === 'percent' ? ' %' : ''} (${plural(completed.length, 'seed')}); there is nothing to compare it with.`
}

/** By dev value, so that the nearest rival comes first. */
function gainsOf({ pairs, values, better }: Compared, best: VariantTrials, variants: readonly VariantTrials[]): Gain[] {
  const sign = better === 'lower' ? 1 : -1
  const devOf = (id: string) =>
    sign * (values.find(({ variant }) => variant === id)?.dev ?? Number.POSITIVE_INFINITY * sign)
  const others = variants.filter(({ id }) => id !== best.id).sort((a, b) => devOf(a.id) - devOf(b.id))
  return others.flatMap((other) => {
    const pair = pairs.find(
      ({ left, right }) => (left === best.id && right === other.id) || (left === other.id && right === best.id),
    )
    return pair === undefined ? [] : [gainOf(pair, best, other, sign)]
  })
}

function gainOf(pair: Pair, best: VariantTrials, other: VariantTrials, sign: number): Gain {
  const turn = (pair.left === best.id ? -1 : 1) * sign
  const ends =
    pair.low === null || pair.high === null ? [null, null] : [turn * pair.low, turn * pair.high].sort((a, b) => a - b)
  return {
    other,
    gain: turn * pair.difference,
    low: ends[0] ?? null,
    high: ends[1] ?? null,
    shown: pair.shown,
    oneSeed: pair.seedVariance === null,
  }
}

function oneSeedWarning(gains: readonly Gain[], { seedWord, examples }: AnswerContext): string {
  const all = gains.every(({ oneSeed }) => oneSeed)
  const which = all ? `With one ${seedWord} a variant` : `Where a variant has one ${seedWord}`
  return `${which}, nothing can be concluded about training runs, only about these trained models on examples like these ${examples.toLocaleString('en-GB')}.`
}

function sentence(compared: Compared, best: VariantTrials, gain: Gain, family: number, context: AnswerContext): string {
  const { other, oneSeed } = gain
  const models = oneSeed ? ' (these two trained models)' : ''
  if (gain.low === null || gain.high === null) {
    return `Between ${best.label} and ${other.label} nothing can be said: no spread at all was seen in their ${compared.title}.`
  }
  if (!gain.shown) {
    return `Between ${best.label} and ${other.label}${models} no difference in ${compared.title} is shown (${range(gain.low, gain.high, compared.unit)}${unitWord(compared.unit)}).`
  }
  const won = gain.gain > 0
  const [winner, loser] = won ? [best, other] : [other, best]
  const [low, high] = won ? [gain.low, gain.high] : [-gain.high, -gain.low]
  const surprise = won ? '' : `Although ${best.label} is best on dev, `
  const size = `${amount(Math.abs(gain.gain), compared.unit)} (95 % interval ${range(low, high, compared.unit)}${correction(family)}; ${sizes(winner, loser, oneSeed, context)})`
  const relation = `a ${compared.better} ${compared.title} than ${loser.label}${models} by ${size}`
  return `${surprise}${winner.label} has ${relation}${won ? '' : ' on test'}.`
}

function correction(others: number): string {
  const pairs = ((others + 1) * others) / 2
  return pairs > 1 ? `, corrected for ${count(pairs)} pairs` : ''
}

function sizes(a: VariantTrials, b: VariantTrials, oneSeed: boolean, { examples, seedWord }: AnswerContext): string {
  if (oneSeed) return `${examples.toLocaleString('en-GB')} examples`
  const [k, l] = [a.completed.length, b.completed.length]
  return k === l ? plural(k, seedWord) : `${k} and ${plural(l, seedWord)}`
}

function rest(others: readonly Gain[], best: VariantTrials, { title, better }: Compared): string[] {
  if (others.length === 0) return []
  const shown = others.filter((gain) => gain.shown && gain.gain > 0).length
  const against = others.filter((gain) => gain.shown && gain.gain < 0).length
  const open = others.length - shown - against
  const worse = better === 'lower' ? 'higher' : 'lower'
  const have = (count: number) => `${count} ${count === 1 ? 'has' : 'have'}`
  const parts = [
    shown > 0 ? `${have(shown)} a ${worse} ${title} than ${best.label}` : '',
    against > 0 ? `${have(against)} a ${better} ${title} than ${best.label} on test` : '',
    open > 0 ? `for ${open} no difference is shown` : '',
  ]
  const oneSeed = others.some((gain) => gain.oneSeed) ? ' (these trained models)' : ''
  return [
    `Of ${plural(others.length, 'further variant')}${oneSeed}, ${parts.filter((part) => part !== '').join('; ')}.`,
  ]
}

function range(low: number, high: number, unit: Unit): string {
  return `${bare(low, unit)} to ${bare(high, unit)}`
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
