// What comes back from another machine about an attempt is checked against these before anything is done with it.
import Type, { type TSchema } from 'typebox'
import { list } from '../../core/checked-json.js'
import { MeasuredValue, UndefinedValue } from '../../core/measured-schema.js'
import { dataCountsSchema } from '../../data/packed-schema.js'
import type { AttemptFailure, AttemptOutcome, FailureKind, TrialSummary, WorkerEvent } from '../messages.js'

const closed = { additionalProperties: false }
const optional = Type.Optional
const number = Type.Number()
const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const text = (maxLength: number) => Type.String({ maxLength })
const name = text(200)
const message = text(20_000)
const oneOf = <const Name extends string>(...names: readonly Name[]) =>
  Type.Union(names.map((each) => Type.Literal(each)))
const record = <Schema extends TSchema>(schema: Schema) => Type.Record(name, schema)

/** A file's size and sha-256. */
export const digestSchema = Type.Object({ bytes: count, sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) }, closed)

const interval = Type.Object(
  {
    low: number,
    high: number,
    method: oneOf('bootstrap', 'clopper-pearson', 'clopper-pearson-errors'),
    undefinedResamples: optional(number),
  },
  closed,
)
const metricResult = Type.Union([
  Type.Object(
    {
      value: number,
      interval: Type.Union([interval, UndefinedValue]),
      note: optional(message),
      counts: optional(record(number)),
      signature: optional(message),
    },
    closed,
  ),
  UndefinedValue,
])
const metrics = Type.Object({ dev: optional(record(metricResult)), test: optional(record(metricResult)) }, closed)

const place = Type.Object({ file: message, line: optional(number), column: optional(number) }, closed)
const problem = Type.Object(
  {
    code: optional(oneOf('unknown-key', 'unreadable-file')),
    path: message,
    message,
    expected: optional(message),
    received: optional(message),
    hint: optional(message),
    place: optional(place),
  },
  closed,
)
const error = Type.Object(
  {
    code: oneOf('spec', 'data', 'trace', 'engine', 'training', 'run', 'internal'),
    message,
    problems: list(problem),
    hint: optional(message),
    stack: optional(message),
  },
  closed,
)

const space = Type.Union([Type.Object({ vocabulary: count }, closed), Type.Object({ width: count }, closed)])
const listed = Type.Object({ vocabulary: count, longest: count, several: optional(Type.Boolean()) }, closed)

const summarySchema = Type.Unsafe<TrialSummary>(
  Type.Object(
    {
      status: oneOf('completed', 'stopped', 'failed'),
      metrics,
      baseline: optional(
        Type.Object(
          {
            name: oneOf('most-frequent', 'copying', 'seasonal-naive'),
            answer: optional(message),
            metrics: record(MeasuredValue),
          },
          closed,
        ),
      ),
      parameters: count,
      parameterShapes: Type.Record(text(1000), Type.Array(count, { maxItems: 16 })),
      sizes: Type.Object(
        { source: space, target: space, features: optional(listed), attributes: optional(record(listed)) },
        closed,
      ),
      outputLimit: optional(count),
      stepsDone: count,
      bestStep: count,
      averaged: optional(count),
      batching: Type.Object({ shapes: count, paddingShare: number }, closed),
      memory: Type.Object({ stateBytes: number, processPeakBytes: number }, closed),
      timings: record(number),
      error: optional(error),
    },
    closed,
  ),
)

const engine = Type.Object({ name: oneOf('compiled', 'tfjs-node', 'tfjs-cpu'), version: name }, closed)
const processor = Type.Object(
  { model: name, architecture: name, platform: name, instructions: optional(name), earlier: optional(list(name)) },
  closed,
)

export const outcomeSchema = Type.Unsafe<AttemptOutcome>(
  Type.Union([
    Type.Object(
      {
        kind: Type.Literal('ran'),
        summary: summarySchema,
        data: dataCountsSchema,
        engine,
        machine: optional(processor),
        files: Type.Record(text(500), digestSchema),
      },
      closed,
    ),
    Type.Object(
      {
        kind: Type.Literal('evaluated'),
        engine,
        machine: optional(processor),
        evaluations: Type.Array(Type.Object({ id: name, metrics, predictions: digestSchema }, closed), {
          maxItems: 10_000,
        }),
      },
      closed,
    ),
    Type.Object({ kind: Type.Literal('stopped') }, closed),
    Type.Object({ kind: oneOf('refused', 'obstructed'), error }, closed),
  ]),
)

const failureKinds: Record<FailureKind, true> = {
  'host-exited': true,
  'thread-exited': true,
  'out-of-memory': true,
  'lease-lost': true,
  'no-progress': true,
  'over-memory': true,
  'over-time': true,
  'time-limit': true,
  'not-begun': true,
  'stopped-by-cluster': true,
}

export const failureSchema = Type.Unsafe<AttemptFailure>(
  Type.Object({ kind: oneOf(...Object.keys(failureKinds)), message, shared: Type.Boolean() }, closed),
)

const train = Type.Object(
  {
    kind: Type.Literal('train'),
    ...{ step: count, totalSteps: count, epoch: number, loss: MeasuredValue, gradientNorm: number },
    ...{ learningRate: number, tokensPerSecond: number, elapsedMs: number },
  },
  closed,
)
const validated = { step: count, loss: MeasuredValue, metrics: record(MeasuredValue), best: Type.Boolean() }

const trialEvent = Type.Union([
  Type.Object(
    { kind: Type.Literal('phase'), phase: oneOf('data', 'compile', 'train', 'validate', 'test', 'write') },
    closed,
  ),
  Type.Object({ kind: Type.Literal('notice'), message }, closed),
  train,
  Type.Object({ kind: Type.Literal('validation'), ...validated, copiesDistance: optional(number) }, closed),
  Type.Object({ kind: Type.Literal('average'), ...validated, validations: count }, closed),
])

export const eventSchema = Type.Unsafe<WorkerEvent>(
  Type.Union([
    Type.Object({ kind: Type.Literal('trial'), event: trialEvent }, closed),
    Type.Object({ kind: Type.Literal('saved'), step: count }, closed),
    Type.Object({ kind: oneOf('warning', 'notice'), message }, closed),
  ]),
)
