import type { EncoderOptions } from '../../src/model/options.js'

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
