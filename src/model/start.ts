import { tf } from '../core/tf.js'
import { mapTree, type Tree } from '../core/tree.js'
import type { Cell, CellSizes, ParameterSpec, Params, State } from './types.js'

// The state before a layer's first step, in encoder and decoder alike.

interface Sized {
  readonly cell: Cell
  readonly options: unknown
  readonly sizes: CellSizes
}

/** [B,size] each: zeros, or the values that the cell declares. */
export function startState({ cell, options, sizes }: Sized, batch: number): State {
  const entries = Object.entries(cell.stateSizes(options, sizes))
  return Object.fromEntries(
    entries.map(([name, size]) => [name, tf.fill([batch, size], cell.initialState?.[name] ?? 0)]),
  )
}

/** The states that can be learned or made of C, [B,H] each: the first, and what the cell says is bridged with it. */
export function freeStates({ cell, options, sizes }: Sized): readonly string[] {
  return [...Object.keys(cell.stateSizes(options, sizes)).slice(0, 1), ...(cell.alsoBridged ?? [])]
}

/** One vector [H] a free state, from zero; the others (aaren's c and m) are as `stateFrom` makes them. */
export function startParameters(sized: Sized): Tree<ParameterSpec> {
  const spec: ParameterSpec = { shape: [sized.sizes.hidden], init: { type: 'zeros' }, decay: false }
  return Object.fromEntries(freeStates(sized).map((name) => [name, spec]))
}

/** The learned state, the same row for each of B examples. */
export function learnedState({ cell, options, sizes }: Sized, learned: Params, batch: number): State {
  const zeros = tf.zeros([batch, sizes.hidden])
  return {
    ...cell.stateFrom(options, tf.zeros([batch, sizes.hidden])),
    ...mapTree(learned, (row) => tf.add(zeros, row)),
  }
}
