import { add, expandDims, mul, sub } from '../core/ops.js'
import type { Tensor3D } from '../core/tf.js'
import { subtree } from '../core/tree.js'
import { characterReaders } from './characters/index.js'
import { characterNodes } from './characters/outline.js'
import { withCharacters } from './characters/represent.js'
import { buildEncoder } from './encoder/index.js'
import { encoderNodes } from './encoder/outline.js'
import type { Encoded, Encoder, State } from './encoder/types.js'
import { factorNodes } from './factors/outline.js'
import { buildFactor, type FactorInput, withFactors } from './factors/represent.js'
import { featureNodes } from './features/outline.js'
import { buildFeatures, type FeatureReading, type FeaturesBeside } from './features/read.js'
import type { BatchShape, Noise } from './noise.js'
import type { EncoderOptions, FeaturesOptions, ModelOptions, SourceOptions } from './options.js'
import type { OutlineNode } from './outline.js'
import type { ParameterTree, Params } from './parameters.js'
import { type BuiltRepresentation, buildRepresentation } from './representation/index.js'
import { sideNodes } from './representation/outline.js'
import type { Sequence, Side } from './representation/types.js'
import { attributeSideOf, factorSideOf, featureSideOf, type Listed, type ModelSizes } from './sizes.js'

/** Representation and encoder: what a source is read with, and its features where it has some. */
export interface SourceEncoder {
  readonly parameters: {
    readonly source: ParameterTree
    readonly encoder: ParameterTree
    readonly features?: ParameterTree
  }
  readonly encoder: Encoder
  /** What features give next to C, where they are read by themselves. */
  readonly features?: FeaturesBeside
  readonly outline: readonly OutlineNode[]
  noise(shape: Pick<BatchShape, 'batch' | 'source'>): { readonly encoder: ReturnType<Encoder['noise']> }
  /** `carry` replaces the encoder's initial state. */
  encode(params: Params, source: Sequence, noise: Noise, carry?: State): Encoded
}

/** A model's features: their options, what they are, and how many an example has at most (F). */
export interface FeatureInput {
  readonly options: FeaturesOptions
  readonly side: Side
  readonly longest: number
}

/** The characters of the source's symbols, and how many of them a symbol has at most (C). */
type CharacterInput = Side & Pick<Listed, 'longest'>

/** The characters that a model reads; undefined where it reads none. */
function characterInputOf({ source }: ModelOptions, sizes: ModelSizes): CharacterInput | undefined {
  return source?.characters === undefined ? undefined : attributeSideOf(sizes, 'characters')
}

/** The factors that a model reads, in the order in which its spec has them. */
function factorInputsOf({ source }: ModelOptions, sizes: ModelSizes): readonly FactorInput[] {
  return Object.entries(source?.factors ?? {}).map(([name, choice]) => {
    return { name, choice, side: factorSideOf(sizes, name) }
  })
}

/** A model's features with what is known of them; undefined where it reads none. */
function featureInputOf({ features }: ModelOptions, sizes: ModelSizes): FeatureInput | undefined {
  if (features === undefined) return undefined
  return { options: features, side: featureSideOf(sizes), longest: sizes.features?.longest ?? 1 }
}

/** What a source is read as, besides its own symbols. */
interface Besides {
  readonly features?: FeatureInput | undefined
  readonly characters?: CharacterInput | undefined
  readonly factors?: readonly FactorInput[]
}

export function besidesOf(model: ModelOptions, sizes: ModelSizes): Besides {
  const factors = factorInputsOf(model, sizes)
  return { features: featureInputOf(model, sizes), characters: characterInputOf(model, sizes), factors }
}

export function buildSourceEncoder(
  source: SourceOptions,
  options: EncoderOptions,
  side: Side,
  { features, characters, factors = [] }: Besides = {},
): SourceEncoder {
  const { representation, nodes } = sourceRepresentation(source, side, characters, factors)
  const encoder = buildEncoder(options, representation.output)
  const reading = features && buildFeatures(features.options, features.side, features.longest)
  const positions = features && reading === undefined ? positionsOf(features) : undefined
  return {
    parameters: {
      source: representation.parameters,
      encoder: encoder.parameters,
      ...(reading && { features: reading.parameters }),
      ...(positions && { features: { representation: positions.parameters } }),
    },
    encoder,
    ...(reading && { features: reading.beside }),
    outline: [
      ...nodes,
      ...(features ? featureNodes(features, reading, positions) : []),
      ...encoderNodes(options, representation.output, encoder),
    ],
    noise: ({ batch, source }) => ({
      encoder: encoder.noise({ batch, steps: source + (positions === undefined ? 0 : (features?.longest ?? 0)) }),
      ...reading?.noise(batch),
    }),
    encode: (params, sequence, noise, carry) => {
      const embedded = embed(params, sequence, representation, positions)
      const encoderNoise = noise === undefined ? undefined : subtree(noise, 'encoder')
      const encoded = encoder.run(subtree(params, 'encoder'), embedded, sequence.mask, encoderNoise, carry)
      return reading === undefined ? encoded : { ...encoded, features: read(reading, params, sequence, noise) }
    },
  }
}

/** A symbol's own vector, with what its characters and its factors give. */
function sourceRepresentation(
  source: SourceOptions,
  side: Side,
  characters: CharacterInput | undefined,
  factors: readonly FactorInput[],
) {
  const read = wordRepresentation(source, side, characters)
  if (factors.length === 0) return read
  const built = factors.map(buildFactor)
  const nodes = [...read.nodes, ...factorNodes(built, read.representation.output)]
  return { representation: withFactors(read.representation, built), nodes }
}

function wordRepresentation(source: SourceOptions, side: Side, characters: CharacterInput | undefined) {
  const words = buildRepresentation(source.representation, side)
  const nodes = sideNodes('source', source.representation, side, words)
  if (source.characters === undefined || characters === undefined) return { representation: words, nodes }
  const reader = characterReaders.build(source.characters, characters)
  const representation = withCharacters(words, reader)
  const read = characterNodes(source.characters, reader, characters, representation.output)
  return { representation, nodes: [...nodes, ...read] }
}

function positionsOf({ options, side }: FeatureInput): BuiltRepresentation {
  return buildRepresentation(options.representation, side)
}

/** [B,S,E]; where features are positions of the source, each position is one or the other. */
function embed(
  params: Params,
  sequence: Sequence,
  representation: BuiltRepresentation,
  positions: BuiltRepresentation | undefined,
): Tensor3D {
  const own = subtree(params, 'source')
  if (positions === undefined) return representation.embed(own, sequence)
  const { ids: symbols } = withSymbols(sequence)
  const { ids, mask } = featuresOf(sequence)
  const others = sub(sequence.mask, mask)
  const source = representation.embed(own, { ids: symbols, mask: others })
  const features = positions.embed(subtree(subtree(params, 'features'), 'representation'), { ids, mask })
  return add(mul(source, expandDims(others, 2)), mul(features, expandDims(mask, 2)))
}

function read(reading: FeatureReading, params: Params, sequence: Sequence, noise: Noise) {
  return reading.read(params, featuresOf(sequence), noise)
}

function withSymbols(sequence: Sequence): Extract<Sequence, { ids: unknown }> {
  if (!('ids' in sequence)) throw new RangeError('Features are next to symbols, and the source has numbers')
  return sequence
}

function featuresOf(sequence: Sequence) {
  const { features } = withSymbols(sequence)
  if (features === undefined) throw new RangeError('The model reads features, and the batch has none')
  return features
}
