import { isUndefined } from '../../../core/measured.js'
import { metrics } from '../../../metrics/index.js'
import { measureId } from '../../../metrics/measures.js'
import type { Spec } from '../../../spec/types.js'
import type { RunRecord } from '../../../store/index.js'
import { choiceName, selectChoices } from '../../../train/select-choices.js'
import { metricTitle } from '../../analysis/metrics.js'
import { bestOnDev, type RunHistory } from '../../analysis/running/history.js'
import { drawnResult, rangeText, valueWithUnit } from '../../format/values.js'
import type { Best, Shown, TrialRow } from '../types.js'

/** A finished trial, from its record. */
export function recordRow(study: string, id: string, record: RunRecord): TrialRow {
  const { label, seed, status, stepsDone, error } = record
  return {
    ...{ study, id, label, seed, status },
    step: stepsDone,
    ...devOf(record),
    ...testOf(record),
    ...(error !== undefined && { reason: error.message }),
    hasReport: true,
  }
}

function devOf({ spec, metrics: results }: RunRecord): { dev?: Shown } {
  const name = selectingMetric(spec)
  const result = name === undefined ? undefined : results.dev?.[name]
  if (name === undefined || result === undefined || isUndefined(result)) return {}
  const own = spec.metrics.find(({ type }) => type === name)
  return { dev: { ...shown(name, result.value), ...(own !== undefined && { measure: measureId(own) }) } }
}

function testOf({ spec, metrics: results }: RunRecord): { test?: Shown } {
  const name = spec.metrics[0]?.type
  const result = name === undefined ? undefined : (results.test?.[name] ?? results.dev?.[name])
  if (name === undefined || result === undefined || isUndefined(result)) return {}
  const { unit, better } = metrics.find(name) ?? unknownMetric
  const { low, high } = drawnResult(result)
  const range = low === high ? '' : ` (${rangeText(low, high, unit)})`
  return {
    test: {
      metric: metricTitle(name),
      value: result.value,
      text: `${valueWithUnit(result.value, unit)}${range}`,
      better,
    },
  }
}

/** The metric that selects; the first of the metrics where that is the loss. */
function selectingMetric(spec: Pick<Spec, 'train' | 'metrics'>): string | undefined {
  const [choice] = selectChoices(spec)
  const name = choice === undefined ? 'loss' : choiceName(choice)
  return name === 'loss' ? spec.metrics[0]?.type : name
}

/** The best value of a metric on dev that a running trial has recorded. */
export function devSoFar(name: string | undefined, history: RunHistory): { dev?: Shown } {
  const best = bestOnDev(history, name)
  return best === undefined ? {} : { dev: shown(best.metric, best.value) }
}

function shown(metric: string, value: number): Shown {
  const { unit, better } = metrics.find(metric) ?? unknownMetric
  return { metric: metricTitle(metric), value, text: valueWithUnit(value, unit), better }
}

/** One of parts that were not given to this command. */
const unknownMetric = { unit: 'number', better: 'lower' } as const

/** The best on dev among trials that have the same metric as the first of them, and measure it alike as far as is known. */
export function bestOf(rows: readonly TrialRow[]): { best?: Best } {
  const known = rows.flatMap((row) => (row.dev === undefined ? [] : [{ ...row, dev: row.dev }]))
  const [first] = known
  if (first === undefined) return {}
  const sign = first.dev.better === 'higher' ? -1 : 1
  const [best = first] = known
    .filter(({ dev: { metric, measure = first.dev.measure } }) => {
      return metric === first.dev.metric && measure === (first.dev.measure ?? measure)
    })
    .toSorted((a, b) => sign * (a.dev.value - b.dev.value))
  const { label, seed, dev } = best
  const trial = seed === undefined ? label : `${label}, seed ${seed}`
  return { best: { trial, metric: dev.metric, text: dev.text } }
}
