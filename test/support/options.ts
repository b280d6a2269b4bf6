import type { DecoderOptions, EncoderOptions, SideOptions } from '../../src/model/options.js'

/** An encoder's options with every default filled in, as the spec reader does it. */
export function encoderOptions(more: Partial<EncoderOptions> = {}): EncoderOptions {
  return {
    cell: { type: 'gru', reset: 'after' },
    hidden: 3,
    layers: 1,
    dropout: 0,
    variational: false,
    layerNorm: false,
    residual: false,
    initialiser: { type: 'standard' },
    bidirectional: false,
    combine: 'concat',
    initialState: 'zero',
    unroll: { type: 'shared' },
    ...more,
  }
}

/** A decoder's options with every default filled in. */
export function decoderOptions(more: Partial<DecoderOptions> = {}): DecoderOptions {
  return {
    cell: { type: 'gru', reset: 'after' },
    hidden: 3,
    layers: 1,
    dropout: 0,
    receives: 'both',
    bridge: 'automatic',
    readout: 'automatic',
    ...more,
  }
}

/** A side with a learned embedding. */
export function embedded(size: number): SideOptions {
  return { representation: { type: 'embedding', size, start: 'random', frozen: false } }
}
