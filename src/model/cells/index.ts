import { partSchema, registry } from '../../core/part.js'
import { gru } from './gru.js'

export const cells = registry('cell', { gru })
export const CellChoice = partSchema(cells, { description: 'The recurrent cell.' })
