import Type, { type Static } from 'typebox'
import { rateSchema, sizeSchema } from '../core/part.js'
import { CellChoice } from './cells/index.js'
import { ContextChoice } from './context/index.js'
import { RepresentationChoice } from './representation/index.js'

const closed = { additionalProperties: false } as const

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

export const EncoderOptions = Type.Object(
  {
    ...stack,
    bidirectional: Type.Boolean({ default: false, description: 'Whether a second stack of cells reads backwards.' }),
  },
  closed,
)
export type EncoderOptions = Static<typeof EncoderOptions>

export const DecoderOptions = Type.Object(
  {
    ...stack,
    receives: Type.Union([Type.Literal('initial-state'), Type.Literal('every-step'), Type.Literal('both')], {
      description: 'How C enters the decoder: as its initial state, beside the input at every step, or both.',
    }),
    bridge: Type.Union([Type.Literal('automatic'), Type.Literal('dense'), Type.Literal('none')], {
      default: 'automatic',
      description:
        'How C becomes the initial state: copied where shapes agree and else a learned tanh layer (automatic), always the layer (dense), or copied and refused where shapes differ (none).',
    }),
    readout: Type.Union([Type.Literal('automatic'), Type.Literal('output'), Type.Literal('output-and-context')], {
      default: 'automatic',
      description:
        'What the output layer sees: the top output, or C beside it; automatic: with C under attention (as Bahdanau et al. 2015 do), else without.',
    }),
  },
  closed,
)
export type DecoderOptions = Static<typeof DecoderOptions>

/** Which of these sections a spec needs follows from its task. */
export const ModelOptions = Type.Object(
  {
    source: Type.Optional(SideOptions),
    target: Type.Optional(SideOptions),
    encoder: Type.Optional(EncoderOptions),
    context: Type.Optional(ContextChoice),
    decoder: Type.Optional(DecoderOptions),
  },
  closed,
)
export type ModelOptions = Static<typeof ModelOptions>
