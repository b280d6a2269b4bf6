import { canonicalJson } from '../core/canonical-json.js'
import { type MetricSpec, metrics } from './index.js'
import type { MetricPart } from './types.js'

// A metric under other options is another measure: a micro-averaged and a macro-averaged F1 are no two values of one thing.

/** A metric, and what its values are recorded under. */
export interface RecordedMetric {
  readonly name: string
  readonly spec: MetricSpec
}

/** The options of a metric; those that an older record has not as they are by default. */
function optionsOf({ type, ...given }: MetricSpec): Readonly<Record<string, unknown>> {
  const part: MetricPart | undefined = metrics.find(type)
  const schemas = Object.entries(part?.options.properties ?? {})
  const defaults = schemas.flatMap(([name, schema]) => ('default' in schema ? [[name, schema.default] as const] : []))
  return { ...Object.fromEntries(defaults), ...given }
}

/** Equal for specs that measure the same: the same metric under the same options. */
export function measureId(spec: MetricSpec): string {
  return canonicalJson([spec.type, optionsOf(spec)])
}

export function isSameMeasure(one: MetricSpec, other: MetricSpec): boolean {
  return measureId(one) === measureId(other)
}

/** What a metric that is recorded under a name is called among others. */
export type MeasureNames = (name: string, spec: MetricSpec) => string

/**
 * Names that tell measures apart: the recorded one where all have the same options, else with the options that differ
 * (`f1 (average: micro)`).
 */
export function measureNames(recorded: Iterable<RecordedMetric>): MeasureNames {
  const byName = new Map<string, Map<string, MetricSpec>>()
  for (const { name, spec } of recorded) {
    // Thousands of trials have the same few specs.
    const known = byName.get(name) ?? new Map<string, MetricSpec>()
    byName.set(name, known.set(JSON.stringify(spec), spec))
  }
  const differing = new Map([...byName].map(([name, specs]) => [name, differingOptions([...specs.values()])]))
  return (name, spec) => {
    const shown = differing.get(name) ?? []
    if (shown.length === 0) return name
    const options = optionsOf(spec)
    return `${name} (${shown.map((option) => `${option}: ${textOf(options[option])}`).join(', ')})`
  }
}

function differingOptions(specs: readonly MetricSpec[]): string[] {
  const all = specs.map(optionsOf)
  const options = [...new Set(all.flatMap((one) => Object.keys(one)))]
  return options.filter((option) => new Set(all.map((one) => textOf(one[option]))).size > 1)
}

function textOf(value: unknown): string {
  if (value === undefined) return 'none'
  return typeof value === 'string' ? value : canonicalJson(value)
}
