import { metricResult } from '../../src/metrics/score.js'
import { curvesOf } from '../../src/report/analysis/comparison/lines.js'
import type { Found } from '../../src/report/analysis/comparison/read.js'
import type { FoundTrial } from '../../src/report/analysis/comparison/read-trial.js'
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
    ...{ names: [{ study, label, variant }], lines: { metrics: '', predictions: '' } },
    ...curvesOf(lines),
  }
}

/** What a comparison is made from, without files. */
export function foundTrials(trials: readonly FoundTrial[], more: Partial<Found> = {}): Found {
  return { trials, studies: [], claims: [], leads: [], skipped: [], copies: [], ...more }
}
