import { SeqlabError } from '../../src/core/errors.js'
import { isNumber, isUndefined } from '../../src/core/measured.js'
import { didYouMean } from '../../src/core/suggest.js'
import { count } from '../../src/report/format/numbers.js'
import {
  differenceText,
  duration,
  signedDifference,
  significant,
  valueWithUnit,
} from '../../src/report/format/values.js'
import { mean } from '../../src/stats/difference.js'
import { groupName, shortLabel } from './names.js'
import type { RecordedGroup, RecordedPair, StudyRecord } from './record.js'
import { countCrossed, countSeeds } from './seed-counts.js'
import type { Placeholder } from './texts.js'
import { differenceIn, type Language, words } from './words.js'

type Fill = (record: StudyRecord, placeholder: Placeholder, language: Language) => string

/** Every figure that a text can ask for. */
const fills: Readonly<Record<string, Fill>> = {
  /** Seeds of a variant. */
  seeds: ({ groups }, _, language) => {
    return rangeOf(
      groups.flatMap(({ variants }) => variants.map(({ seeds }) => seeds.length)),
      language,
    )
  },
  variants: ({ groups }) => String(groups.reduce((sum, { variants }) => sum + variants.length, 0)),
  trials: ({ trials }) => String(trials.length),
  minutes: ({ trainMs }, _, language) => durationText(trainMs, language),
  examples: (record, { argument }) => count(groupOf(record, argument).examples),
  parameters: (record, { argument }, language) =>
    rangeOf(
      groupOf(record, argument).variants.map((each) => each.parameters),
      language,
    ),
  /** `{spec train.steps}`: a setting of the first variant. */
  spec: ({ spec }, { argument }) => settingText(settingAt(spec, argument), argument),
  /** `{count data.source.train}`: how many a setting lists. */
  count: ({ spec }, { argument }) => {
    const list = settingAt(spec, argument)
    if (Array.isArray(list)) return count(list.length)
    throw missing(`\`${argument}\` is no list`)
  },
  /** `{value accuracy: gru}`, `{value ser@copy: gru}`: a test mean. */
  value: (record, { argument, rest }) => {
    const [metric = '', group = ''] = argument.split('@')
    const found = metricOf(groupOf(record, group), metric)
    const mean = found.values.find(({ variant }) => variant === variantOf(groupOf(record, group), rest).id)?.mean
    if (mean === undefined || isUndefined(mean)) throw missing(`${rest} has no ${metric}`)
    return valueWithUnit(mean.value, found.unit)
  },
  /** `{end copies-distance: shared}`: the last mean of a curve. */
  end: (record, { argument, rest }) => {
    const group = groupOf(record, '')
    const { id } = variantOf(group, rest)
    const last = group.curves.find(({ name, variant }) => name === argument && variant === id)?.points.at(-1)
    if (last === undefined) throw missing(`${rest} has no curve \`${argument}\``)
    return significant(last[1])
  },
  /** `{step: gru}`: milliseconds that a training step takes. */
  step: (record, { rest }) => {
    const { ms } = variantOf(groupOf(record, ''), rest).perStep
    if (ms === null) throw missing(`${rest} has no time per step`)
    return significant(ms)
  },
  verdict: (record, { argument }, language) => words[language].verdicts[claimAt(record, argument).verdict],
  difference: (record, { argument }, language) => {
    const { test } = claimAt(record, argument)
    if (test === null) throw missing(`claim ${argument} has no test`)
    return differenceIn(signedDifference(test.difference, test.unit), test.unit, language)
  },
  /** `{figure 1}`: the figure that a claim compares with. */
  figure: (record, { argument }) => {
    const { right, test } = claimAt(record, argument)
    if (typeof right !== 'number') throw missing(`claim ${argument} compares with no figure`)
    return valueWithUnit(right, test?.unit ?? 'number')
  },
  subsets: (record, { argument }) => count(countOf(record, argument).subsets),
  wrong: (record, { argument }) => shareText(countOf(record, argument).wrong, countOf(record, argument).subsets),
  wrongSupported: (record, { argument }) => testedShare(countOf(record, argument), 'wrongSupported'),
  supported: (record, { argument }) => testedShare(countOf(record, argument), 'supported'),
  /** The model that is better over all seeds, and the other one. */
  better: (record) => pairNames(pairOf(record))[0],
  other: (record) => pairNames(pairOf(record))[1],
  pairDifference: (record, _, language) => {
    const pair = pairOf(record)
    return pointsText(seedCount(pair, pair.seeds.length).least, pair, language)
  },
  /** `{least 1}`, `{most 1}`: by how much the better model is so in a comparison of one seed, at least and at most. */
  least: (record, { argument }, language) => pointsText(countOf(record, argument).least, pairOf(record), language),
  most: (record, { argument }, language) => pointsText(countOf(record, argument).most, pairOf(record), language),
  /** Comparisons of any seed of one model with any of the other: how many, and in which share the order is the other one. */
  crossedPairs: (record) => count(countCrossed(pairOf(record)).pairs),
  crossed: (record) => {
    const { wrong, pairs } = countCrossed(pairOf(record))
    return shareText(wrong, pairs)
  },
  pairSeeds: (record) => String(pairOf(record).seeds.length),
}

