import Type, { type Static, type TSchema } from 'typebox'
import { rateSchema, sizeSchema } from '../core/part.js'
import { closed } from '../core/schema.js'
import { CellChoice } from './cells/index.js'
import { ContextChoice } from './context/index.js'
import { UnrollChoice } from './encoder/unroll.js'
import { HeadChoice } from './heads/index.js'
import { InitialiserChoice } from './initialisers.js'
import { RepresentationChoice } from './representation/index.js'

export const SideOptions = Type.Object({ representation: RepresentationChoice }, closed)
export type SideOptions = Static<typeof SideOptions>

const stack = {
  cell: CellChoice,
  hidden: sizeSchema('Size of the hidden state, of each direction.'),
  layers: Type.Integer({ minimum: 1, maximum: 64, default: 1, description: 'How many layers.' }),
  dropout: rateSchema('Dropout on what goes into each layer after the first, and on what the last gives.', {
    default: 0,
  }),
}

/** What stands around each layer; honoured by model/layers.ts. */
const around = {
  variational: Type.Boolean({
    default: false,
    description: 'Dropout drops the same numbers at every step of a sequence (Gal & Ghahramani 2016).',
  }),
  layerNorm: Type.Boolean({ default: false, description: "Layer normalisation of each layer's outputs." }),
  residual: Type.Boolean({ default: false, description: 'Each layer after the first adds its input to its output.' }),
  initialiser: InitialiserChoice,
}

const InitialState = Type.Union([Type.Literal('zero'), Type.Literal('learned')], {
  default: 'zero',
  description: 'The state before the first step, where nothing else makes it: zeros, or learned.',
})

export const EncoderOptions = Type.Object(
  {
    ...stack,
    ...around,
    bidirectional: Type.Boolean({
      default: false,
      description: 'Whether a second cell in each layer reads backwards.',
    }),
    combine: Type.Union([Type.Literal('concat'), Type.Literal('sum')], {
      default: 'concat',
      description: 'How the outputs of the two directions become one: side by side, or added.',
    }),
    initialState: InitialState,
    unroll: UnrollChoice,
  },
  closed,
)
export type EncoderOptions = Static<typeof EncoderOptions>

/** Keys that an author may look for here, and why they are not. */
const absentInDecoder = {
  unroll:
    'a decoder writes until it gives eos, so no length says for how many steps there are copies; untied weights are an option of the encoder',
  bidirectional: 'a decoder cannot read what it has not written yet',
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
          'How C enters the decoder: as its initial state, beside the input of the first step or of every step, or as initial state and at every step (both).',
      },
    ),
    bridge: Type.Union([Type.Literal('automatic'), Type.Literal('dense'), Type.Literal('none')], {
      default: 'automatic',
      description:
        'How C becomes the initial state: copied where shapes agree and else a learned tanh layer (automatic), always the layer (dense), or copied and refused where shapes differ (none).',
    }),
    readout: Type.Union([Type.Literal('automatic'), Type.Literal('output'), Type.Literal('output-and-context')], {
      default: 'automatic',
      description:
        'What the output layer sees: the top output, or C beside it; automatic: with C under attention before the cell (as Bahdanau et al. 2015 do), else without.',
    }),
    tiedEmbedding: Type.Boolean({
      default: false,
      description:
        "Whether the output layer's kernel is the target embedding (Press & Wolf 2017); then it must see as many numbers as an embedding has.",
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
    source: Type.Optional(described(SideOptions, 'How source symbols enter the encoder.')),
    target: Type.Optional(described(SideOptions, 'How target symbols enter the decoder.')),
    encoder: Type.Optional(described(EncoderOptions, 'What reads the source.')),
    context: Type.Optional(ContextChoice),
    decoder: Type.Optional(described(DecoderOptions, 'What writes the target.')),
    head: Type.Optional(HeadChoice),
  },
  closed,
)
export type ModelOptions = Static<typeof ModelOptions>
