import type { Static } from 'typebox'
import { partSchema, registry } from '../../core/part.js'
import { bilstm } from './bilstm.js'
import { cnn } from './cnn.js'

export const characterReaders = registry('character reader', { bilstm, cnn })
export const CharacterReaderChoice = partSchema(characterReaders, {
  description:
    "What reads the characters inside each token; what it gives is concatenated to the token's own vector. Default: none.",
})
export type CharacterReaderChoice = Static<typeof CharacterReaderChoice>
