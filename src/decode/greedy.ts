import { noOptions, type Part } from '../core/part.js'

/** The most probable symbol at every step. */
export const greedy = {
  name: 'greedy',
  summary: 'Take the most probable symbol at every step.',
  equations: ['y_t = argmax p(y | y_<t, x)'],
  source: { paper: 'Standard practice; see Sutskever et al. 2014, section 3.2 (beam size 1)' },
  options: noOptions,
} as const satisfies Part
