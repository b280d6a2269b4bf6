import { metricResult } from '../../src/metrics/score.js'
import { compare } from '../../src/report/analysis/comparison/compare.js'
import { curvesOf } from '../../src/report/analysis/comparison/lines.js'
import type { Found } from '../../src/report/analysis/comparison/read.js'
import type { FoundTrial } from '../../src/report/analysis/comparison/read-trial.js'
import type { ComparisonReport, Group } from '../../src/report/analysis/comparison/types.js'
import type { Spec } from '../../src/spec/types.js'
import { statisticsTable } from '../../src/stats/bootstrap.js'
import type { MetricsLine } from '../../src/train/types.js'
import { madeUpMetrics, madeUpSpec, madeUpTrial } from './made-up.js'

const { record: madeUp } = madeUpTrial({ examples: 2, steps: 10 })

export interface FoundOptions {
  readonly label?: string
  readonly seed?: number
  readonly study?: string
  readonly variant?: Readonly<Record<string, unknown>>
  readonly spec?: Spec
  /** Errors of each test example of ten tokens. */
  readonly errors?: readonly number[]
  /** Of its PER on dev; by default that of test. */
  readonly dev?: number
  readonly lines?: readonly MetricsLine[]
  readonly record?: Partial<FoundTrial['record']>
  readonly concerns?: readonly string[]
}

/** A finished trial as `findTrials` gives it, without files: PER is its errors over ten tokens an example. */
export function foundTrial(options: FoundOptions = {}): FoundTrial {
  const { label = 'gru', seed = 1, study = 'cells', errors = [1, 2], lines = [], concerns = [] } = options
  const variant = options.variant ?? { cell: label }
  const table = statisticsTable(errors.map((wrong) => [wrong, 10]))
  const per = madeUpMetrics('per')
  if (per === undefined) throw new Error('per is known')
  const result = metricResult(per, table, { seed: 1, resamples: 20 })
  const dev = options.dev === undefined ? result : { value: options.dev, interval: { value: null, reason: 'made up' } }
  const spec = { ...(options.spec ?? madeUpSpec), seed, metrics: [{ type: 'per' as const }] }
  const record = {
    ...{ ...madeUp, label, seed, study, variant, spec },
    ...{
      trialId: `${study}-${label}-${seed}`,
      trainHash: `hash of ${label}`,
      metrics: { dev: { per: dev }, test: { per: result } },
    },
    ...options.record,
  } as const
  return {
    ...{ directory: `runs/${study}/${record.trialId}`, record, concerns, statistics: { per: table } },
    ...{
      names: [{ study, folder: `runs/${study}`, label, variant }],
      validated: [{ name: 'per', spec: { type: 'per' as const } }],
      lines: { metrics: '', predictions: '' },
    },
    ...curvesOf(lines),
  }
}

/** What a comparison is made from, without files. */
export function foundTrials(trials: readonly FoundTrial[], more: Partial<Found> = {}): Found {
  return { trials, studies: [], claims: [], published: [], ensembles: [], leads: [], skipped: [], copies: [], ...more }
}

/** The comparison of such trials. */
export function compareFound(
  trials: readonly FoundTrial[],
  options: Omit<Parameters<typeof compare>[1], 'command'> = {},
  more: Partial<Found> = {},
): ComparisonReport {
  return compare(foundTrials(trials, more), { command: 'seqlab compare', ...options })
}

/** Its only group. */
export function comparedGroup(...args: Parameters<typeof compareFound>): Group {
  const [group, ...others] = compareFound(...args).groups
  if (group === undefined || others.length > 0) throw new Error('one group')
  return group
}

/** A trial of a grid over the encoder's size; `train` changes its training. */
export function sizedTrial(hidden: number, seed: number, more: FoundOptions = {}, train: object = {}): FoundTrial {
  const encoder = { ...madeUpSpec.model.encoder, hidden }
  const spec = {
    ...madeUpSpec,
    ...{ model: { ...madeUpSpec.model, encoder }, train: { ...madeUpSpec.train, ...train } },
  } as typeof madeUpSpec
  return foundTrial({ label: `hidden=${hidden}`, seed, variant: { 'model.encoder.hidden': hidden }, spec, ...more })
}
