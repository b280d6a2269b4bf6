import { partSchema, registry } from '../../core/part.js'
import { attention } from './attention.js'
import { lastState } from './last-state.js'

export const contexts = registry('context', { 'last-state': lastState, attention })
export const ContextChoice = partSchema(contexts, { key: 'from', description: 'How the context C is formed.' })
