import { type Tensor2D, type Tensor3D, tensor, tf } from '../../core/tf.js'
import { mapTree } from '../../core/tree.js'
import type { Cell, CellSizes, Params, State } from '../types.js'

export type Direction = 'forward' | 'backward'

/** A cell with its options and sizes: one layer of one direction. */
export interface SizedCell {
  readonly cell: Cell
  readonly options: unknown
  readonly sizes: CellSizes
}

/** One layer of one direction over a whole sequence. */
export interface LayerRun {
  /** [B,S,H], zero on padding. */
  readonly outputs: Tensor3D
  /** The output at the last step read, [B,H]: forwards the last real one, backwards the first; zero without real steps. */
  readonly last: Tensor2D
  /** The state after the last step read; the initial one without real steps. */
  readonly state: State
}

/**
 * Runs a cell over xs [B,S,I] with mask [B,S] (padding at the end), from `initial` or else from the cell's own start.
 * Padding never changes a result: on a padded step the state becomes the initial one, which backwards is what it was
 * anyway, and forwards is never read again. This is the plain path: `cell.step` in a loop, its gradient by autodiff.
 */
export function runLayer(
  sized: SizedCell,
  params: Params,
  xs: Tensor3D,
  mask: Tensor2D,
  initial: State | undefined,
  direction: Direction,
): LayerRun {
  const { cell, options } = sized
  const [batch, steps] = xs.shape
  const start = initial ?? startState(sized, batch)
  const zero = initial === undefined && cell.initialState === undefined
  const inputs = tf.unstack(xs, 1) as Tensor2D[]
  const real = tf.split(mask, steps, 1)
  const outputs = new Array<Tensor2D>(steps)
  const states = new Array<State>(steps)
  let state = start
  for (let k = 0; k < steps; k++) {
    const t = direction === 'forward' ? k : steps - 1 - k
    const next = cell.step(options, params, inputs[t] as Tensor2D, state)
    state = keepReal(next.state, real[t] as Tensor2D, zero ? undefined : start)
    outputs[t] = next.output
    states[t] = state
  }
  const stacked = tf.mul(tf.stack(outputs, 1), tf.expandDims(mask, 2)) as Tensor3D
  if (direction === 'backward') return { outputs: stacked, last: stepAt(stacked, 0), state }
  const end = lastReal(mask)
  const last = (perStep: Tensor3D) => select(end, perStep)
  return { outputs: stacked, last: last(stacked), state: finalState(states, start, mask, zero, last) }
}

/** The state before the first step [B,size]: zeros, or the values that the cell declares. */
export function startState({ cell, options, sizes }: SizedCell, batch: number): State {
  const entries = Object.entries(cell.stateSizes(options, sizes))
  return Object.fromEntries(
    entries.map(([name, size]) => [name, tf.fill([batch, size], cell.initialState?.[name] ?? 0)]),
  )
}

/** Row by row: the state on real steps, `start` (none: zeros) on padding; real [B,1]. */
function keepReal(state: State, real: Tensor2D, start: State | undefined): State {
  return mapTree(state, (leaf, name) => {
    const kept = tf.mul(leaf, real)
    return start === undefined ? kept : tf.add(kept, tf.mul(tensor(start, name), tf.sub(1, real)))
  })
}

/** Forwards, the last real step's state; without a real step (only then the first is padding) the initial one. */
function finalState(
  states: readonly State[],
  start: State,
  mask: Tensor2D,
  zero: boolean,
  last: (perStep: Tensor3D) => Tensor2D,
): State {
  const empty = tf.sub(1, tf.slice(mask, [0, 0], [mask.shape[0], 1]))
  return mapTree(start, (initial, name) => {
    const perStep = tf.stack(
      states.map((state) => tensor(state, name)),
      1,
    ) as Tensor3D
    return zero ? last(perStep) : tf.add(last(perStep), tf.mul(initial, empty))
  })
}

/** mask [B,S] -> [B,S]: 1 at each row's last real step. */
function lastReal(mask: Tensor2D): Tensor2D {
  const [batch, steps] = mask.shape
  if (steps === 1) return mask
  const following = tf.pad(tf.slice(mask, [0, 1], [batch, steps - 1]), [
    [0, 0],
    [0, 1],
  ])
  return tf.sub(mask, following) as Tensor2D
}

/** weights [B,S], perStep [B,S,H] -> their weighted sum [B,H]. */
function select(weights: Tensor2D, perStep: Tensor3D): Tensor2D {
  const [batch, , size] = perStep.shape
  return tf.reshape(tf.matMul(tf.expandDims(weights, 1) as Tensor3D, perStep), [batch, size])
}

function stepAt(perStep: Tensor3D, t: number): Tensor2D {
  const [batch, , size] = perStep.shape
  return tf.reshape(tf.slice(perStep, [0, t, 0], [batch, 1, size]), [batch, size])
}
