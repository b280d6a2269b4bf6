import { partSchema, registry } from '../../core/part.js'
import { cmudict } from './cmudict.js'
import { inline } from './inline.js'
import { parallel } from './parallel.js'
import { tsv } from './tsv.js'

export const sources = registry('data source', { cmudict, inline, parallel, tsv })
export const SourceChoice = partSchema(sources, { description: 'Where the examples come from.' })
