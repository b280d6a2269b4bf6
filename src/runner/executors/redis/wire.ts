// What stands in a job of the queue, both ways: plain JSON, which is checked before anything else is done with it. Files are
// named by their digests alone; no path goes to a worker.
import Type, { type Static } from 'typebox'
import { list } from '../../../core/checked-json.js'
import { digestSchema, eventSchema, failureSchema, outcomeSchema } from '../attempt-schemas.js'

const closed = { additionalProperties: false }
const text = Type.String({ maxLength: 10_000 })
const digest = Type.String({ pattern: '^[0-9a-f]{64}$' })
const version = Type.Literal(1)

/** Files of one folder by their names in it: no name leads out of the folder. */
export const fileSetSchema = Type.Record(
  Type.String({ pattern: '^[A-Za-z0-9_@+-][A-Za-z0-9._@+-]{0,199}(/[A-Za-z0-9_@+-][A-Za-z0-9._@+-]{0,199}){0,3}$' }),
  digestSchema,
  { maxProperties: 2000, ...closed },
)
export type FileSet = Static<typeof fileSetSchema>

const common = {
  schemaVersion: version,
  /** The folder of the study, by a name that is its own. */
  study: Type.String({ pattern: '^[0-9a-z]{8,40}$' }),
  trialId: Type.String({ pattern: '^[0-9a-f]{16}$' }),
  attempt: Type.Integer({ minimum: 1, maximum: 1e9 }),
  seed: Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }),
  label: text,
  /** Checked as any spec by who reads it: its shape is that of its parts. */
  spec: Type.Record(Type.String(), Type.Unknown()),
  digests: Type.Object({ training: digest, test: digest }, closed),
  /** The encoded examples, vocabularies, tokenizers and vectors. */
  dataset: digestSchema,
  engine: Type.Object(
    {
      name: Type.Union([
        Type.Literal('auto'),
        Type.Literal('compiled'),
        Type.Literal('tfjs-node'),
        Type.Literal('tfjs-cpu'),
      ]),
      loneFlops: Type.Optional(Type.Number({ minimum: 0 })),
    },
    closed,
  ),
  /** The user's own parts by what is in their files: a worker uses its own copies, or refuses. */
  parts: list(Type.Object({ file: text, digest }, closed)),
  /** How long the attempt may run; null: for ever. */
  trialMs: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]),
  /** Memory that its process may take, in bytes, where that was asked for; a worker may allow less. */
  hostBytes: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]),
}

const trainSchema = Type.Object(
  {
    kind: Type.Literal('train'),
    ...common,
    /** The checkpoint that it continues. */
    resume: Type.Optional(fileSetSchema),
    /** What `train.init` takes from another run. */
    start: Type.Optional(Type.Object({ digest, files: fileSetSchema }, closed)),
  },
  closed,
)

const evaluateSchema = Type.Object(
  {
    kind: Type.Literal('evaluate'),
    ...common,
    trained: fileSetSchema,
    evaluations: list(
      Type.Object(
        {
          id: Type.String({ pattern: '^[0-9a-f]{8}$' }),
          decode: Type.Record(Type.String(), Type.Unknown()),
          metrics: list(Type.Record(Type.String(), Type.Unknown())),
        },
        closed,
      ),
    ),
  },
  closed,
)

export const wireJobSchema = Type.Union([trainSchema, evaluateSchema])
export type WireJob = Static<typeof wireJobSchema>
export type WireTrainJob = Static<typeof trainSchema>
export type WireEvaluateJob = Static<typeof evaluateSchema>

/** How a job ended, as its worker says. */
export const wireEndSchema = Type.Union([
  Type.Object(
    { schemaVersion: version, kind: Type.Literal('outcome'), outcome: outcomeSchema, files: fileSetSchema },
    closed,
  ),
  Type.Object({ schemaVersion: version, kind: Type.Literal('failure'), failure: failureSchema }, closed),
])
export type WireEnd = Static<typeof wireEndSchema>

/** What a job reports meanwhile. */
export const wireProgressSchema = Type.Object(
  { schemaVersion: version, events: Type.Array(eventSchema, { maxItems: 1000 }) },
  closed,
)
export type WireProgress = Static<typeof wireProgressSchema>

/** A job's name in the queue: BullMQ allows no colon. */
export function jobIdOf({ study, trialId, attempt }: Pick<WireJob, 'study' | 'trialId' | 'attempt'>): string {
  return `${study}-${trialId}-${attempt}`
}
