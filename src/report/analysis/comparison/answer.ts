import { isNumber, isUndefined } from '../../../core/measured.js'
import { agree, counted, listed, withArticle } from '../../format/grammar.js'
import { count } from '../../format/numbers.js'
import { differenceSuffix, differenceText, rangeText, valueWithUnit } from '../../format/values.js'
import type { MetricComparison, Pair } from './types.js'
import type { VariantTrials } from './variants.js'

// Sentences by rules: each states what one test supports and nothing more. "No significant difference" is never "equal".

interface AnswerContext {
  readonly examples: number
  /** What the intervals are over: `seed`, or `run` where a variant mixes settings. */
  readonly seedWord: string
}

type Compared = Omit<MetricComparison, 'answer' | 'ranking'>

const othersNamed = 3

/** A pair as seen from the variant that is best on dev: gains are positive where that one is better. */
interface Gain {
  readonly other: VariantTrials
  readonly gain: number
  readonly interval: Pair['interval']
  readonly significant: boolean
  readonly oneSeed: boolean
  /** Trained models that both are evaluations of; 0: not paired. */
  readonly paired: number
  /** Where nothing is concluded about other seeds: the trained models that the sentence is about. */
  readonly models: string
}

/** What the comparison under one metric supports, for the variant that is best on dev against each other one. */
export function answer(compared: Compared, variants: readonly VariantTrials[], context: AnswerContext): string[] {
  const best = variants.find(({ id }) => id === compared.best)
  if (best === undefined)
    return [`No variant has a dev ${compared.title}, so none is selected.`, ...undefinedOnes(compared, variants)]
  if (variants.length === 1) return [onlyVariant(compared, best, context)]
  const gains = gainsOf(compared, best, variants)
  const opening = gains.some(({ oneSeed }) => oneSeed) ? [oneSeedWarning(gains, context)] : []
  // A single remaining variant is named too: a sentence about it would be no shorter.
  const named = gains.length <= othersNamed + 1 ? gains.length : othersNamed
  const sentences = gains.slice(0, named).map((gain) => sentence(compared, best, gain, gains.length, context))
  const others = remaining(gains.slice(named), best, compared)
  return [...opening, ...sentences, ...others, ...undefinedOnes(compared, variants)]
}

/** Variants that nothing can be said of, with the reason. */
function undefinedOnes({ title, values }: Compared, variants: readonly VariantTrials[]): string[] {
  const missing = values.flatMap(({ variant, mean }) => (isUndefined(mean) ? [{ variant, reason: mean.reason }] : []))
  return [...new Set(missing.map(({ reason }) => reason))].map((why) => {
    const of = missing.filter(({ reason }) => reason === why).map(({ variant }) => variant)
    const labels = variants.filter(({ id }) => of.includes(id)).map(({ label }) => label)
    return `The ${title} of ${listed(labels)} is undefined: ${why}.`
  })
}

/** Variants that have the metric in another way alone. */
export function notMeasuredText({ title }: Pick<Compared, 'title'>, variants: readonly VariantTrials[]): string[] {
  if (variants.length === 0) return []
  return [`Not measured in ${title}: ${listed(variants.map(({ label }) => label))}.`]
}

function onlyVariant(
  { title, unit, values }: Compared,
  { label, completed }: VariantTrials,
  { seedWord }: AnswerContext,
) {
  const value = values[0]?.mean
  const seeds = counted(completed.length, seedWord)
  const alone = 'there is no other variant to compare it with'
  if (value === undefined || isUndefined(value)) {
    return `The ${title} of ${label} is undefined: ${value?.reason ?? ''} (${seeds}); ${alone}.`
  }
  return `${label} has ${withArticle(title)} of ${valueWithUnit(value.value, unit)} (${seeds}); ${alone}.`
}

/** By dev value, so that the closest competitor comes first. */
function gainsOf({ pairs, values, better }: Compared, best: VariantTrials, variants: readonly VariantTrials[]): Gain[] {
  const sign = better === 'lower' ? 1 : -1
  const devOf = (id: string) => {
    const dev = values.find(({ variant }) => variant === id)?.dev
    return dev === undefined || !isNumber(dev) ? Number.POSITIVE_INFINITY : sign * dev
  }
  const others = variants.filter(({ id }) => id !== best.id).sort((a, b) => devOf(a.id) - devOf(b.id))
  const models = trainedModels(variants)
  return others.flatMap((other) => {
    const pair = pairs.find(
      ({ left, right }) => (left === best.id && right === other.id) || (left === other.id && right === best.id),
    )
    return pair === undefined ? [] : [gainOf(pair, best, other, { sign, models })]
  })
}

