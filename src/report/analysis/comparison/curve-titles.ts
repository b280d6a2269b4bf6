import type { LossMeasure } from '../../../task/types.js'
import { copiesCurve } from '../../../train/curve-names.js'
import type { Unit } from '../../format/values.js'

/** A curve by its name in train/curve-names.ts, with what its values are measured in. */
export interface CurveMeasure {
  readonly name: string
  /** Of the training and validation loss. */
  readonly loss: Pick<LossMeasure, 'unit' | 'label'>
  /** Where the curve is a metric's. */
  readonly metric?: { readonly title: string; readonly unit: Unit; readonly better: 'lower' | 'higher' } | undefined
}

/** `validation loss`, `dev PER`. */
export function curveTitle({ name, metric }: Pick<CurveMeasure, 'name' | 'metric'>): string {
  if (metric !== undefined) return `dev ${metric.title}`
  return name === copiesCurve ? 'distance between untied copies' : name.replaceAll('-', ' ')
}

export function curveUnit({ name, metric, loss }: CurveMeasure): Unit {
  return metric?.unit ?? (name === copiesCurve ? 'number' : loss.unit)
}

/** Undefined where neither direction is better. */
export function curveBetter({ name, metric }: CurveMeasure): 'lower' | 'higher' | undefined {
  return metric?.better ?? (name === copiesCurve ? undefined : 'lower')
}
