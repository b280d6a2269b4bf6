import Type, { type TObject, type TSchema } from 'typebox'
import { partSchema } from '../core/part.js'
import { closed } from '../core/schema.js'
import { DataOptions } from '../data/options.js'
import { DecodeOptions } from '../decode/index.js'
import { MetricChoice } from '../metrics/index.js'
import { ModelOptions } from '../model/options.js'
import { tasks } from '../task/index.js'
import { TrainOptions } from '../train/options.js'
import { clusterSchema } from './cluster/options.js'
import { isList, isMap, type Json, type JsonMap } from './document/nodes.js'
import { type JsonSchema, propertiesOf } from './document/schema-navigation.js'
import { ownFiles } from './own/given.js'
import { withOwnParts } from './own/schema.js'
import { StudyOptions, studyKeys } from './study-options.js'

const name = Type.String({
  pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,99}$',
  'x-form': 'letters, digits, `.`, `_` and `-` (not first), at most 100 in all',
  description:
    "The experiment's name, also the name of its folder in runs/: letters, digits, `.`, `_` and `-`. By default the file's name; never inherited by `extends`.",
})

/** A spec with every default filled in. */
const SpecSchema = Type.Object(
  {
    name: Type.Optional(name),
    task: partSchema(tasks, { description: 'The kind of problem.' }),
    data: described(DataOptions, 'Source of the examples, and their tokenization.'),
    model: described(ModelOptions, 'The parts of the model; the task determines which sections are required.'),
    train: described(TrainOptions, 'How the model is trained.'),
    decode: DecodeOptions,
    metrics: Type.Optional(
      Type.Array(MetricChoice, {
        minItems: 1,
        description: 'Metrics; by default those of the task. The first one selects the best checkpoint.',
      }),
    ),
    seed: Type.Integer({
      minimum: 0,
      maximum: 2_147_483_647,
      default: 1,
      description: 'Seed of everything random in training: initial weights, order of examples, dropout, sampling.',
    }),
  },
  { ...closed, 'x-absent': { parts: 'parts of your own are given on the command line: `--parts FILE.js`' } },
)

function described<S extends TObject>(schema: S, description: string): TSchema {
  return { ...schema, description }
}

/** The schema that a spec is checked against, assembled from the declarations of the parts; those of the user's own too. */
export function specSchema(): JsonSchema {
  const files = ownFiles().length
  const schema = assembled.get(files) ?? withOwnParts(plain(SpecSchema))
  assembled.set(files, schema)
  return schema
}

/** By how many files of own parts there are, which are only ever added: each trial's identity asks for it. */
const assembled = new Map<number, JsonSchema>()

/** The schema of a study's keys in addition to a spec's. */
export function studySchema(): JsonSchema {
  return plain(StudyOptions)
}

/** The schema of written specs: part names alone, defaults omitted, `extends`. For editors. */
export function writtenSchema(): JsonSchema {
  return written('seqlab spec', withExtends(specSchema()))
}

/** The same for a study: the base spec's keys and the study's own. */
export function writtenStudySchema(): JsonSchema {
  const base = withExtends(specSchema())
  const properties = { ...propertiesOf(base), ...propertiesOf(plain(StudyOptions)) }
  return written('seqlab study', { ...base, properties })
}

/** The schema of written profiles of clusters. For editors. */
export function writtenClusterSchema(): JsonSchema {
  const $schema = 'http://json-schema.org/draft-07/schema#'
  const loose = loosened(clusterSchema, 'defaults')
  return { $schema, title: 'seqlab cluster profile', ...(isMap(loose) ? loose : {}) }
}

function written(title: string, complete: JsonSchema): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title,
    if: { required: ['extends'] },
    // biome-ignore lint/suspicious/noThenProperty: JSON schema's own word
    then: { $ref: '#/definitions/override' },
    else: { $ref: '#/definitions/complete' },
    definitions: { complete: loosened(complete, 'defaults'), override: loosened(complete, 'all') },
  }
}

function withExtends(schema: JsonSchema): JsonSchema {
  const description = 'Path of another spec, relative to this file, that this spec is merged over.'
  const properties = { extends: { type: 'string', description }, ...propertiesOf(schema) }
  return { ...schema, properties }
}

/** Drops from `required` what has a default, or everything: an overriding file has only what differs. */
function loosened(schema: Json, drop: 'defaults' | 'all'): Json {
  if (Array.isArray(schema)) return schema.map((item) => loosened(item, drop))
  if (!isMap(schema)) return schema
  const entries = Object.entries(schema).map(([key, value]): [string, Json] => [key, loosenedUnder(key, value, drop)])
  const { required, ...rest }: JsonMap = Object.fromEntries(entries)
  const kept = drop === 'all' ? [] : stillRequired(rest, required)
  return kept.length === 0 ? rest : { ...rest, required: kept }
}

function loosenedUnder(key: string, value: Json, drop: 'defaults' | 'all'): Json {
  if (key === 'default' || key === 'enum' || key === 'const') return value
  if (key !== 'properties' || !isMap(value)) return loosened(value, drop)
  const removable = (name: string) => drop === 'all' && name !== 'extends' && !studyKeys.includes(name)
  return Object.fromEntries(
    Object.entries(value).map(([name, property]) => {
      const loose = loosened(property, drop)
      return [name, removable(name) ? orNull(loose) : loose]
    }),
  )
}

/** `null` takes an inherited key away. */
function orNull(schema: Json): Json {
  const nothing = { type: 'null' }
  if (isMap(schema) && isList(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, nothing] }
  return { anyOf: [schema, nothing] }
}

function stillRequired(schema: JsonMap, required: Json | undefined): readonly Json[] {
  if (!Array.isArray(required) || !isMap(schema.properties)) return []
  const properties = schema.properties
  return required.filter((key) => {
    const property = properties[String(key)]
    return !(isMap(property) && 'default' in property)
  })
}

/** TypeBox's hidden marks drop out; what is left is JSON. */
export function plain(schema: TSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema))
}
