// The part of a packed dataset that is JSON: all but the numbers of its columns.
import Type, { type Static, type TSchema } from 'typebox'
import { list } from '../core/checked-json.js'
import type { TagFacts } from '../core/tags.js'
import { SubwordState } from './tokenizers/subwords/state.js'
import type { DataCounts } from './types.js'

const text = Type.String()
const texts = list(text)
const count = Type.Integer({ minimum: 0, maximum: 2 ** 40 })
const number = Type.Number()
const counts = Type.Record(text, count)
const optional = Type.Optional
const sides = <Schema extends TSchema>(schema: Schema) =>
  Type.Object({ source: optional(schema), target: optional(schema) })
const closed = { additionalProperties: false }

const vocabulary = Type.Object({ symbols: texts, specials: Type.Boolean() }, closed)

/** How long a column's arrays are. */
const columnSchema = Type.Object(
  {
    kind: Type.Union([Type.Literal('ids'), Type.Literal('values')]),
    numbers: count,
    offsets: count,
    width: optional(count),
  },
  closed,
)

const links = list(Type.Tuple([count, count]))
const alignment = Type.Object({ sure: links, possible: links })
const unknown = list(Type.Tuple([count, text]))

const splitSchema = Type.Object(
  {
    size: count,
    source: columnSchema,
    /** Absent: the source is its own target. */
    target: optional(columnSchema),
    features: optional(columnSchema),
    ahead: optional(columnSchema),
    exact: optional(Type.Object({ reference: count, naive: optional(count) }, closed)),
    attributes: optional(Type.Record(text, columnSchema)),
    references: optional(Type.Object({ texts: list(texts), offsets: count }, closed)),
    sourceTexts: optional(list(texts)),
    featureTexts: optional(list(texts)),
    alignments: optional(list(Type.Union([alignment, Type.Null()]))),
    unknown: optional(Type.Object({ source: unknown, target: unknown }, closed)),
  },
  closed,
)

const vectors = Type.Object({ width: count, numbers: count, missing: count }, closed)

const preceding = Type.Object({ like: count, other: count })
const lostChanges = Type.Object({ changes: count, lost: count })
const merged = Type.Object({ read: count, examples: count, severalLabels: optional(count) })
const foundVectors = Type.Object({ found: count, symbols: count })
const doubted = Type.Object({ examples: count, first: text })

export const dataCountsSchema = Type.Unsafe<DataCounts>(
  Type.Object(
    {
      read: count,
      kept: Type.Object({ train: count, dev: count, test: count }),
      dropped: counts,
      cut: counts,
      seenInTraining: optional(counts),
      merged: optional(Type.Record(text, merged)),
      vectors: optional(sides(foundVectors)),
      unknownTokens: counts,
      otherForm: optional(counts),
      otherKind: optional(Type.Record(text, text)),
      carried: optional(counts),
      lostChanges: optional(Type.Record(text, lostChanges)),
      doubted: optional(Type.Record(text, doubted)),
      tags: optional(
        Type.Unsafe<TagFacts>(
          Type.Object({
            prefixed: counts,
            bare: counts,
            plain: counts,
            suffixed: optional(counts),
            after: Type.Object({ I: preceding, B: preceding }),
          }),
        ),
      ),
    },
    closed,
  ),
)

const scaling = Type.Object(
  {
    name: text,
    mean: number,
    scale: number,
    naiveError: number,
    season: optional(number),
    role: optional(Type.Union([Type.Literal('input'), Type.Literal('known-ahead')])),
  },
  closed,
)

export const packedDatasetSchema = Type.Object(
  {
    schemaVersion: Type.Literal(1),
    digests: Type.Object({ training: text, test: text }, closed),
    sourceVocabulary: optional(vocabulary),
    targetVocabulary: optional(vocabulary),
    featureVocabulary: optional(vocabulary),
    attributeVocabularies: optional(Type.Record(text, vocabulary)),
    factors: optional(Type.Record(text, Type.Object({ separator: optional(text) }, closed))),
    sourceWidth: optional(count),
    targetWidth: optional(count),
    joiners: Type.Object({ source: text, target: text }, closed),
    learned: optional(sides(SubwordState)),
    segmentation: optional(text),
    vectors: optional(sides(vectors)),
    scaling: optional(list(scaling)),
    train: splitSchema,
    dev: splitSchema,
    test: splitSchema,
    counts: dataCountsSchema,
  },
  closed,
)

export type PackedColumn = Static<typeof columnSchema>
export type PackedSplit = Static<typeof splitSchema>
