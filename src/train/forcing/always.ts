import type { Static } from 'typebox'
import { noOptions } from '../../core/part.js'
import type { Forcing } from '../parts.js'

export const always: Forcing<typeof noOptions, Static<typeof noOptions>> = {
  name: 'always',
  summary: 'The decoder is always fed the true previous symbol (teacher forcing).',
  equations: ['ε(t) = 1'],
  source: {
    paper: 'Williams & Zipser 1989, A Learning Algorithm for Continually Running Fully Recurrent Neural Networks',
  },
  options: noOptions,
  probability: () => 1,
}
