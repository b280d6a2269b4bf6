import { partSchema, registry } from '../../core/part.js'
import { cmudict } from './cmudict.js'

export const sources = registry('data source', { cmudict })
export const SourceChoice = partSchema(sources, { description: 'Where the examples come from.' })
