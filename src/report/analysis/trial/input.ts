import type { ModelOptions } from '../../../model/options.js'
import type { RunRecord } from '../../../store/index.js'
import type { MetricsLine, PredictionLine } from '../../../train/types.js'
import type { Joiners } from '../joiners.js'
import type { MetricLookup } from '../metrics.js'
import type { Forming } from '../samples/types.js'

/** What the sections about predictions are made from. */
export interface PredictionsInput {
  readonly record: Pick<RunRecord, 'seed'> & {
    readonly spec: Pick<RunRecord['spec'], 'task'> & { readonly model: Pick<ModelOptions, 'features'> }
  }
  readonly predictions: readonly PredictionLine[]
  readonly metrics: MetricLookup
  /** How tokens are joined again for people. */
  readonly joiners: Joiners
}

/** Everything that a trial's page is made from. */
export interface TrialReportInput extends PredictionsInput {
  readonly record: RunRecord
  readonly lines: readonly MetricsLine[]
  /** Known from the study, where it is known. */
  readonly command?: string
  readonly machine?: string
  /** What validations gave for a few examples; or why that cannot be shown. */
  readonly forming?: Forming | { readonly problem: string }
  /** What of its files is damaged or missing, in words: the page has the others. */
  readonly problems?: readonly string[]
  /** Addresses of other pages that exist, or are about to be written. */
  readonly links?: { readonly index?: string; readonly comparison?: string }
}
