import Type, { type Static } from 'typebox'
import { list, version } from '../../core/checked-json.js'
import { studyPath } from '../layout.js'
import { readSealed, writeSealed } from '../sealed-json.js'

const text = Type.String()
const numberOrNull = Type.Union([Type.Number(), Type.Null()])
const rangeOrNull = Type.Union([Type.Object({ low: Type.Number(), high: Type.Number() }), Type.Null()])

const reproductionSchema = Type.Object({
  schemaVersion: version(1),
  study: text,
  command: text,
  /** When its last trial ended, ISO 8601. */
  date: text,
  machine: text,
  versions: Type.Record(Type.String(), list(text)),
  /** Of training alone, all trials together. */
  trainMs: Type.Number(),
  trials: list(Type.Object({ id: text, label: text, seed: Type.Number() })),
  figures: list(
    Type.Object({
      source: text,
      name: text,
      metric: text,
      unit: Type.Union([Type.Literal('percent'), Type.Literal('points'), Type.Literal('nats'), Type.Literal('number')]),
      published: Type.Number(),
      examples: numberOrNull,
      ours: numberOrNull,
      seeds: Type.Number(),
      variants: Type.Number(),
      perSeed: list(Type.Number()),
      together: Type.Optional(Type.Number()),
      interval: rangeOrNull,
      band: rangeOrNull,
      status: Type.Union([
        Type.Literal('reproduced'),
        Type.Literal('better'),
        Type.Literal('worse'),
        Type.Literal('undecided'),
        Type.Literal('no band'),
        Type.Literal('not run'),
      ]),
      text,
    }),
  ),
  claims: list(text),
})

/** reproduction.json: what a study gave beside what was published; sealed, so that no figure of it is typed by hand. */
export type Reproduction = Readonly<Static<typeof reproductionSchema>>

/** Of a study's folder. Throws SeqlabError 'run' where it is damaged or of another version; undefined where there is none. */
export function readReproduction(studyDirectory: string): Reproduction | undefined {
  return readReproductionFile(studyPath(studyDirectory, 'reproduction'))
}

/** A copy of one, wherever it is. Throws as `readReproduction`. */
export function readReproductionFile(path: string): Reproduction | undefined {
  return readSealed(reproductionSchema, path)
}

export function writeReproduction(studyDirectory: string, reproduction: Reproduction): void {
  writeSealed(studyPath(studyDirectory, 'reproduction'), reproduction)
}
