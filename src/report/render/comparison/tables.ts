import { isNumber, isUndefined, type Measured } from '../../../core/measured.js'
import { byDev } from '../../analysis/comparison/by-dev.js'
import type { ComparedTrial, Group, MetricComparison, Pair, Variant } from '../../analysis/comparison/types.js'
import { settingText } from '../../analysis/comparison/variants.js'
import { count } from '../../format/numbers.js'
import {
  duration,
  measuredText,
  missingIntervalsText,
  probability,
  rangeText,
  resultCellText,
  signedDifference,
  significant,
  type Unit,
  undefinedText,
  valueWithUnit,
} from '../../format/values.js'
import { type ComparisonLinks, noLinks } from './page-links.js'

type Reports = Pick<ComparisonLinks, 'reports'>

/** A cell: its text, and the value that it is sorted by. */
export interface Cell {
  readonly text: string
  readonly value: string | number
  /** Of a long text that is collapsed in a page: the summary. */
  readonly folded?: string
  /** Pages that a page links to in the cell. */
  readonly links?: readonly { readonly text: string; readonly href: string }[]
}

export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  /** By row, ids of the variants that it is about. */
  readonly variants?: readonly (readonly string[])[]
  /** Columns (from 0) that are numbers. */
  readonly numbers: readonly number[]
}

const textCell = (text: string): Cell => ({ text, value: text })
const numberCell = (text: string, value: number | null): Cell => ({ text, value: value ?? '' })

/**
 * One row per variant: the settings that its label does not say, the main metric on dev, every metric's test mean with its
 * interval, the letters of the ranking, and what else must be known. The best on dev come first.
 */
export function variantTable(group: Group, links: Reports = noLinks): Table {
  const columns = distinctColumns(group)
  const main = group.metrics[0]
  const hasLetters = main !== undefined && Object.keys(main.ranking.letters).length > 1
  const order = main === undefined ? [] : byDev(main).map((values) => values.variant)
  const place = ({ id }: Variant) => (order.includes(id) ? order.indexOf(id) : order.length)
  const sorted = group.variants.toSorted((a, b) => place(a) - place(b))
  const rows = sorted.map((variant) => {
    const trials = group.trials.filter((trial) => trial.variant === variant.id)
    const cells = [
      textCell(variant.label),
      seedsCell(variant, trials, links),
      ...columns.map(({ path }) => textCell(settingText(variant.settings[path]))),
      ...(main === undefined ? [] : [devCell(main, variant.id)]),
      ...group.metrics.map((metric) => valueCell(metric, variant.id)),
      ...(hasLetters ? [textCell(main.ranking.letters[variant.id] ?? '')] : []),
      textCell(marksOf(variant, trials, main)),
      numberCell(count(variant.parameters), variant.parameters),
      numberCell(variant.trainMs === null ? '' : duration(variant.trainMs), variant.trainMs),
    ]
    return { cells, variants: [variant.id] }
  })
  const fixed = ['variant', `${group.seedWord}s`, ...columns.map(({ title }) => title)]
  const values = [
    ...(main === undefined ? [] : [`dev ${main.title}`]),
    ...group.metrics.map(({ title }) => `test ${title} (95 %)`),
  ]
  const marks = [...(hasLetters ? ['letters'] : []), 'marks']
  const head = [...fixed, ...values, ...marks, 'parameters', 'training time']
  const isText = (at: number) =>
    (at !== 1 && at < fixed.length) ||
    (at >= fixed.length + values.length && at < fixed.length + values.length + marks.length)
  return tableOf(
    head,
    rows,
    head.map((_, at) => at).filter((at) => !isText(at)),
  )
}

function tableOf(
  head: readonly string[],
  rows: readonly { readonly cells: readonly Cell[]; readonly variants: readonly string[] }[],
  numbers: readonly number[],
): Table {
  return { head, rows: rows.map(({ cells }) => cells), variants: rows.map(({ variants }) => variants), numbers }
}

/** Settings that the variants' labels do not say already; those with the same values throughout are one column. */
export function distinctColumns({ columns, variants }: Group): { readonly path: string; readonly title: string }[] {
  const textsOf = (path: string) => variants.map(({ settings }) => settingText(settings[path]))
  const isSaid = (path: string) => variants.every(({ label, settings }) => isInLabel(label, path, settings[path]))
  const shown = columns.filter((path) => variants.length < 2 || !isSaid(path))
  const keys = shown.map((path) => JSON.stringify(textsOf(path)))
  return shown.flatMap((path, at) => {
    if (keys.indexOf(keys[at] ?? '') < at) return []
    const same = shown.filter((_, other) => keys[other] === keys[at])
    return [{ path, title: same.map((one) => shortPathAmong(one, shown)).join(', ') }]
  })
}

/** Whether one of a label's parts is the setting: `hidden=64`, or `additive` alone. */
function isInLabel(label: string, path: string, value: unknown): boolean {
  const text = settingText(value)
  const steps = path.split('.')
  const ends = steps.map((_, at) => `${steps.slice(at).join('.')}=${text}`)
  const named = typeof value === 'string' || (typeof value === 'object' && value !== null) ? [text] : []
  return [...ends, ...named].some((part) => `, ${label}, `.includes(`, ${part}, `))
}

