import type { PlainError } from '../core/errors.js'
import type { DataCounts } from '../data/types.js'
import type { Spec } from '../spec/types.js'
import type { TrialResult } from '../train/types.js'

export const recordSchemaVersion = 1

export interface MetricValue {
  readonly value: number
  /** 95 % interval by bootstrap over examples. */
  readonly low: number
  readonly high: number
}

/** record.json: everything that is known of one trial. All but `timings` and `attempts` is the same on every run. */
export interface RunRecord {
  readonly schemaVersion: typeof recordSchemaVersion
  readonly status: 'completed' | 'failed' | 'cancelled'
  readonly trialId: string
  readonly study: string
  readonly label: string
  readonly variant: Readonly<Record<string, unknown>>
  readonly specHash: string
  readonly dataDigest: string
  readonly seed: number
  readonly spec: Spec
  /** By split, then by metric. Empty for trials that failed before they were evaluated. */
  readonly metrics: {
    readonly dev?: Readonly<Record<string, MetricValue>>
    readonly test?: Readonly<Record<string, MetricValue>>
  }
  readonly parameters: number
  readonly parameterShapes?: TrialResult['parameterShapes']
  readonly sizes?: TrialResult['sizes']
  readonly stepsDone: number
  readonly bestStep: number
  readonly data?: DataCounts
  /** Padding over all positions of the training batches, from 0 to 1, and how many shapes there were. */
  readonly batching?: { readonly shapes: number; readonly paddingShare: number }
  readonly engine: string
  readonly versions: Readonly<Record<string, string>>
  readonly error?: PlainError
  readonly timings: Readonly<Record<string, number>>
  readonly attempts: number
}
