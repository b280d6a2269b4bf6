import { add, fill, matrix, vector, zeros } from '../core/ops.js'
import type { Tensor, Tensor2D } from '../core/tf.js'
import type { Tree } from '../core/tree.js'
import type { Cell } from './cells/types.js'
import type { Matrices } from './gradients/types.js'
import { type Params, type Vector, zeroBias } from './parameters.js'

// The state before a layer's first step, in encoder and decoder alike.

/** [B,size] each: zeros, or the values that the cell declares. */
export function startState(cell: Cell, batch: number): Matrices {
  const entries = Object.entries(cell.state)
  return Object.fromEntries(
    entries.map(([name, { size }]) => [name, fill([batch, size], cell.initialState?.[name] ?? 0)]),
  )
}

/** A full state from a vector [B,H] (a bridged context): by the cell's `stateFrom`, else the vector as the first state and zeros. */
export function stateFrom(cell: Cell, first: Tensor2D): Matrices {
  if (cell.stateFrom !== undefined) return cell.stateFrom(first)
  const [batch] = first.shape
  const entries = Object.entries(cell.state)
  return Object.fromEntries(entries.map(([name, { size }], i) => [name, i === 0 ? first : zeros([batch, size])]))
}

/** The states that can be learned or computed from C, [B,H] each: the first, and those that the cell bridges with it. */
export function freeStates(cell: Cell): readonly string[] {
  return [...Object.keys(cell.state).slice(0, 1), ...(cell.alsoBridged ?? [])]
}

/** One vector [H] for each free state, from zero; the others (aaren's c and m) are as `stateFrom` makes them. */
export function startParameters(cell: Cell): Readonly<Record<string, Vector>> {
  const free = freeStates(cell)
  const entries = Object.entries(cell.state).filter(([name]) => free.includes(name))
  return Object.fromEntries(entries.map(([name, axis]) => [name, zeroBias(axis)]))
}

/** The learned state, the same row for each of B examples. */
export function learnedState(cell: Cell, learned: Params, batch: number): Matrices {
  const [hidden] = Object.values(cell.state)
  if (hidden === undefined) return {}
  const none = zeros([batch, hidden.size])
  const rest = stateFrom(cell, zeros([batch, hidden.size]))
  const rows = Object.keys(learned).map((name) => [name, add(none, vector(learned, name))])
  return { ...rest, ...Object.fromEntries(rows) }
}

/** The cell's states out of a tree of tensors. Throws RangeError where one is missing or not a matrix. */
export function stateIn(cell: Cell, tree: Tree<Tensor>): Matrices {
  return Object.fromEntries(Object.keys(cell.state).map((name) => [name, matrix(tree, name)]))
}
