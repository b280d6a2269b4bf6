import { canonicalJson } from '../../../core/canonical-json.js'
import { distinctBy } from '../../../core/lists.js'
import type { MetricSpec } from '../../../metrics/index.js'
import { measureId, measureNames } from '../../../metrics/measures.js'
import { validationMetrics } from '../../../train/select-choices.js'
import type { Claim } from '../../types.js'
import type { NamedVariant } from './sides.js'

type Measured = Pick<NamedVariant, 'spec'>

/**
 * The metric of a claim under the options that a variant has for it; undefined for the curve of a loss. A curve is recorded by
 * the first of all variants that has the same training.
 */
export function metricOf(
  { metric, curve }: Pick<Claim, 'metric' | 'curve'>,
  all: readonly Measured[],
): (variant: Measured) => MetricSpec | undefined {
  if (curve === undefined) return ({ spec }) => spec.metrics.find(({ type }) => type === metric)
  const curveOf = ({ spec }: Measured) => validationMetrics(spec).find(({ name }) => name === curve)?.spec
  const recorded = all.filter((variant) => curveOf(variant) !== undefined)
  const first = new Map(recorded.toReversed().map((variant) => [trainingOf(variant), curveOf(variant)]))
  return (variant) => (first.size === 0 ? undefined : (first.get(trainingOf(variant)) ?? curveOf(variant)))
}

/** As `metricOf`, of several variants, each measure once: values of different ones are not compared. */
export function measuredAs(
  claim: Pick<Claim, 'metric' | 'curve'>,
  on: readonly Measured[],
  all: readonly Measured[],
): MetricSpec[] {
  const of = metricOf(claim, all)
  return distinctBy(
    on.flatMap((variant) => of(variant) ?? []),
    measureId,
  )
}

function trainingOf({ spec: { task, data, model, train } }: Measured): string {
  return canonicalJson([task, data, model, train])
}

/** `f1 (average: micro)`: how one metric under several options is told apart. */
export function waysOf(name: string, specs: readonly MetricSpec[]): string[] {
  const nameOf = measureNames(specs.map((spec) => ({ name, spec })))
  return specs.map((spec) => nameOf(name, spec))
}
