import type { Static } from 'typebox'
import { partSchema, registry } from '../core/part.js'
import { beam } from './beam.js'
import { greedy } from './greedy.js'
import { sample } from './sample.js'

export const searchMethods = registry('search method', { greedy, beam, sample })

export const DecodeOptions = partSchema(searchMethods, {
  description: 'Search method for predictions.',
  default: 'greedy',
})
export type DecodeOptions = Static<typeof DecodeOptions>
