import type { PartSpec } from '../../core/part.js'
import { partSchema, registry } from '../../core/part.js'
import { allStates } from './all-states.js'
import { attention } from './attention.js'
import { lastState } from './last-state.js'
import { transform } from './transform.js'

/** Formers of one fixed C. */
export const formers = registry(
  'context',
  { 'last-state': lastState, transform, 'all-states': allStates },
  { key: 'from' },
)
export const contexts = registry('context', { ...formers.parts, attention }, { key: 'from' })
export const ContextChoice = partSchema(contexts, { description: 'How the context C is formed.' })

export type ContextChoice = PartSpec<typeof contexts.parts, 'from'>
export type AttentionChoice = Extract<ContextChoice, { from: 'attention' }>
export type FormerChoice = Exclude<ContextChoice, AttentionChoice>
