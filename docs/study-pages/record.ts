import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Type, { type Static } from 'typebox'
import type { GroupPlayground } from '../../src/report/analysis/comparison/playgrounds.js'
import {
  AttentionExample,
  Curve,
  LengthCurve,
  MetricComparison,
  Variant,
  Verdict,
} from '../../src/report/analysis/comparison/types.js'
import { readSealed } from '../../src/store/index.js'

const text = Type.String()
const number = Type.Number()

const recordedGroup = Type.Object({
  /** The study that it is of. */
  study: text,
  examples: number,
  seedWord: text,
  /** What a loss is measured in, in words. */
  lossLabel: text,
  lossUnit: Type.Union([Type.Literal('nats'), Type.Literal('number')]),
  variants: Type.Array(
    Type.Pick(Variant, ['id', 'label', 'settings', 'seeds', 'unfinished', 'parameters', 'trainMs', 'perStep']),
  ),
  metrics: Type.Array(Type.Pick(MetricComparison, ['name', 'title', 'unit', 'better', 'best', 'values'])),
  curves: Type.Array(Curve),
  lengths: Type.Array(LengthCurve),
  /** The first of the examples that have attention under every variant. */
  attention: Type.Array(AttentionExample),
})

/** Two variants by the same seeds: what a count over subsets of the seeds needs. */
const recordedPair = Type.Object({
  left: text,
  right: text,
  metric: text,
  unit: MetricComparison.properties.unit,
  better: MetricComparison.properties.better,
  seeds: Type.Array(number),
  leftValues: Type.Array(number),
  rightValues: Type.Array(number),
  /** Test examples. */
  examples: number,
  /** By seed and seed: the covariance of their differences (left less right) over resampled examples. */
  exampleCovariance: Type.Array(Type.Array(number)),
})

const recordSchema = Type.Object({
  schemaVersion: Type.Literal(1),
  study: text,
  /** Names of its studies' files: one, or those of a folder. */
  files: Type.Array(text),
  /** sha-256 of these files without their comments. */
  studyDigest: text,
  /** When its last trial was published, ISO 8601. */
  date: text,
  machine: text,
  versions: Type.Record(text, Type.Array(text)),
  /** Of training alone, all trials together. */
  trainMs: number,
  /** Of its first variant, every default filled in. */
  spec: Type.Record(text, Type.Unknown()),
  trials: Type.Array(Type.Object({ id: text, variant: text, seed: number })),
  groups: Type.Array(recordedGroup),
  claims: Type.Array(Verdict),
  pair: Type.Union([recordedPair, Type.Null()]),
  /** Why there is no model to try; null where there is one. */
  noPlayground: Type.Union([text, Type.Null()]),
})

/** experiments/records/NAME.json: what the pages of a study show; sealed, so that no figure of it is typed by hand. */
export type StudyRecord = Readonly<Static<typeof recordSchema>>
export type RecordedGroup = Static<typeof recordedGroup>
export type RecordedPair = Static<typeof recordedPair>

const playgroundSchema = Type.Object({
  group: Type.Unsafe<GroupPlayground>(Type.Object({ models: Type.Array(Type.Object({})) })),
})

export const recordsFolder = fileURLToPath(new URL('../../experiments/records', import.meta.url))

export const recordPath = (folder: string, name: string) => join(folder, `${name}.json`)
export const playgroundPath = (folder: string, name: string) => join(folder, `${name}.playground.json`)

/** Undefined where the study has none. Throws SeqlabError 'run' where it is not what was written. */
export function readRecord(folder: string, name: string): StudyRecord | undefined {
  return readSealed(recordSchema, recordPath(folder, name))
}

/** Its models to try; throws as `readRecord`. */
export function readPlayground(folder: string, name: string): GroupPlayground | undefined {
  return readSealed(playgroundSchema, playgroundPath(folder, name))?.group
}
