import type { Static } from 'typebox'
import { partSchema, registry } from '../../core/part.js'
import type { Cell } from '../types.js'
import { elman } from './elman.js'
import { gru } from './gru.js'
import { lstm } from './lstm.js'

export const cells = registry('cell', { elman, lstm, gru })
export const CellChoice = partSchema(cells, { description: 'The recurrent cell.' })
export type CellChoice = Static<typeof CellChoice>

/** The cell that a spec names; the choice itself is what the cell takes as its options. */
export function cellOf(choice: CellChoice): Cell {
  return cells.parts[choice.type]
}
