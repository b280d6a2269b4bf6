import type { Static } from 'typebox'
import { partSchema, registry } from '../core/part.js'
import { beam } from './beam.js'
import { greedy } from './greedy.js'
import { sample } from './sample.js'

export const decoders = registry('search method', { greedy, beam, sample })

export const DecodeOptions = partSchema(decoders, {
  description: 'How the output is searched for at prediction.',
  default: 'greedy',
})
export type DecodeOptions = Static<typeof DecodeOptions>
