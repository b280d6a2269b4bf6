import { partSchema, registry } from '../../core/part.js'
import { additive } from './additive.js'
import { dot } from './dot.js'
import { general } from './general.js'

export const scorers = registry('scorer', { additive, dot, general })
export const ScorerChoice = partSchema(scorers, { description: 'How a query is compared with each key.' })
