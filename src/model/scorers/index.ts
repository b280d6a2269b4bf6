import { partSchema, registry } from '../../core/part.js'
import { additive } from './additive.js'

export const scorers = registry('scorer', { additive })
export const ScorerChoice = partSchema(scorers, { description: 'How a query is compared with each key.' })
