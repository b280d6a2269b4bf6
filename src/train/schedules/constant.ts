import { noOptions } from '../../core/part.js'
import { defineSchedule } from './types.js'

export const constant = defineSchedule({
  name: 'constant',
  summary: 'Constant learning rate.',
  equations: ['f(t) = 1'],
  source: { paper: 'Robbins & Monro 1951, A Stochastic Approximation Method' },
  options: noOptions,
  build: () => () => 1,
})
