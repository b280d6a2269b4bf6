import { isNumber, isUndefined, type Measured } from '../../../core/measured.js'
import type { ComparedTrial, Group, MetricComparison, MetricValues, Pair } from '../../analysis/comparison/types.js'
import { settingText } from '../../analysis/comparison/variants.js'
import { count } from '../../format/numbers.js'
import {
  duration,
  probability,
  rangeText,
  resultSentence,
  signedDifference,
  significant,
  type Unit,
  undefinedText,
  valueWithUnit,
} from '../../format/values.js'

/** A cell: its text, and the value that it is sorted by. */
export interface Cell {
  readonly text: string
  readonly value: string | number
  /** Of a long text that is collapsed in a page: the summary. */
  readonly folded?: string
}

export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  /** Columns (from 0) that are numbers. */
  readonly numbers: readonly number[]
}

const textCell = (text: string): Cell => ({ text, value: text })
const numberCell = (text: string, value: number | null): Cell => ({ text, value: value ?? '' })

/** One row per variant: the settings that differ, and every metric's test mean with its interval. */
export function variantTable(group: Group): Table {
  const paths = group.columns
  const fixed = ['variant', `${group.seedWord}s`, ...paths.map(shortPath)]
  const metrics = group.metrics.flatMap(({ title }) => [`test ${title} (95 %)`])
  const rows = group.variants.map((variant) => [
    textCell(variant.label),
    numberCell(
      variant.unfinished > 0
        ? `${variant.seeds.length} (+${variant.unfinished} unfinished)`
        : String(variant.seeds.length),
      variant.seeds.length,
    ),
    ...paths.map((path) => textCell(settingText(variant.settings[path]))),
    ...group.metrics.map((metric) =>
      valueCell(
        metric,
        metric.values.find((values) => values.variant === variant.id),
      ),
    ),
    numberCell(count(variant.parameters), variant.parameters),
    numberCell(variant.trainMs === null ? '' : duration(variant.trainMs), variant.trainMs),
  ])
  const head = [...fixed, ...metrics, 'parameters', 'training time']
  const numbers = head.map((_, at) => at).filter((at) => at === 1 || at >= fixed.length)
  return { head, rows, numbers }
}

export function shortPath(path: string): string {
  return path.split('.').slice(-2).join('.')
}

function valueCell({ unit }: MetricComparison, values: MetricValues | undefined): Cell {
  if (values === undefined) return { text: '', value: '' }
  const { mean } = values
  return { text: resultSentence(mean, unit), value: isUndefined(mean) ? '' : mean.value }
}

/** What is made of settings that differ within a variant. */
export function mixedText({ mixed, averaged }: Group): string {
  return averaged
    ? `Each variant is an average over other settings (${mixed.join(', ')}), seed by seed.`
    : `Within a variant other settings differ too (${mixed.join(', ')}): the variance is over runs, not over seeds alone.`
}

/** What differs between the variants: one row per setting. */
export function settingsTable({ differing, variants }: Group): Table {
  const rows = differing.map((path) => [
    textCell(path),
    ...variants.map(({ settings }) => textCell(settingText(settings[path]))),
  ])
  return { head: ['setting', ...variants.map(({ label }) => label)], rows, numbers: [] }
}

/** One row per pair: the difference, its corrected interval and the conclusion. */
export function pairTable(
  group: Group,
  { unit, pairs }: { readonly unit: Unit; readonly pairs: readonly Pair[] },
): Table {
  const label = (id: string) => group.variants.find((variant) => variant.id === id)?.label ?? id
  const head = ['left', 'right', 'left - right', 'corrected interval', 'p (Holm)', 'effect size', 'conclusion']
  const rows = pairs.map((pair) => [
    textCell(label(pair.left)),
    textCell(label(pair.right)),
    numberCell(signedDifference(pair.difference, unit), pair.difference),
    intervalCell(pair.interval, unit),
    measuredCell(pair.adjustedP, probability),
    measuredCell(pair.effectSize, significant),
    textCell(conclusion(pair)),
  ])
  return { head, rows, numbers: [2, 3, 4, 5] }
}

function intervalCell(interval: Pair['interval'], unit: Unit): Cell {
  if (isUndefined(interval)) return numberCell('none', null)
  return numberCell(rangeText(interval.low, interval.high, unit), interval.low)
}

function measuredCell(measured: Measured, text: (value: number) => string): Cell {
  return isNumber(measured) ? numberCell(text(measured), measured) : numberCell('none', null)
}

function conclusion({ significant: differs, seedVariance, p }: Pair): string {
  if (!isNumber(p)) return `not testable: ${p.reason}`
  const scope = isNumber(seedVariance) ? '' : ' (these trained models only)'
  return (differs ? 'significant' : 'not significant') + scope
}

function statusText({ status, reason, concerns }: ComparedTrial): string {
  const why = reason === '' ? concerns.join('; ') : reason
  return why === '' ? status : `${status}: ${why}`
}

/** One row per trial, with the command that reproduces it. */
export function trialTable(group: Group): Table {
  const label = (id: string) => group.variants.find((variant) => variant.id === id)?.label ?? id
  const head = [
    'variant',
    'seed',
    'status',
    ...group.metrics.map(({ title }) => `test ${title}`),
    'steps',
    'training time',
    'reproduce',
  ]
  const rows = group.trials.map((trial) => [
    textCell(label(trial.variant)),
    numberCell(String(trial.seed), trial.seed),
    textCell(statusText(trial)),
    ...group.metrics.map(({ name, unit }) => {
      const value = trial.test[name]
      if (value === undefined) return textCell('')
      return isNumber(value)
        ? numberCell(valueWithUnit(value, unit), value)
        : numberCell(`${undefinedText}: ${value.reason}`, null)
    }),
    numberCell(count(trial.steps), trial.steps),
    numberCell(trial.trainMs === null ? '' : duration(trial.trainMs), trial.trainMs),
    { ...textCell(trial.rerun), folded: 'command' },
  ])
  const last = 3 + group.metrics.length
  return { head, rows, numbers: [1, ...group.metrics.map((_, at) => 3 + at), last, last + 1] }
}
