import { metrics } from '../../../metrics/index.js'
import { lossMeasure } from '../../../task/reporting.js'
import { copiesCurve } from '../../../train/curve-names.js'
import { metricTitle } from '../../analysis/metrics.js'
import { gradientCurve, rateCurve } from '../../analysis/running/history.js'
import { pointsSince } from '../../analysis/running/thinned.js'
import type { CurveKind, CurveUpdate } from '../types.js'
import type { FollowedRun } from './follow.js'

/** What is new of a run's curves since a version; nothing where that is nothing. */
export function curveUpdates(
  run: string,
  { history, begun }: FollowedRun,
  task: { readonly type: string },
  since: number,
): CurveUpdate[] {
  const known = since < begun ? -1 : since
  return [...history.curves].flatMap(([name, curve]) => {
    const { after, points } = pointsSince(curve, known)
    if (points.length === 0) return []
    const rounded = points.map(([step, value]) => [step, Number(value.toPrecision(6))] as const)
    return [{ run, kind: curveKind(name, task), after, points: rounded }]
  })
}

function curveKind(name: string, task: { readonly type: string }): CurveKind {
  const { unit, label } = lossMeasure(task)
  if (name === 'training-loss') return { name, title: 'training loss', unit, axis: `loss (${label})`, better: 'lower' }
  if (name === 'validation-loss')
    return { name, title: 'validation loss', unit, axis: `loss (${label})`, better: 'lower' }
  const title = others[name]
  if (title !== undefined) return { name, title, unit: 'number', axis: title }
  const metric = metrics.find(name)
  const named = metricTitle(name)
  return {
    name,
    title: `${named} on dev`,
    unit: metric?.unit ?? 'number',
    axis: named,
    ...(metric && { better: metric.better }),
  }
}

const others: Readonly<Record<string, string>> = {
  [rateCurve]: 'learning rate',
  [gradientCurve]: 'gradient norm',
  [copiesCurve]: 'distance between copies',
}
