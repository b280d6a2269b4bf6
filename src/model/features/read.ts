import { expandDims, mul } from '../../core/ops.js'
import type { Tensor2D } from '../../core/tf.js'
import { subtree } from '../../core/tree.js'
import { type Axis, renamed, units } from '../axes.js'
import { formers } from '../context/index.js'
import type { Context } from '../context/types.js'
import { buildEncoder } from '../encoder/index.js'
import type { Encoded, EncodedFeatures, Encoder } from '../encoder/types.js'
import type { Noise, NoiseSpec } from '../noise.js'
import type { FeaturesOptions } from '../options.js'
import type { ParameterTree, Params } from '../parameters.js'
import { type BuiltRepresentation, buildRepresentation } from '../representation/index.js'
import type { Side } from '../representation/types.js'
import type { FeatureAttentionChoice } from './index.js'

/** The features of a batch: ids [B,F] int32, mask [B,F] float32. */
export interface FeatureIds {
  readonly ids: Tensor2D
  readonly mask: Tensor2D
}

/** What features give a decoder, or a head of labels, next to C. */
export type FeaturesBeside =
  | { readonly join: 'context'; readonly output: Axis }
  | {
      readonly join: 'attention'
      readonly output: Axis
      readonly choice: FeatureAttentionChoice
      /** F. */
      readonly longest: number
    }

/** Features read by themselves: as vectors, perhaps encoded, perhaps summarised. Parameters are under `features`. */
export interface FeatureReading {
  readonly parameters: ParameterTree
  readonly beside: FeaturesBeside
  readonly representation: BuiltRepresentation
  readonly encoder?: Encoder
  readonly summary?: Context
  noise(batch: number): Readonly<Record<string, ReturnType<Encoder['noise']>>>
  read(params: Params, features: FeatureIds, noise: Noise): EncodedFeatures
}

/** How features are read where they do not join the source; undefined where they do. `longest`: F. */
export function buildFeatures(options: FeaturesOptions, side: Side, longest: number): FeatureReading | undefined {
  const { join, representation: choice, encoder: encoding } = options
  if (join.type === 'source') return undefined
  const representation = buildRepresentation(choice, side)
  const encoder = encoding && buildEncoder(encoding, representation.output)
  const states = renamed(encoder?.output ?? representation.output, 'G')
  const summary = join.type === 'context' ? formers.build(join.summary, { outputs: states }) : undefined
  const encode = (params: Params, { ids, mask }: FeatureIds, noise: Noise): Encoded => {
    const embedded = representation.embed(subtree(params, 'representation'), { ids, mask })
    if (encoder === undefined) return { outputs: mul(embedded, expandDims(mask, 2)), mask, layers: [] }
    const encoderNoise = noise === undefined || !('features' in noise) ? undefined : subtree(noise, 'features')
    return encoder.run(subtree(params, 'encoder'), embedded, mask, encoderNoise)
  }
  return {
    parameters: {
      representation: representation.parameters,
      ...(encoder && { encoder: encoder.parameters }),
      ...(summary && { summary: summary.parameters }),
    },
    beside: besideOf(join, summary?.output ?? states, longest),
    representation,
    ...(encoder && { encoder }),
    ...(summary && { summary }),
    noise: (batch): Readonly<Record<string, Readonly<Record<string, NoiseSpec>> | ReturnType<Encoder['noise']>>> =>
      encoder === undefined ? {} : { features: encoder.noise({ batch, steps: longest }) },
    read: (params, features, noise) => {
      const own = subtree(params, 'features')
      const encoded = encode(own, features, noise)
      if (summary === undefined) return { outputs: encoded.outputs, mask: encoded.mask }
      return { summary: summary.form(subtree(own, 'summary'), encoded) }
    },
  }
}

function besideOf(
  join: Exclude<FeaturesOptions['join'], { type: 'source' }>,
  output: Axis,
  longest: number,
): FeaturesBeside {
  return join.type === 'context' ? { join: 'context', output } : { join: 'attention', output, choice: join, longest }
}

/** In place of a size that only the data decide: no hidden size is as large, or a multiple or a part of it. */
const unknownSize = 65_537

/** The same before there is data, for the rules. */
export function besideByOptions({ features }: { readonly features?: FeaturesOptions }): FeaturesBeside | undefined {
  if (features === undefined) return undefined
  const side: Side = { kind: 'ids', axis: { ...units('V_f', unknownSize), index: 'features' } }
  return buildFeatures(features, side, 1)?.beside
}

/** Of an axis, or of one that it is joined of. */
export function isUnknownSize({ size, parts = [] }: Axis): boolean {
  return size === unknownSize || parts.some(isUnknownSize)
}

/** `20 numbers`, or where that is not known before there is data, `20 numbers and one for each feature in the data`. */
export function numbersText(axis: Axis): string {
  if (!isUnknownSize(axis)) return `${axis.size} numbers`
  const known = axis.size - unknownSize
  return known === 0 ? 'a number for each feature in the data' : `${known} numbers and one for each feature in the data`
}
