import type { Static } from 'typebox'
import { partSchema, registry } from '../../core/part.js'
import type { Cell } from '../types.js'
import { aaren } from './aaren.js'
import { elman } from './elman.js'
import { feedForward } from './feed-forward.js'
import { gru } from './gru.js'
import { lstm } from './lstm.js'

export const cells = registry('cell', { elman, lstm, gru, aaren, 'feed-forward': feedForward })
export const CellChoice = partSchema(cells, { description: 'The recurrent cell.' })
export type CellChoice = Static<typeof CellChoice>

/** The cell that a spec names; the choice itself is what the cell takes as its options. */
export function cellOf(choice: CellChoice): Cell {
  return cells.parts[choice.type]
}

/** Whether a cell carries a state from step to step; a feed-forward cell does not, and so has no last state. */
export function isRecurrent(choice: CellChoice): boolean {
  const sizes = { input: 1, hidden: 1 }
  return Object.keys(cellOf(choice).stateSizes(choice, sizes)).length > 0
}
