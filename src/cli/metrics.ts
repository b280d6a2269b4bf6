import { metrics } from '../metrics/index.js'
import type { MetricPart } from '../metrics/types.js'
import type { MetricValue } from '../runner/record.js'

export function metricNamed(name: string): MetricPart | undefined {
  return metrics.find(name)
}

/** A metric's value as people read it: `8.8 %`, `0.412`. */
export function metricText(name: string, value: number): string {
  const unit = metricNamed(name)?.unit
  if (unit === 'percent') return `${(100 * value).toFixed(1)} %`
  if (unit === 'points') return value.toFixed(1)
  return Math.abs(value) >= 100 ? value.toFixed(1) : value.toPrecision(4)
}

/** `8.8 % (8.1 - 9.5)`: the value and its 95 % interval. */
export function intervalText(name: string, { value, low, high }: MetricValue): string {
  const bound = (limit: number) => metricText(name, limit).replace(' %', '')
  return `${metricText(name, value)} (${bound(low)} – ${bound(high)})`
}

/** Whether a value of a metric (or of the loss, which is best low) is better than another. */
export function isBetter(name: string, value: number, than: number): boolean {
  return metricNamed(name)?.better === 'higher' ? value > than : value < than
}
