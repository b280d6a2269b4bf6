import Type, { type Static, type TSchema } from 'typebox'
import { rateSchema, sizeSchema } from '../core/part.js'
import { closed } from '../core/schema.js'
import { CellChoice } from './cells/index.js'
import { CharacterReaderChoice } from './characters/index.js'
import { ContextChoice } from './context/index.js'
import { UnrollChoice } from './encoder/unroll.js'
import { FeatureJoinChoice } from './features/index.js'
import { HeadChoice } from './heads/index.js'
import { InitialiserChoice } from './initialisers.js'
import { RepresentationChoice } from './representation/index.js'

export const SideOptions = Type.Object({ representation: RepresentationChoice }, closed)
export type SideOptions = Static<typeof SideOptions>

export const SourceOptions = Type.Object(
  {
    representation: RepresentationChoice,
    characters: Type.Optional(CharacterReaderChoice),
    factors: Type.Optional(
      Type.Record(Type.String(), RepresentationChoice, {
        minProperties: 1,
        description:
          "Factors of each token (data.source.factors: its part of speech, FEATS), each by its name with a representation of its own, concatenated to the token's vector. The vectors of several values of a token are added.",
      }),
    ),
  },
  closed,
)
export type SourceOptions = Static<typeof SourceOptions>

const stack = {
  cell: CellChoice,
  hidden: Type.Union([sizeSchema('Of every layer.'), Type.Array(sizeSchema('Of one layer.'), { minItems: 1 })], {
    description: 'Size of the hidden state, of each direction; or a list of sizes, one for each layer from the bottom.',
  }),
  layers: Type.Integer({ minimum: 1, maximum: 64, default: 1, description: 'Number of layers.' }),
  dropout: rateSchema('Dropout on the input of each layer after the first, and on the output of the last.', {
    default: 0,
  }),
}

/** Options around each layer, implemented in model/layers.ts. */
const around = {
  variational: Type.Boolean({
    default: false,
    description: 'Variational dropout: the same mask at every step of a sequence (Gal & Ghahramani 2016).',
  }),
  layerNorm: Type.Boolean({ default: false, description: "Layer normalisation of each layer's outputs." }),
  residual: Type.Boolean({ default: false, description: 'Each layer after the first adds its input to its output.' }),
  initialiser: InitialiserChoice,
}

const InitialState = Type.Union([Type.Literal('zero'), Type.Literal('learned')], {
  default: 'zero',
  description: 'Initial state, where it does not come from C: zeros, or learned.',
})

export const EncoderOptions = Type.Object(
  {
    ...stack,
    ...around,
    bidirectional: Type.Boolean({
      default: false,
      description: 'Whether each layer has a second cell that reads backwards.',
    }),
    inputDropout: Type.Optional(
      rateSchema(
        'Dropout on the input of the first layer: the vectors of symbols and of their characters. Default: none.',
      ),
    ),
    combine: Type.Union([Type.Literal('concat'), Type.Literal('sum')], {
      default: 'concat',
      description: 'How the outputs of the two directions are combined: concatenated, or added.',
    }),
    initialState: InitialState,
    unroll: UnrollChoice,
  },
  closed,
)
export type EncoderOptions = Static<typeof EncoderOptions>

export const FeaturesOptions = Type.Object(
  {
    representation: RepresentationChoice,
    encoder: Type.Optional({
      ...EncoderOptions,
      description: 'What reads the features one after the other. Default: none, each is by itself.',
    }),
    join: FeatureJoinChoice,
  },
  closed,
)
export type FeaturesOptions = Static<typeof FeaturesOptions>

/** Keys that an author may look for here, and why they are not. */
const absentInDecoder = {
  unroll:
    'a decoder runs until it outputs eos, so the number of copies is not known; untied weights are an option of the encoder',
  bidirectional: 'a decoder cannot read symbols that it has not output yet',
  combine: 'a decoder has one direction',
}

export const DecoderOptions = Type.Object(
  {
    ...stack,
    ...around,
    initialState: InitialState,
    receives: Type.Union(
      [Type.Literal('initial-state'), Type.Literal('first-step'), Type.Literal('every-step'), Type.Literal('both')],
      {
        description:
          'How C enters the decoder: as its initial state, concatenated to the input of the first step or of every step, or as initial state and at every step (both).',
      },
    ),
    bridge: Type.Union([Type.Literal('automatic'), Type.Literal('dense'), Type.Literal('none')], {
      default: 'automatic',
      description:
        'How C becomes the initial state: copied where shapes match, else through a learned tanh layer (automatic); always through the layer (dense); or always copied, an error where shapes differ (none).',
    }),
    readout: Type.Union([Type.Literal('automatic'), Type.Literal('output'), Type.Literal('output-and-context')], {
      default: 'automatic',
      description:
        'Input of the output layer: the top output, or also C; automatic: with C under attention before the cell (as in Bahdanau et al. 2015), else without.',
    }),
    tiedEmbedding: Type.Boolean({
      default: false,
      description:
        "Whether the output layer's kernel is the target embedding (Press & Wolf 2017); then its input must have the size of an embedding.",
    }),
  },
  { ...closed, 'x-absent': absentInDecoder },
)
export type DecoderOptions = Static<typeof DecoderOptions>

function described<S extends TSchema>(schema: S, description: string): S {
  return { ...schema, description }
}

/** Which of these sections a spec needs follows from its task. */
export const ModelOptions = Type.Object(
  {
    source: Type.Optional(described(SourceOptions, 'How source symbols enter the encoder.')),
    target: Type.Optional(described(SideOptions, 'How target symbols enter the decoder.')),
    encoder: Type.Optional(described(EncoderOptions, 'What reads the source.')),
    features: Type.Optional(
      described(FeaturesOptions, "A second source: each example's features (data.features), and how they enter."),
    ),
    context: Type.Optional(ContextChoice),
    decoder: Type.Optional(described(DecoderOptions, 'What writes the target.')),
    head: Type.Optional(HeadChoice),
  },
  closed,
)
export type ModelOptions = Static<typeof ModelOptions>
