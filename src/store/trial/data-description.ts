// What the symbols and series of a trial's data mean, next to its parameters: in a model's description and in a checkpoint.
import { join } from 'node:path'
import Type, { type TSchema } from 'typebox'
import { list, version } from '../../core/checked-json.js'
import { writeFileDurably } from '../../core/files.js'
import type { DataDescription } from '../../data/description.js'
import { SubwordState } from '../../data/tokenizers/subwords/state.js'
import type { CostBasis } from '../../train/types.js'
import { readSealed, sealJson } from '../sealed-json.js'

const text = Type.String()
const number = Type.Number()
const sides = <Schema extends TSchema>(schema: Schema) =>
  Type.Object({ source: Type.Optional(schema), target: Type.Optional(schema) })

const vocabulary = Type.Object({ symbols: list(text), specials: Type.Boolean() })

export const dataDescriptionProperties = {
  vocabularies: Type.Object({
    source: Type.Optional(vocabulary),
    target: Type.Optional(vocabulary),
    features: Type.Optional(vocabulary),
    attributes: Type.Optional(Type.Record(text, vocabulary)),
  }),
  tokenizers: sides(Type.Object({ type: text })),
  joiners: Type.Object({ source: text, target: text }),
  segmentation: Type.Optional(text),
  learned: Type.Optional(sides(SubwordState)),
  scaling: Type.Optional(
    list(
      Type.Object({
        name: text,
        mean: number,
        scale: Type.Number({ exclusiveMinimum: 0 }),
        naiveError: number,
        season: Type.Optional(Type.Integer({ minimum: 1 })),
        role: Type.Optional(Type.Union([Type.Literal('input'), Type.Literal('known-ahead')])),
      }),
    ),
  ),
}

/** Not checked here: they are only ever compared with others. */
const costs = Type.Unsafe<CostBasis>(
  Type.Object({ select: Type.Array(Type.Unknown()), decode: Type.Object({}), data: text }),
)

const fileSchema = Type.Object({
  schemaVersion: version(2),
  ...dataDescriptionProperties,
  costs: Type.Optional(costs),
  levels: Type.Optional(list(text)),
})

/** What the numbers of a checkpoint are about. */
export interface CheckpointDescription extends DataDescription {
  /** What the costs of its validations are costs of. */
  readonly costs?: CostBasis
  /** Levels of instructions of the machines that computed it, each once. */
  readonly levels?: readonly string[]
}

const fileIn = (checkpointDirectory: string) => join(checkpointDirectory, 'data.json')

/** Once for an attempt: all its checkpoints are about the same data. A file that an earlier attempt shares is replaced, not changed. */
export function writeDataDescription(checkpointDirectory: string, description: CheckpointDescription): void {
  writeFileDurably(fileIn(checkpointDirectory), sealJson({ schemaVersion: 2, ...description }))
}

/** Undefined where a checkpoint has none. Throws SeqlabError 'run' where it is damaged or of another version. */
export function readDataDescription(checkpointDirectory: string): CheckpointDescription | undefined {
  return readSealed(fileSchema, fileIn(checkpointDirectory))
}
