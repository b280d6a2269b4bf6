import { metrics } from '../../metrics/index.js'
import type { MetricPart } from '../../metrics/types.js'
import { type Unit, valueWithInterval, valueWithUnit } from '../../report/format/values.js'
import type { MetricValue } from '../../store/index.js'

export function metricNamed(name: string): MetricPart | undefined {
  return metrics.find(name)
}

function unitOf(name: string): Unit {
  return metricNamed(name)?.unit ?? 'number'
}

/** A metric's value with its unit: `8.8 %`. */
export function metricText(name: string, value: number): string {
  return valueWithUnit(value, unitOf(name))
}

/** A metric's value with its 95 % interval: `8.8 % (8.1 to 9.5)`. */
export function intervalText(name: string, value: MetricValue): string {
  return valueWithInterval(value, unitOf(name))
}

/** Whether a value of a metric (or of the loss, where lower is better) is better than another. */
export function isBetter(name: string, value: number, than: number): boolean {
  return metricNamed(name)?.better === 'higher' ? value > than : value < than
}
