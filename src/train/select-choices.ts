import { sameJson } from '../core/canonical-json.js'
import type { MetricSpec } from '../metrics/index.js'
import type { SelectChoice, TrainOptions } from './options.js'

// What a validation measures and by what it selects, as the spec says it: names only, for claims and pages too.

export interface SelectOptions {
  readonly train: TrainOptions
  readonly metrics: readonly MetricSpec[]
}

/** The criteria in the order in which they count; by default the first of the metrics, else the loss. */
export function selectChoices({ train, metrics }: SelectOptions): readonly SelectChoice[] {
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
export function validationMetrics({ train, metrics }: SelectOptions): readonly ValidatedMetric[] {
  const own = metrics.map((spec) => ({ name: spec.type, spec }))
  const selecting = selectChoices({ train, metrics }).flatMap((spec) => (spec === 'loss' ? [] : [spec]))
  const more = selecting.filter((spec) => !metrics.some((other) => sameJson(other, spec)))
  return [...own, ...more.map((spec) => ({ name: ownName(spec, metrics), spec }))]
}

/** The name of a criterion's curve among a validation's metrics; the loss has a curve of its own. */
export function criterionCurve(options: SelectOptions, choice: MetricSpec): string {
  return validationMetrics(options).find(({ spec }) => sameJson(spec, choice))?.name ?? choice.type
}

function ownName({ type }: MetricSpec, metrics: readonly MetricSpec[]): string {
  return metrics.some((other) => other.type === type) ? `${type} (selecting)` : type
}
