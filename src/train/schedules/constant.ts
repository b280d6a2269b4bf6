import type { Static } from 'typebox'
import { noOptions } from '../../core/part.js'
import type { Schedule } from '../parts.js'

export const constant: Schedule<typeof noOptions, Static<typeof noOptions>> = {
  name: 'constant',
  summary: 'The learning rate stays as it is.',
  equations: ['f(t) = 1'],
  source: { paper: 'Robbins & Monro 1951, A Stochastic Approximation Method' },
  options: noOptions,
  factor: () => 1,
}
