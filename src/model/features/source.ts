import { noOptions, type Part } from '../../core/part.js'

/** Features as positions of the source. */
export const sourceJoin = {
  name: 'source',
  summary:
    "Features are positions before the source's first symbol: the encoder reads them, and attention may look at them, as it does at symbols.",
  equations: ['x = [f_1; ...; f_F; x_1; ...; x_S], one after the other'],
  symbols: {
    f_1: ['E'],
    f_F: ['E'],
    x_1: ['E'],
    x_S: ['E'],
  },
  source: {
    paper:
      'Kann & Schütze 2016, Single-Model Encoder-Decoder with Explicit Morphological Representation for Reinflection',
    url: 'https://aclanthology.org/P16-2090/',
  },
  options: noOptions,
} as const satisfies Part<typeof noOptions>
