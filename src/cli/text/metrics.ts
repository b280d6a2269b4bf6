import type { Measured } from '../../core/measured.js'
import { metrics } from '../../metrics/index.js'
import type { MetricResult } from '../../metrics/score.js'
import type { MetricPart } from '../../metrics/types.js'
import { listed } from '../../report/format/grammar.js'
import { measuredText, resultNotes, resultText, type Unit } from '../../report/format/values.js'

export function metricNamed(name: string): MetricPart | undefined {
  return metrics.find(name)
}

function unitOf(name: string): Unit {
  return metricNamed(name)?.unit ?? 'number'
}

/** A metric's value with its unit: `8.8 %`. */
export function metricText(name: string, value: Measured): string {
  return measuredText(value, unitOf(name))
}

/** A metric's value with its 95 % interval: `8.8 % (8.1 to 9.5)`. */
export function metricResultText(name: string, result: MetricResult | undefined): string {
  return result === undefined ? '-' : resultText(result, unitOf(name))
}

/** A metric of a trial, as it stands in a table. */
export interface ShownResult {
  /** Where it stands: its column or row. */
  readonly place: string
  readonly result: MetricResult | undefined
}

/** Lines below a table: what its cells have no room for, each reason once. */
export function resultFootnotes(shown: readonly ShownResult[], noted = resultNotes): string[] {
  const places = new Map<string, string[]>()
  for (const { place, result } of shown) {
    for (const note of result === undefined ? [] : noted(result)) {
      places.set(note, [...new Set([...(places.get(note) ?? []), place])])
    }
  }
  return [...places].map(([note, of]) => `${listed(of)}: ${note}`)
}

/** Whether a value of a metric (or of the loss, where lower is better) is better than another. */
export function isBetter(name: string, value: number, than: number): boolean {
  return metricNamed(name)?.better === 'higher' ? value > than : value < than
}
