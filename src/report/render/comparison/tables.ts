import type { Group, MetricComparison, MetricValues, Pair } from '../../analysis/comparison/types.js'
import { brief } from '../../analysis/comparison/variants.js'
import { amount, bare, count, duration, plain, type Unit, unitMark } from '../../format/values.js'

/** A cell: what people read, and what it is sorted by. */
export interface Cell {
  readonly text: string
  readonly value: string | number
  /** Where the text is long and seldom read: what a page shows until it is asked for. */
  readonly folded?: string
}

export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  /** Which columns (from 0) are numbers. */
  readonly numbers: readonly number[]
}

const words = (text: string): Cell => ({ text, value: text })
const amountCell = (text: string, value: number | null): Cell => ({ text, value: value ?? '' })

/** One row a variant: what differs, and every metric's test mean with its interval. */
export function variantTable(group: Group): Table {
  const paths = group.columns
  const fixed = ['variant', `${group.seedWord}s`, ...paths.map(shortPath)]
  const metrics = group.metrics.flatMap(({ title }) => [`test ${title} (95 %)`])
  const rows = group.variants.map((variant) => [
    words(variant.label),
    amountCell(
      variant.unfinished > 0
        ? `${variant.seeds.length} (+${variant.unfinished} unfinished)`
        : String(variant.seeds.length),
      variant.seeds.length,
    ),
    ...paths.map((path) => words(brief(variant.settings[path]))),
    ...group.metrics.map((metric) =>
      valueCell(
        metric,
        metric.values.find((values) => values.variant === variant.id),
      ),
    ),
    amountCell(count(variant.parameters), variant.parameters),
    amountCell(variant.trainMs === null ? '' : duration(variant.trainMs), variant.trainMs),
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
  const interval =
    values.low === null || values.high === null ? '' : ` (${bare(values.low, unit)} to ${bare(values.high, unit)})`
  return { text: bare(values.mean, unit) + unitMark(unit) + interval, value: values.mean }
}

/** What differs between the variants: one row a setting. */
export function settingsTable({ differing, variants }: Group): Table {
  const rows = differing.map((path) => [words(path), ...variants.map(({ settings }) => words(brief(settings[path])))])
  return { head: ['setting', ...variants.map(({ label }) => label)], rows, numbers: [] }
}

/** One row a pair: the difference, its corrected interval and what follows from it. */
export function pairTable(
  group: Group,
  { unit, pairs }: { readonly unit: Unit; readonly pairs: readonly Pair[] },
): Table {
  const label = (id: string) => group.variants.find((variant) => variant.id === id)?.label ?? id
  const head = ['left', 'right', 'left - right', 'corrected interval', 'p (Holm)', 'effect size', 'verdict']
  const rows = pairs.map((pair) => [
    words(label(pair.left)),
    words(label(pair.right)),
    amountCell(signed(pair.difference, unit), pair.difference),
    amountCell(
      pair.low === null || pair.high === null ? 'none' : `${bare(pair.low, unit)} to ${bare(pair.high, unit)}`,
      pair.low,
    ),
    amountCell(pair.adjustedP === null ? 'none' : probability(pair.adjustedP), pair.adjustedP),
    amountCell(pair.effectSize === null ? 'none' : plain(pair.effectSize), pair.effectSize),
    words(verdict(pair)),
  ])
  return { head, rows, numbers: [2, 3, 4, 5] }
}

function signed(difference: number, unit: Unit): string {
  return `${difference < 0 ? '-' : '+'}${amount(Math.abs(difference), unit)}`
}

/** Below one in ten thousand the exact figure says nothing more. */
export function probability(p: number): string {
  return p < 0.0001 ? '< 0.0001' : plain(p, 2)
}

function verdict({ shown, seedVariance, p }: Pair): string {
  if (p === null) return 'nothing to test'
  const about = seedVariance === null ? ' (these models only)' : ''
  return (shown ? 'difference shown' : 'no difference shown') + about
}

/** One row a trial, with the command that makes it again. */
export function trialTable(group: Group): Table {
  const label = (id: string) => group.variants.find((variant) => variant.id === id)?.label ?? id
  const head = [
    'variant',
    'seed',
    'status',
    ...group.metrics.map(({ title }) => `test ${title}`),
    'steps',
    'training time',
    'again with',
  ]
  const rows = group.trials.map((trial) => [
    words(label(trial.variant)),
    amountCell(String(trial.seed), trial.seed),
    words(trial.reason === '' ? trial.status : `${trial.status}: ${trial.reason}`),
    ...group.metrics.map(({ name, unit }) => {
      const value = trial.test[name]
      return value === undefined ? words('') : amountCell(bare(value, unit) + unitMark(unit), value)
    }),
    amountCell(count(trial.steps), trial.steps),
    amountCell(trial.trainMs === null ? '' : duration(trial.trainMs), trial.trainMs),
    { ...words(trial.rerun), folded: 'command' },
  ])
  const last = 3 + group.metrics.length
  return { head, rows, numbers: [1, ...group.metrics.map((_, at) => 3 + at), last, last + 1] }
}
