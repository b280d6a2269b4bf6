import { subtree } from '../core/tree.js'
import { buildEncoder } from './encoder/index.js'
import { encoderNodes } from './encoder/outline.js'
import type { Encoded, Encoder, State } from './encoder/types.js'
import type { BatchShape, Noise } from './noise.js'
import type { EncoderOptions, SideOptions } from './options.js'
import type { OutlineNode } from './outline.js'
import type { ParameterTree, Params } from './parameters.js'
import { buildRepresentation } from './representation/index.js'
import { sideNodes } from './representation/outline.js'
import type { Sequence, Side } from './representation/types.js'

/** Representation and encoder: what a source is read with. */
export interface SourceEncoder {
  readonly parameters: { readonly source: ParameterTree; readonly encoder: ParameterTree }
  readonly encoder: Encoder
  readonly outline: readonly OutlineNode[]
  noise(shape: Pick<BatchShape, 'batch' | 'source'>): { readonly encoder: ReturnType<Encoder['noise']> }
  /** `carry` replaces the encoder's initial state. */
  encode(params: Params, source: Sequence, noise: Noise, carry?: State): Encoded
}

export function buildSourceEncoder(source: SideOptions, options: EncoderOptions, side: Side): SourceEncoder {
  const representation = buildRepresentation(source.representation, side)
  const encoder = buildEncoder(options, representation.output)
  return {
    parameters: { source: representation.parameters, encoder: encoder.parameters },
    encoder,
    outline: [
      ...sideNodes('source', source.representation, side, representation),
      ...encoderNodes(options, representation.output, encoder),
    ],
    noise: ({ batch, source }) => ({ encoder: encoder.noise({ batch, steps: source }) }),
    encode: (params, sequence, noise, carry) => {
      const embedded = representation.embed(subtree(params, 'source'), sequence)
      const encoderNoise = noise === undefined ? undefined : subtree(noise, 'encoder')
      return encoder.run(subtree(params, 'encoder'), embedded, sequence.mask, encoderNoise, carry)
    },
  }
}
