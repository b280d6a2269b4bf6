import type { Static } from 'typebox'
import { partSchema, registry } from '../../core/part.js'
import { units } from '../axes.js'
import { aaren } from './aaren.js'
import { elman } from './elman.js'
import { feedForward } from './feed-forward.js'
import { gru } from './gru.js'
import { lstm } from './lstm.js'
import { minGru } from './min-gru.js'
import { minLstm } from './min-lstm.js'
import { sru } from './sru.js'
import type { Cell } from './types.js'

export const cells = registry('cell', {
  elman,
  lstm,
  gru,
  'min-gru': minGru,
  'min-lstm': minLstm,
  sru,
  aaren,
  'feed-forward': feedForward,
})
export const CellChoice = partSchema(cells, { description: 'The recurrent cell.' })
export type CellChoice = Static<typeof CellChoice>

/** Whether a cell carries a state from step to step; a feed-forward cell does not, and so has no last state. */
export function hasState(cell: Cell): boolean {
  return Object.keys(cell.state).length > 0
}

/** `hasState` of the cell that a spec names: which states it has does not depend on its sizes. */
export function isRecurrent(choice: CellChoice): boolean {
  return hasState(cells.build(choice, { input: units('I', 1), hidden: units('H', 1) }))
}
