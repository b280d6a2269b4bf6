import { partSchema, registry } from '../../core/part.js'
import { adagrad } from './adagrad.js'
import { adam } from './adam.js'
import { adamw } from './adamw.js'
import { momentum } from './momentum.js'
import { rmsprop } from './rmsprop.js'
import { sgd } from './sgd.js'

export const optimizers = registry('optimizer', { sgd, momentum, adam, adamw, adagrad, rmsprop })
export const OptimizerChoice = partSchema(optimizers, { description: 'The optimizer.' })
