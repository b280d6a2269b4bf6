import { noOptions } from '../../core/part.js'
import { defineTeacherForcing } from './types.js'

export const always = defineTeacherForcing({
  name: 'always',
  summary: 'The decoder is always fed the true previous symbol (teacher forcing).',
  equations: ['ε(t) = 1'],
  source: {
    paper: 'Williams & Zipser 1989, A Learning Algorithm for Continually Running Fully Recurrent Neural Networks',
  },
  options: noOptions,
  build: () => () => 1,
})
