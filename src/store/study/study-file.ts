import Type, { type Static } from 'typebox'
import { list, version } from '../../core/checked-json.js'
import { studyPath } from '../layout.js'
import { readSealed, writeSealed } from '../sealed-json.js'

const text = Type.String()

/** A label, or settings by path. */
const claimSide = Type.Union([text, Type.Record(Type.String(), Type.Unknown())])

const claimSchema = Type.Object({
  left: claimSide,
  right: Type.Union([text, Type.Record(Type.String(), Type.Unknown()), Type.Number()]),
  metric: Type.Optional(text),
  curve: Type.Optional(text),
  at: Type.Optional(Type.Union([Type.Literal('mean'), Type.Literal('last'), Type.Literal('best'), Type.Number()])),
  relation: Type.Union([
    Type.Literal('better'),
    Type.Literal('worse'),
    Type.Literal('lower'),
    Type.Literal('higher'),
    Type.Literal('equivalent'),
  ]),
  margin: Type.Optional(Type.Number()),
  effect: Type.Optional(Type.Number()),
  spread: Type.Optional(Type.Number()),
})

const variant = Type.Record(Type.String(), Type.Unknown())

const studyTrialSchema = Type.Object({
  id: text,
  label: text,
  variant,
  seed: Type.Number(),
  /** The key of what trains it in the study's `settings`. */
  settings: text,
  /** The digest of the data that it trains on. */
  trainingDigest: text,
  /** The digest of what `train.init` takes from another run. */
  start: Type.Optional(text),
  /** The base directory of relative data paths: whoever runs the trial again needs it. Absent where study.json was lost. */
  baseDir: Type.Optional(text),
  /** What is done with the trained model, each under its own label. */
  evaluations: list(Type.Object({ id: text, label: text, variant })),
})

const studyFileSchema = Type.Object({
  schemaVersion: version(2),
  study: text,
  trials: list(studyTrialSchema),
  /** Trials of earlier plans that are in the directory and not in this plan. */
  earlier: list(studyTrialSchema),
  /** Task, data, model and train of the trials, each once. */
  settings: Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown())),
  claims: list(claimSchema),
  compare: Type.Optional(Type.Object({ metric: Type.Optional(text), by: Type.Optional(list(text)) })),
  published: Type.Optional(
    Type.Object({
      source: text,
      data: Type.Optional(text),
      minutes: Type.Optional(Type.Number()),
      figures: list(
        Type.Object({
          name: Type.Optional(text),
          of: Type.Optional(claimSide),
          metric: text,
          value: Type.Number(),
          ensemble: Type.Optional(Type.Literal(true)),
          examples: Type.Optional(Type.Number()),
        }),
      ),
    }),
  ),
  versions: Type.Record(Type.String(), text),
  /** What else was continued here by force, oldest first: the differences in words. */
  mixed: list(list(text)),
  /** Created by runs of single specs: each adds its trial to those that are here. */
  collects: Type.Optional(Type.Literal(true)),
})

/** study.json: what a run directory was created for, and with what. */
export type StudyFile = Readonly<Static<typeof studyFileSchema>>
export type StudyTrial = Readonly<Static<typeof studyTrialSchema>>

/** A study's study.json; undefined where there is none. Throws SeqlabError 'run' where it is damaged or of another version. */
export function readStudyFile(studyDirectory: string): StudyFile | undefined {
  return readSealed(studyFileSchema, studyPath(studyDirectory, 'study'))
}

export function writeStudyFile(studyDirectory: string, file: StudyFile): void {
  writeSealed(studyPath(studyDirectory, 'study'), file)
}