/** A placeholder's value. Throws SeqlabError 'spec', naming the text, where the record has none. */
export function fillOf(record: StudyRecord, language: Language, file: string): (placeholder: Placeholder) => string {
  return (placeholder) => {
    const { name, argument, rest } = placeholder
    const written = `{${name}${argument && ` ${argument}`}${rest && `: ${rest}`}}`
    const fill = fills[name]
    try {
      if (fill === undefined)
        throw missing(`there is no placeholder \`${name}\`${didYouMean(name, Object.keys(fills))}`)
      return fill(record, placeholder, language)
    } catch (error) {
      if (!(error instanceof SeqlabError)) throw error
      throw new SeqlabError('spec', `${file}: ${written}: ${error.message}`, {
        hint: `Ask for something that experiments/records/${record.study}.json has.`,
      })
    }
  }
}

function missing(message: string): SeqlabError {
  return new SeqlabError('spec', message)
}

/** The only group, or the one of that name. */
export function groupOf({ groups }: StudyRecord, name: string): RecordedGroup {
  const found = groups.find((group) => [groupName(group), group.study].includes(name))
  const group = name === '' ? groups[0] : found
  if (group !== undefined && (name !== '' || groups.length === 1)) return group
  throw missing(`its groups are ${groups.map((each) => `\`${groupName(each) || each.study}\``).join(', ')}: name one`)
}

/** By its label, or by what is left of it on the page. */
export function variantOf(group: RecordedGroup, label: string) {
  const found = group.variants.find((variant) => variant.label === label || shortLabel(group, variant.label) === label)
  if (found !== undefined) return found
  const names = group.variants.map((variant) => shortLabel(group, variant.label))
  throw missing(`no variant is \`${label}\`${didYouMean(label, names)}; there are ${names.join(' | ')}`)
}

export function metricOf(group: RecordedGroup, name: string) {
  const found = group.metrics.find((metric) => metric.name === name)
  if (found !== undefined) return found
  throw missing(`no metric is \`${name}\`; there are ${group.metrics.map((metric) => metric.name).join(', ')}`)
}

/** Claims are counted from 1, in the order of the study. */
export function claimAt({ claims }: StudyRecord, place: string): StudyRecord['claims'][number] {
  const claim = claims[Number(place) - 1]
  if (claim === undefined) throw missing(`there are ${claims.length} claims`)
  return claim
}

export function pairOf({ pair }: StudyRecord): RecordedPair {
  if (pair === null) throw missing('it is not of two variants with many seeds')
  return pair
}

function pairNames({ left, right, leftValues, rightValues, better }: RecordedPair): readonly [string, string] {
  const isLeft = mean(leftValues) < mean(rightValues) === (better === 'lower')
  return isLeft ? [left, right] : [right, left]
}

const counted = new WeakMap<RecordedPair, Map<number, ReturnType<typeof countSeeds>>>()

/** Counted once: there are many subsets of five seeds. */
export function seedCount(pair: RecordedPair, k: number): ReturnType<typeof countSeeds> {
  const known = counted.get(pair) ?? new Map<number, ReturnType<typeof countSeeds>>()
  const found = known.get(k) ?? countSeeds(pair, k)
  counted.set(pair, known.set(k, found))
  return found
}

const countOf = (record: StudyRecord, k: string) => seedCount(pairOf(record), Number(k))

export function shareText(part: number, all: number): string {
  return valueWithUnit(part / all, 'percent')
}

function testedShare(found: ReturnType<typeof countSeeds>, key: 'supported' | 'wrongSupported'): string {
  const value = found[key]
  if (value === null) throw missing('one seed is not tested')
  return shareText(value, found.subsets)
}

function pointsText(size: number, { unit }: RecordedPair, language: Language): string {
  return `${size < 0 ? '-' : ''}${differenceIn(differenceText(Math.abs(size), unit), unit, language)}`
}

function rangeOf(values: readonly number[], language: Language): string {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return least === most ? count(least) : `${count(least)}${words[language].to}${count(most)}`
}

export function durationText(elapsedMs: number, language: Language): string {
  const text = duration(elapsedMs)
  if (language === 'en') return text
  return text.replace(' h', ' 小时').replace(' min', ' 分').replace(/ ms$/, ' 毫秒').replace(/ s$/, ' 秒')
}

function settingAt(spec: StudyRecord['spec'], path: string): unknown {
  let value: unknown = spec
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !(step in value)) throw missing(`its spec has no \`${path}\``)
    value = Object.entries(value).find(([key]) => key === step)?.[1]
  }
  return value
}

function settingText(value: unknown, path: string): string {
  if (typeof value === 'number')
    return isNumber(value) && Number.isInteger(value) ? count(value) : significant(value, 6)
  if (typeof value === 'string') return value
  throw missing(`\`${path}\` is neither a number nor a name`)
}
