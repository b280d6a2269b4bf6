import { noOptions } from '../../core/part.js'
import type { Tensor2D } from '../../core/tf.js'
import type { Encoded } from '../encoder/types.js'
import { context, defineContext } from './types.js'

export const lastState = defineContext({
  name: 'last-state',
  summary:
    "C is the encoder's last output before padding (bidirectional: the last forward and the first backward one).",
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
  build: (_, { outputs }) => context({ parameters: {}, output: outputs, form: (_, encoded) => lastOf(encoded) }),
})

/** The last state [B,D]. Throws RangeError where the encoder has none. */
export function lastOf({ last }: Pick<Encoded, 'last'>): Tensor2D {
  if (last === undefined) throw new RangeError('There is no last state: the encoder has no recurrent cell')
  return last
}