/** Its seeds, each leading to the page of its trial where there is one. */
function seedsCell(variant: Variant, trials: readonly ComparedTrial[], { reports }: Reports): Cell {
  const unfinished = variant.unfinished > 0 ? ` (+${variant.unfinished} unfinished)` : ''
  const targets = trials.flatMap(({ seed, directory }) => {
    const href = reports[directory]
    return href === undefined ? [] : [{ text: `seed ${seed}`, href }]
  })
  return { ...numberCell(`${variant.seeds.length}${unfinished}`, variant.seeds.length), links: targets }
}

function devCell(metric: MetricComparison, id: string): Cell {
  const { unit, values } = metric
  const dev = values.find(({ variant }) => variant === id)?.dev
  return dev === undefined
    ? numberCell(missingText(metric, id), null)
    : numberCell(measuredText(dev, unit), isNumber(dev) ? dev : null)
}

/** `best on dev`, `best on test`, `in bad health: 1 of 3`. */
function marksOf({ id }: Variant, trials: readonly ComparedTrial[], main: MetricComparison | undefined): string {
  const bad = trials.filter(({ concerns }) => concerns.length > 0).length
  const failed = trials.filter(({ status }) => status === 'failed').length
  // Others may be measured in another way.
  const within = main?.metric === undefined ? '' : ` in ${main.title}`
  return [
    ...(main?.best === id ? [`best on dev${within}`] : []),
    ...(main?.ranking.tiers[0]?.variants[0] === id ? [`best on test${within}`] : []),
    ...(bad > 0 ? [`in bad health: ${bad} of ${trials.length}`] : []),
    ...(failed > 0 ? [`failed: ${failed} of ${trials.length}`] : []),
  ].join(', ')
}

export function shortPath(path: string): string {
  return path.split('.').slice(-2).join('.')
}

/** Its last steps, as many as tell it from the other paths. */
function shortPathAmong(path: string, paths: readonly string[]): string {
  const steps = path.split('.')
  const isOwn = (tail: string) => paths.filter((other) => other === tail || other.endsWith(`.${tail}`)).length === 1
  const tails = steps.map((_, at) => steps.slice(at).join('.')).slice(0, -1)
  return tails.findLast(isOwn) ?? path
}

function valueCell(metric: MetricComparison, id: string): Cell {
  const mean = metric.values.find(({ variant }) => variant === id)?.mean
  if (mean === undefined) return numberCell(missingText(metric, id), null)
  return { text: resultCellText(mean, metric.unit), value: isUndefined(mean) ? '' : mean.value }
}

/** Where trials measure a metric in several ways a value that is not there is no omission. */
function missingText({ notMeasured = [] }: MetricComparison, id: string): string {
  return notMeasured.includes(id) ? notMeasuredText : ''
}

export const notMeasuredText = 'not measured'

/** Why the table of variants has values without an interval; undefined where all have one. */
export function intervalsNote({ metrics }: Pick<Group, 'metrics'>): string | undefined {
  return missingIntervalsText(metrics.flatMap(({ values }) => values.map(({ mean }) => mean)))
}

/** What is made of settings that differ within a variant. */
export function mixedText({ mixed, averaged }: Pick<Group, 'mixed' | 'averaged'>): string {
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
  return { head, rows, variants: pairs.map(({ left, right }) => [left, right]), numbers: [2, 3, 4, 5] }
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
export function trialTable(group: Group, { reports }: Reports = noLinks): Table {
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
  const hasReports = group.trials.some(({ directory }) => reports[directory] !== undefined)
  const rows = group.trials.map((trial) => [
    textCell(label(trial.variant)),
    numberCell(String(trial.seed), trial.seed),
    textCell(statusText(trial)),
    ...group.metrics.map(({ name, unit, metric }) => {
      const value = trial.test[name]
      if (value === undefined) return numberCell(isOtherwise(trial, metric) ? notMeasuredText : '', null)
      return isNumber(value)
        ? numberCell(valueWithUnit(value, unit), value)
        : numberCell(`${undefinedText}: ${value.reason}`, null)
    }),
    numberCell(count(trial.steps), trial.steps),
    numberCell(trial.trainMs === null ? '' : duration(trial.trainMs), trial.trainMs),
    { ...textCell(trial.rerun), folded: 'command' },
    ...(hasReports ? [reportCell(reports[trial.directory])] : []),
  ])
  const last = 3 + group.metrics.length
  return {
    head: hasReports ? [...head, 'report'] : head,
    rows,
    variants: group.trials.map(({ variant }) => [variant]),
    numbers: [1, ...group.metrics.map((_, at) => 3 + at), last, last + 1],
  }
}

/** Whether a finished trial has no value of one way to measure a metric, which other trials have. */
export function isOtherwise({ status }: ComparedTrial, metric: string | undefined): boolean {
  return metric !== undefined && status === 'completed'
}

function reportCell(href: string | undefined): Cell {
  return { ...textCell(''), links: href === undefined ? [] : [{ text: 'report', href }] }
}
