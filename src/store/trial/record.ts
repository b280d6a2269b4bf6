import Type, { type Static } from 'typebox'
import { list, parseChecked, version } from '../../core/checked-json.js'
import type { PlainError } from '../../core/errors.js'
import type { Machine } from '../../core/machine.js'
import type { DataCounts } from '../../data/types.js'
import type { PlannedTrial, Spec } from '../../spec/types.js'
import type { Baseline } from '../../task/baseline.js'
import type { TrialResult } from '../../train/types.js'
import { metricResultsSchema } from './metric-result.js'

const text = Type.String()
const number = Type.Number()
/** Of what training reads, and of the test split. */
const digestsSchema = Type.Object({ training: text, test: text })
const shapes = Type.Record(Type.String(), Type.Immutable(Type.Array(number)))
const symbolSpace = Type.Union([Type.Object({ vocabulary: number }), Type.Object({ width: number })])

/** Symbols of which an example, or a token, has a list. */
const listed = Type.Object({ vocabulary: number, longest: number, several: Type.Optional(Type.Boolean()) })

/**
 * record.json: everything that is known of one trial. All but `memory`, `machine`, `timings` and `attempts` is the same on every
 * run.
 */
const recordSchema = Type.Object({
  schemaVersion: version(2),
  status: Type.Union([Type.Literal('completed'), Type.Literal('failed'), Type.Literal('cancelled')]),
  trialId: text,
  study: text,
  label: text,
  variant: Type.Record(Type.String(), Type.Unknown()),
  trainHash: text,
  digests: digestsSchema,
  /** Digest of what `train.init` took from another run. */
  start: Type.Optional(text),
  /** Id of its final evaluation, whose results `metrics` are. */
  evaluation: text,
  seed: number,
  /** Its hash names it: what it holds was checked when the trial was planned. */
  spec: Type.Unsafe<Spec>(Type.Object({ task: Type.Object({ type: text }), metrics: Type.Array(Type.Object({})) })),
  /** By split, then by metric. Empty for trials that failed before they were evaluated. */
  metrics: Type.Object({ dev: Type.Optional(metricResultsSchema), test: Type.Optional(metricResultsSchema) }),
  /** What answers without a model give on test; absent in older records. */
  baseline: Type.Optional(
    Type.Unsafe<Baseline>(Type.Object({ name: text, metrics: Type.Record(text, Type.Unknown()) })),
  ),
  /** What a language model wrote by itself; absent in older records. */
  written: Type.Optional(
    Type.Object({ limit: number, texts: list(Type.Object({ tokens: list(text), score: number })) }),
  ),
  parameters: number,
  parameterShapes: Type.Optional(shapes),
  sizes: Type.Optional(
    Type.Object({
      source: symbolSpace,
      target: symbolSpace,
      features: Type.Optional(listed),
      attributes: Type.Optional(Type.Record(text, listed)),
    }),
  ),
  /** Symbols that a search gave at most; absent where the task searches for none. */
  outputLimit: Type.Optional(number),
  stepsDone: number,
  bestStep: number,
  /** Where its model is a mean of the last validations' parameters: of how many. */
  averaged: Type.Optional(number),
  data: Type.Optional(Type.Unsafe<DataCounts>(Type.Object({ read: number, kept: Type.Object({}) }))),
  /** Padding over all positions of the training batches, from 0 to 1, and how many shapes there were. */
  batching: Type.Optional(Type.Object({ shapes: number, paddingShare: number })),
  engine: text,
  versions: Type.Record(Type.String(), text),
  error: Type.Optional(Type.Unsafe<PlainError>(Type.Object({ code: text, message: text }))),
  /** Absent in records of trials that never ran, and in older ones. */
  memory: Type.Optional(Type.Object({ stateBytes: number, processPeakBytes: number })),
  /** What computed it; absent in older records. */
  machine: Type.Optional(
    Type.Object({
      ...{ model: text, architecture: text, platform: text, instructions: Type.Optional(text) },
      /** Levels of instructions of other machines that computed some of its steps. */
      earlier: Type.Optional(list(text)),
    }),
  ),
  timings: Type.Record(Type.String(), number),
  attempts: number,
})

export type RunRecord = Readonly<Static<typeof recordSchema>>

/** A cancelled trial has a reason if its budget ran out; without a reason it was merely interrupted. */
export function isFinished({ status, error }: RunRecord): boolean {
  return status === 'completed' || error !== undefined
}

/** Milliseconds that all of a trial took, over its attempts. */
export function tookMs({ timings }: Pick<RunRecord, 'timings'>): number {
  return timings.total ?? Object.values(timings).reduce((sum, ms) => sum + ms, 0)
}

/** What of a trial's attempts makes its record; the rest is the plan's. */
export interface Ending {
  readonly status: RunRecord['status']
  readonly attempts: number
  readonly versions: Readonly<Record<string, string>>
  readonly engine: string
  readonly summary?: Omit<TrialResult, 'predictions' | 'best'>
  readonly data?: DataCounts
  readonly machine?: Machine
  readonly error?: PlainError
}

/** The record of a trial; keys always in one order, so that equal results are equal bytes. */
export function makeRecord(study: string, trial: PlannedTrial, ending: Ending): RunRecord {
  const { summary, data } = ending
  const error = ending.error ?? summary?.error
  return {
    schemaVersion: 2,
    status: ending.status,
    trialId: trial.id,
    study,
    label: trial.label,
    variant: trial.variant,
    trainHash: trial.trainHash,
    digests: trial.digests,
    ...(trial.start === undefined ? {} : { start: trial.start }),
    evaluation: trial.evaluations[0]?.id ?? '',
    seed: trial.seed,
    spec: trial.spec,
    metrics: ending.status === 'completed' && summary !== undefined ? summary.metrics : {},
    ...(ending.status === 'completed' && summary?.baseline !== undefined && { baseline: summary.baseline }),
    ...(ending.status === 'completed' && summary?.written !== undefined && { written: summary.written }),
    parameters: summary?.parameters ?? 0,
    ...(summary === undefined ? {} : { parameterShapes: summary.parameterShapes, sizes: summary.sizes }),
    ...(summary?.outputLimit === undefined ? {} : { outputLimit: summary.outputLimit }),
    stepsDone: summary?.stepsDone ?? 0,
    bestStep: summary?.bestStep ?? 0,
    ...(summary?.averaged === undefined ? {} : { averaged: summary.averaged }),
    ...(data === undefined ? {} : { data }),
    ...(summary === undefined ? {} : { batching: summary.batching }),
    engine: ending.engine,
    versions: ending.versions,
    ...(error === undefined ? {} : { error: lasting(error) }),
    ...(summary === undefined ? {} : { memory: summary.memory }),
    ...(ending.machine === undefined ? {} : { machine: ending.machine }),
    timings: summary?.timings ?? {},
    attempts: ending.attempts,
  }
}

/** The stack of an error is useful only when the error is a bug in seqlab. */
function lasting(error: PlainError): PlainError {
  const { stack: _, ...rest } = error
  return error.code === 'internal' ? error : rest
}

/** A record from the text of its file. Throws SeqlabError 'run', naming the file, where it is none of this version. */
export function parseRecord(text: string, file: string): RunRecord {
  return parseChecked(recordSchema, text, file)
}
