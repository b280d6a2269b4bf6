import { partSchema, registry } from '../../core/part.js'
import { embedding } from './embedding.js'

export const representations = registry('representation', { embedding })
export const RepresentationChoice = partSchema(representations, { description: 'How a symbol becomes numbers.' })
