import type { Problem } from '../../../core/errors.js'
import { unknownName } from '../../../core/suggest.js'
import { metrics } from '../../../metrics/index.js'
import type { LoadedSpec, Published } from '../../types.js'
import { metricsOf } from './claims.js'
import { sideProblems } from './side-problems.js'

/** Published figures that nothing of the study could be put beside. */
export function publishedProblems(published: Published | undefined, specs: readonly LoadedSpec[]): Problem[] {
  return (published?.figures ?? []).flatMap(({ of, metric, value }, index) => {
    const path = `published.figures.${index}`
    const unknown = unknownName(`${path}.metric`, 'metric', metric, metricsOf(specs))
    const sides = of === undefined ? [] : sideProblems(`${path}.of`, of, specs)
    return [...sides, ...(unknown.length > 0 ? unknown : rangeProblems(`${path}.value`, metric, value))]
  })
}

/** A value that the metric cannot have: 99.8 where 0.998 is meant. */
function rangeProblems(path: string, metric: string, value: number): Problem[] {
  const [least, most] = metrics.find(metric)?.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  if (value >= least && value <= most) return []
  const message = `${metric} cannot be ${value}`
  const hint = most === 1 && value <= 100 ? `In the metric's own scale it is ${value / 100}.` : undefined
  return [{ path, message, expected: `${least} to ${most}`, received: String(value), ...(hint && { hint }) }]
}
