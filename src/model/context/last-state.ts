import type { Static } from 'typebox'
import { noOptions } from '../../core/part.js'
import type { ContextFormer } from '../types.js'

export const lastState: ContextFormer<typeof noOptions, Static<typeof noOptions>> = {
  name: 'last-state',
  summary: "C is the encoder's last real output (last forward beside first backward).",
  equations: ['C = h_S'],
  symbols: {
    C: ['C'],
    h_S: ['D'],
  },
  source: {
    paper: 'Sutskever et al. 2014, Sequence to Sequence Learning with Neural Networks',
    url: 'https://arxiv.org/abs/1409.3215',
  },
  options: noOptions,
  needsLast: true,
  size: (_, { outputs }) => outputs,
  parameters: () => ({}),
  form: (_, __, encoded) => {
    if (encoded.last === undefined) throw new RangeError('last-state needs an encoder with a last state')
    return { vector: encoded.last }
  },
}
