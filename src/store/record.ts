import type { PlainError } from '../core/errors.js'
import type { DataCounts } from '../data/types.js'
import type { PlannedTrial, Spec } from '../spec/types.js'
import type { TrialResult } from '../train/types.js'

export const recordSchemaVersion = 1

export interface MetricValue {
  readonly value: number
  /** 95 % interval by bootstrap over examples. */
  readonly low: number
  readonly high: number
}

/**
 * record.json: everything that is known of one trial. All but `memory`, `timings` and `attempts` is the same on every
 * run.
 */
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
  /** Absent in records of trials that never ran, and in older ones. */
  readonly memory?: TrialResult['memory']
  readonly timings: Readonly<Record<string, number>>
  readonly attempts: number
}

/** What of a trial's attempts makes its record; the rest is the plan's. */
export interface Ending {
  readonly status: RunRecord['status']
  readonly attempts: number
  readonly versions: Readonly<Record<string, string>>
  readonly engine: string
  readonly summary?: Omit<TrialResult, 'predictions'>
  readonly data?: DataCounts
  readonly error?: PlainError
}

/** The record of a trial; keys always in one order, so that equal results are equal bytes. */
export function makeRecord(study: string, trial: PlannedTrial, ending: Ending): RunRecord {
  const { summary, data } = ending
  const error = ending.error ?? summary?.error
  return {
    schemaVersion: recordSchemaVersion,
    status: ending.status,
    trialId: trial.id,
    study,
    label: trial.label,
    variant: trial.variant,
    specHash: trial.specHash,
    dataDigest: trial.dataDigest,
    seed: trial.seed,
    spec: trial.spec,
    metrics: ending.status === 'completed' && summary !== undefined ? summary.metrics : {},
    parameters: summary?.parameters ?? 0,
    ...(summary === undefined ? {} : { parameterShapes: summary.parameterShapes, sizes: summary.sizes }),
    stepsDone: summary?.stepsDone ?? 0,
    bestStep: summary?.bestStep ?? 0,
    ...(data === undefined ? {} : { data }),
    ...(summary === undefined ? {} : { batching: summary.batching }),
    engine: ending.engine,
    versions: ending.versions,
    ...(error === undefined ? {} : { error: lasting(error) }),
    ...(summary === undefined ? {} : { memory: summary.memory }),
    timings: summary?.timings ?? {},
    attempts: ending.attempts,
  }
}

/** Where in the code an error was raised tells something only when it is a defect of ours. */
function lasting(error: PlainError): PlainError {
  const { stack: _, ...rest } = error
  return error.code === 'internal' ? error : rest
}

/** A record out of the text of its file, or what is wrong with it. */
export function readRecord(
  text: string,
  file: string,
): { readonly record: RunRecord; readonly problem?: never } | { readonly record?: never; readonly problem: string } {
  let value: Partial<RunRecord> | null
  try {
    value = JSON.parse(text) as Partial<RunRecord> | null
  } catch {
    return { problem: `${file} is damaged: it is not whole JSON` }
  }
  if (value?.schemaVersion !== recordSchemaVersion) {
    const written = String(value?.schemaVersion)
    return { problem: `${file} has schema version ${written}; this seqlab reads version ${recordSchemaVersion}` }
  }
  const missing = requiredKeys.filter((key) => value[key] === undefined)
  if (missing.length > 0) return { problem: `${file} lacks ${missing.join(', ')}` }
  return { record: value as RunRecord }
}

const requiredKeys = ['status', 'trialId', 'study', 'specHash', 'dataDigest', 'seed', 'spec', 'metrics'] as const
