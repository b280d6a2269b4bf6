// model.json: everything but the numbers that a prediction needs, and where the model comes from.
import { basename } from 'node:path'
import Type, { type Static, type TSchema } from 'typebox'
import { list, version } from '../../core/checked-json.js'
import { thisProcessor } from '../../core/machine.js'
import type { TagFacts } from '../../core/tags.js'
import type { HostTensor } from '../../core/tensors.js'
import { leaves, type Tree } from '../../core/tree.js'
import { describeData } from '../../data/description.js'
import { namedFiles } from '../../data/named-files.js'
import type { Dataset } from '../../data/types.js'
import { ownFilesOf } from '../../spec/own/used.js'
import type { Spec } from '../../spec/types.js'
import { modelSizes } from '../../task/sizes.js'
import type { TrialResult } from '../../train/types.js'
import type { FileDigest } from '../files.js'
import { dataDescriptionProperties } from '../trial/data-description.js'
import { fileDigestSchema } from '../trial/manifest.js'
import type { metricResultsSchema } from '../trial/metric-result.js'

const text = Type.String()
const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const sides = <Schema extends TSchema>(schema: Schema) =>
  Type.Object({ source: Type.Optional(schema), target: Type.Optional(schema) })

const preceding = Type.Object({ like: Type.Number(), other: Type.Number() })

const port = Type.Object({ name: text, dtype: text, shape: list(Type.Union([count, text])) })

export const modelDescriptionSchema = Type.Object({
  schemaVersion: version(2),
  trialId: text,
  label: text,
  seed: Type.Number(),
  bestStep: count,
  /** Of the best parameters, by metric: for people. */
  dev: Type.Unsafe<Static<typeof metricResultsSchema>>(Type.Record(text, Type.Unknown())),
  ...dataDescriptionProperties,
  /** In steps and in numbers a step; how many symbols there are follows from the vocabularies. */
  sizes: Type.Object({
    longestSource: count,
    longestTarget: count,
    /** Of an example at most, where there are some. */
    longestFeatures: Type.Optional(count),
    /** Of a token's characters, by name. */
    longestAttributes: Type.Optional(Type.Record(text, count)),
    /** Numbers a step, where a side has numbers. */
    widths: sides(count),
    /** Numbers of a word vector, where the data had such files. */
    vectors: sides(count),
  }),
  data: Type.Object({ digests: Type.Object({ training: text, test: text }), files: list(text) }),
  /** How training wrote tags, where a token had one each: metrics of spans depend on it. */
  tags: Type.Optional(
    Type.Unsafe<TagFacts>(
      Type.Object({
        ...{ prefixed: Type.Object({}), bare: Type.Object({}), plain: Type.Object({}) },
        after: Type.Object({ I: preceding, B: preceding }),
      }),
    ),
  ),
  parameters: Type.Object({ count, file: fileDigestSchema }),
  /** The exported form: an ONNX model for each function that a prediction runs. Models of before have none. */
  functions: Type.Optional(
    Type.Record(
      Type.String({ pattern: '^[a-z][a-z-]*$' }),
      Type.Object({
        file: fileDigestSchema,
        inputs: list(port),
        outputs: list(Type.Intersect([port, Type.Object({ path: text })])),
        /** Branches of the outputs that hold nothing. */
        empty: list(text),
        /** Of how many rows its inputs are a multiple; 16 where it is not said. */
        rowsStep: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })),
      }),
    ),
  ),
  /** Files of the user's own parts that its spec names: whoever opens it has to give them again. */
  parts: Type.Optional(list(Type.Object({ file: text, digest: text }))),
  engine: text,
  versions: Type.Record(text, text),
  machine: Type.Object({
    model: text,
    architecture: text,
    platform: text,
    instructions: Type.Optional(text),
  }),
  /** Not checked here: whoever opens the model resolves it as any spec. */
  spec: Type.Unsafe<Spec>(Type.Object({ name: text, task: Type.Object({ type: text }) })),
})

export type ModelDescription = Readonly<Static<typeof modelDescriptionSchema>>

/** One function of a model in its exported form. */
export interface ModelFunction extends Omit<FunctionDescription, 'file'> {
  readonly name: string
  readonly model: Uint8Array
}

type FunctionDescription = NonNullable<ModelDescription['functions']>[string]

/** Where the numbers of each parameter are: in which file beside the functions, from which byte on. */
export type ParameterPlaces = ReadonlyMap<
  string,
  { readonly file: string; readonly offset: number; readonly length: number }
>

/** What a trained model is made of. */
export interface ModelToWrite {
  readonly trialId: string
  readonly label: string
  readonly spec: Spec
  readonly dataset: Dataset
  readonly digests: ModelDescription['data']['digests']
  readonly params: Tree<HostTensor>
  /** Its exported form, whose parameters stay where they are. */
  readonly functions: (places: ParameterPlaces) => Promise<readonly ModelFunction[]>
  readonly result: Pick<TrialResult, 'bestStep' | 'metrics'>
  readonly engine: string
  readonly versions: Readonly<Record<string, string>>
}

export function describeModel(
  model: ModelToWrite,
  file: FileDigest,
  functions: ModelDescription['functions'],
): ModelDescription {
  const { trialId, label, spec, dataset, digests, params, result, engine, versions } = model
  const parts = ownFilesOf(spec).map((own) => ({ file: basename(own.file), digest: own.digest }))
  return {
    schemaVersion: 2,
    ...{ trialId, label, seed: spec.seed, bestStep: result.bestStep, dev: result.metrics.dev },
    ...describeData(dataset, spec.data),
    sizes: sizesOf(dataset),
    ...(dataset.counts.tags && { tags: dataset.counts.tags }),
    data: { digests, files: namedFiles(spec.data) },
    parameters: { count: leaves(params).reduce((sum, [, { data }]) => sum + data.length, 0), file },
    ...(functions && { functions }),
    ...(parts.length > 0 && { parts }),
    ...{ engine, versions, machine: thisProcessor(), spec },
  }
}

function sizesOf(dataset: Dataset): ModelDescription['sizes'] {
  const { longestSource, longestTarget, features, attributes } = modelSizes(dataset)
  const longest = Object.entries(attributes ?? {}).map(([name, each]) => [name, each.longest] as const)
  const { sourceWidth: source, targetWidth: target, vectors } = dataset
  return {
    ...{ longestSource, longestTarget },
    ...(features && { longestFeatures: features.longest }),
    ...(attributes && { longestAttributes: Object.fromEntries(longest) }),
    widths: { ...(source !== undefined && { source }), ...(target !== undefined && { target }) },
    vectors: {
      ...(vectors?.source && { source: vectors.source.width }),
      ...(vectors?.target && { target: vectors.target.width }),
    },
  }
}
