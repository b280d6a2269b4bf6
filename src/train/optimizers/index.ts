import { partSchema, registry } from '../../core/part.js'
import { adam } from './adam.js'

export const optimizers = registry('optimizer', { adam })
export const OptimizerChoice = partSchema(optimizers, { description: 'How parameters follow their gradients.' })
