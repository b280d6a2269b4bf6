import { isNumber, type Measured } from '../core/measured.js'
import { metrics as metricParts } from '../metrics/index.js'
import { buildMetrics, type NamedMetric } from '../metrics/score.js'
import type { TrainingFacts } from '../metrics/types.js'
import { criterionCurve, type SelectOptions, selectChoices, validationMetrics } from './select-choices.js'

// What decides between the checkpoints of a training: `train.validate.select`, then the dev loss, then the earlier step.

/** What is smaller for the better checkpoint, by criterion and the dev loss last; null: undefined there. */
export type Costs = readonly (number | null)[]

/** `training`: what the training data are like, which some metrics depend on. */
export function buildValidationMetrics(options: SelectOptions, training?: TrainingFacts): NamedMetric[] {
  return validationMetrics(options).flatMap(({ name, spec }) =>
    buildMetrics([spec], training).map((built) => ({ ...built, name })),
  )
}

/** The costs of a validation by the criteria, from its values by curve. */
export function costsOf(
  options: SelectOptions,
  { loss, metrics }: { readonly loss: Measured; readonly metrics: Readonly<Record<string, Measured>> },
): Costs {
  const criteria = selectChoices(options).map((choice) => {
    if (choice === 'loss') return costOf(loss, 'lower')
    return costOf(metrics[criterionCurve(options, choice)], metricParts.get(choice.type).better)
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
