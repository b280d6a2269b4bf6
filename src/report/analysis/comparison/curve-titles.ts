import { copiesCurve } from '../../../train/curve-names.js'
import type { Unit } from '../../format/values.js'

/** A curve by its name in train/curve-names.ts; `metric` where it is a metric's. */
export interface CurveName {
  readonly name: string
  readonly metric?: { readonly title: string; readonly unit: Unit; readonly better: 'lower' | 'higher' } | undefined
}

/** `validation loss`, `dev PER`. */
export function curveTitle({ name, metric }: CurveName): string {
  if (metric !== undefined) return `dev ${metric.title}`
  return name === copiesCurve ? 'distance between untied copies' : name.replaceAll('-', ' ')
}

export function curveUnit({ name, metric }: CurveName): Unit {
  return metric?.unit ?? (name === copiesCurve ? 'number' : 'nats')
}

/** Undefined where neither way is better. */
export function curveBetter({ name, metric }: CurveName): 'lower' | 'higher' | undefined {
  return metric?.better ?? (name === copiesCurve ? undefined : 'lower')
}
