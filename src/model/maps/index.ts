import { partSchema, registry } from '../../core/part.js'
import { linear } from './linear.js'
import { mlp } from './mlp.js'
import { tanh } from './tanh.js'

export const maps = registry('map', { linear, tanh, mlp })
export const MapChoice = partSchema(maps, { description: 'A learned map of one vector to another.', default: 'tanh' })
