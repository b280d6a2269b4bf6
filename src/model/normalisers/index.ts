import { partSchema, registry } from '../../core/part.js'
import { softmax } from './softmax.js'
import { sparsemax } from './sparsemax.js'

export const normalisers = registry('normaliser', { softmax, sparsemax })
export const NormaliserChoice = partSchema(normalisers, {
  description: 'How scores become an alignment.',
  default: 'softmax',
})