function gainOf(
  pair: Pair,
  best: VariantTrials,
  other: VariantTrials,
  { sign, models }: { readonly sign: number; readonly models: string },
): Gain {
  const isReversed = (pair.left === best.id ? -1 : 1) * sign < 0
  return {
    other,
    gain: isReversed ? -pair.difference : pair.difference,
    interval: isReversed ? reversed(pair.interval) : pair.interval,
    significant: pair.significant,
    oneSeed: !isNumber(pair.seedVariance),
    paired: pair.paired,
    models,
  }
}

function reversed(interval: Pair['interval']): Pair['interval'] {
  return isUndefined(interval) ? interval : { low: -interval.high, high: -interval.low }
}

/** All models that are compared; of three no sentence says "two". */
function trainedModels(variants: readonly VariantTrials[]): string {
  const models = variants.reduce((sum, { completed }) => sum + completed.length, 0)
  return models === 2 ? 'these two trained models' : 'these trained models'
}

function oneSeedWarning(gains: readonly Gain[], { seedWord, examples }: AnswerContext): string {
  const all = gains.every(({ oneSeed }) => oneSeed)
  const which = all ? `With one ${seedWord} per variant` : `Where a variant has one ${seedWord}`
  const models = gains[0]?.models ?? 'these trained models'
  return `${which}, nothing can be concluded about training runs, only about ${models} on examples like these ${count(examples)}.`
}

function sentence(compared: Compared, best: VariantTrials, gain: Gain, others: number, context: AnswerContext): string {
  const { other, oneSeed, interval } = gain
  const { title, unit, better } = compared
  const models = oneSeed ? ` (${gain.models})` : ''
  if (isUndefined(interval)) {
    if (gain.paired > 0 && gain.gain === 0)
      return `${best.label} and ${other.label} have equal ${title} for every one of the ${counted(gain.paired, 'trained model')} that they share.`
    return `${best.label} and ${other.label} cannot be compared: no variance was observed in their ${title}.`
  }
  if (!gain.significant) {
    return `No significant difference in ${title} between ${best.label} and ${other.label}${models} (${rangeText(interval.low, interval.high, unit)}${differenceSuffix(unit)}${gain.paired > 0 ? `; paired over ${counted(gain.paired, context.seedWord)}` : ''}).`
  }
  const won = gain.gain > 0
  const [winner, loser] = won ? [best, other] : [other, best]
  const [low, high] = won ? [interval.low, interval.high] : [-interval.high, -interval.low]
  const surprise = won ? '' : `Although ${best.label} is best on dev, `
  const size = `${differenceText(Math.abs(gain.gain), unit)} (95 % interval ${rangeText(low, high, unit)}${correction(others)}; ${sizes(winner, loser, gain, context)})`
  return `${surprise}${winner.label} has a ${better} ${title} than ${loser.label}${models} by ${size}${won ? '' : ' on test'}.`
}

function correction(others: number): string {
  const pairs = ((others + 1) * others) / 2
  return pairs > 1 ? `, corrected for ${count(pairs)} pairs` : ''
}

function sizes(a: VariantTrials, b: VariantTrials, gain: Gain, { examples, seedWord }: AnswerContext): string {
  if (gain.oneSeed) return counted(examples, 'example')
  if (gain.paired > 0) return `paired over ${counted(gain.paired, seedWord)}`
  const [left, right] = [a.completed.length, b.completed.length]
  return left === right ? counted(left, seedWord) : `${left} and ${counted(right, seedWord)}`
}

function remaining(others: readonly Gain[], best: VariantTrials, { title, better }: Compared): string[] {
  if (others.length === 0) return []
  const worse = others.filter(({ significant, gain }) => significant && gain > 0).length
  const superior = others.filter(({ significant, gain }) => significant && gain < 0).length
  const open = others.length - worse - superior
  const opposite = better === 'lower' ? 'higher' : 'lower'
  const have = (number: number) => `${count(number)} ${agree(number, 'has', 'have')}`
  const parts = [
    worse > 0 ? `${have(worse)} a ${opposite} ${title} than ${best.label}` : '',
    superior > 0 ? `${have(superior)} a ${better} ${title} than ${best.label} on test` : '',
    open > 0 ? `${count(open)} ${agree(open, 'does', 'do')} not differ significantly from it` : '',
  ]
  const models = others.some(({ oneSeed }) => oneSeed) ? ' (these trained models)' : ''
  const statements = parts.filter((part) => part !== '').join('; ')
  return [`Of ${counted(others.length, 'further variant')}${models}, ${statements}.`]
}
