import { isDeepStrictEqual } from 'node:util'
import { isNumber, type Measured } from '../core/measured.js'
import { type MetricSpec, metrics as metricParts } from '../metrics/index.js'
import { buildMetrics, type NamedMetric } from '../metrics/score.js'
import type { TrainingFacts } from '../metrics/types.js'
import type { SelectChoice, TrainOptions } from './options.js'

// What decides between the checkpoints of a training: `train.validate.select`, then the dev loss, then the earlier step.

/** What is smaller for the better checkpoint, by criterion and the dev loss last; null: undefined there. */
export type Costs = readonly (number | null)[]

interface Options {
  readonly train: TrainOptions
  readonly metrics: readonly MetricSpec[]
}

/** The criteria in the order in which they count; by default the first of the metrics, else the loss. */
export function selectChoices({ train, metrics }: Options): readonly SelectChoice[] {
  const { select = metrics[0] ?? 'loss' } = train.validate
  return Array.isArray(select) ? select : [select]
}

/** What a criterion is called. */
export function choiceName(choice: SelectChoice): string {
  return choice === 'loss' ? choice : choice.type
}

/** A metric that validations compute, by the name of its curve. */
interface ValidatedMetric {
  readonly name: string
  readonly spec: MetricSpec
}

/**
 * The metrics of a validation: the spec's own, then those that only select. One that selects under other options than
 * the spec's metric of that name has a curve of its own.
 */
export function validationMetrics({ train, metrics }: Options): readonly ValidatedMetric[] {
  const own = metrics.map((spec) => ({ name: spec.type, spec }))
  const selecting = selectChoices({ train, metrics }).flatMap((spec) => (spec === 'loss' ? [] : [spec]))
  const more = selecting.filter((spec) => !metrics.some((other) => isDeepStrictEqual(other, spec)))
  return [...own, ...more.map((spec) => ({ name: ownName(spec, metrics), spec }))]
}

export function buildValidationMetrics(options: Options, training: TrainingFacts): NamedMetric[] {
  return validationMetrics(options).flatMap(({ name, spec }) =>
    buildMetrics([spec], training).map((built) => ({ ...built, name })),
  )
}

function ownName({ type }: MetricSpec, metrics: readonly MetricSpec[]): string {
  return metrics.some((other) => other.type === type) ? `${type} (selecting)` : type
}

/** The costs of a validation by the criteria, from its values by curve. */
export function costsOf(
  options: Options,
  { loss, metrics }: { readonly loss: Measured; readonly metrics: Readonly<Record<string, Measured>> },
): Costs {
  const validated = validationMetrics(options)
  const criteria = selectChoices(options).map((choice) => {
    if (choice === 'loss') return costOf(loss, 'lower')
    const name = validated.find(({ spec }) => isDeepStrictEqual(spec, choice))?.name ?? choice.type
    return costOf(metrics[name], metricParts.get(choice.type).better)
  })
  return [...criteria, costOf(loss, 'lower')]
}

function costOf(value: Measured | undefined, better: 'lower' | 'higher'): number | null {
  if (value === undefined || !isNumber(value) || !Number.isFinite(value)) return null
  return better === 'lower' ? value : 0 - value
}

/** Negative where the left is better: the first difference decides, and a number is better than what is undefined. */
export function compareCosts(left: Costs, right: Costs): number {
  for (const [at, cost] of left.entries()) {
    const order = compareCost(cost, right[at] ?? null)
    if (order !== 0) return order
  }
  return 0
}

/** The same of one criterion. */
export function compareCost(left: number | null, right: number | null): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1
  return left - right
}
