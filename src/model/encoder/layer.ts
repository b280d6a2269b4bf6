import { SeqlabError } from '../../core/errors.js'
import { type Tensor, type Tensor2D, type Tensor3D, tensor, tf, unstack } from '../../core/tf.js'
import { mapTree, type Tree } from '../../core/tree.js'
import { startState } from '../start.js'
import type { Params, State } from '../types.js'
import { runFast } from './fast.js'
import { firstStep, lastReal, select } from './positions.js'
import type { Direction, LayerRun, SizedCell } from './types.js'

/**
 * Runs a cell over xs [B,S,I] with mask [B,S] (padding at the end), from `initial` or else from the cell's own start.
 * Padding never changes a result: on a padded step the state becomes the initial one, which backwards is what it was
 * anyway, and forwards is never read again. Where the cell has a fast path, it is taken; else this is `cell.step` in a
 * loop, its gradient by autodiff.
 * Throws SeqlabError 'data' when there are more steps than copies of untied weights.
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
  if (Object.keys(cell.stateSizes(options, sized.sizes)).length === 0 && !sized.untied) {
    return withoutState(sized, params, xs, mask, direction)
  }
  if (cell.fast !== undefined && !sized.untied && (direction === 'forward' || initial === undefined)) {
    return runFast({ fast: cell.fast, options }, params, xs, mask, initial ?? startState(sized, batch), direction)
  }
  const start = initial ?? startState(sized, batch)
  const zero = initial === undefined && cell.initialState === undefined
  const paramsAt = paramsByStep(params, steps, sized.untied)
  const inputs = unstack<Tensor2D>(xs, 1)
  const real = tf.split(mask, steps, 1)
  const outputs = new Array<Tensor2D>(steps)
  const states = new Array<State>(steps)
  let state = start
  for (let k = 0; k < steps; k++) {
    const t = direction === 'forward' ? k : steps - 1 - k
    const next = cell.step(options, paramsAt(t), inputs[t] as Tensor2D, state)
    state = keepReal(next.state, real[t] as Tensor2D, zero ? undefined : start)
    outputs[t] = next.output
    states[t] = state
  }
  const stacked = tf.mul(tf.stack(outputs, 1), tf.expandDims(mask, 2)) as Tensor3D
  if (direction === 'backward') return { outputs: stacked, last: firstStep(stacked), state }
  const end = lastReal(mask)
  const final = finalState(states, end, zero ? undefined : { start, mask })
  return { outputs: stacked, last: select(end, stacked), state: final }
}

/** All steps at once, where none depends on another. */
function withoutState(
  { cell, options, sizes }: SizedCell,
  params: Params,
  xs: Tensor3D,
  mask: Tensor2D,
  direction: Direction,
): LayerRun {
  const [batch, steps, input] = xs.shape
  const { output } = cell.step(options, params, tf.reshape(xs, [batch * steps, input]), {})
  const outputs = tf.mul(tf.reshape(output, [batch, steps, sizes.hidden]), tf.expandDims(mask, 2)) as Tensor3D
  return { outputs, last: direction === 'forward' ? select(lastReal(mask), outputs) : firstStep(outputs), state: {} }
}

/** The parameters that each time step uses: the same ones, or its own copy. */
function paramsByStep(params: Params, steps: number, untied: boolean): (t: number) => Params {
  if (!untied) return () => params
  const copies: Tree<readonly Tensor[]> = mapTree(params, (leaf) => {
    const count = leaf.shape[0] ?? 0
    if (steps > count) throw tooLong(steps, count)
    return unstack(leaf, 0)
  })
  return (t) => mapTree(copies, (leaf) => leaf[t] as Tensor)
}

function tooLong(steps: number, copies: number): SeqlabError {
  return new SeqlabError('data', `An input of ${steps} steps meets weights untied over ${copies} steps`, {
    hint: `Set model.encoder.unroll.length to ${steps} or more, or shorten the inputs (data: maxLength)`,
  })
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
  end: Tensor2D,
  other: { readonly start: State; readonly mask: Tensor2D } | undefined,
): State {
  return mapTree(states[0] ?? {}, (_, name) => {
    const perStep = states.map((state) => tensor<Tensor2D>(state, name))
    const last = select(end, tf.stack(perStep, 1) as Tensor3D)
    if (other === undefined) return last
    const empty = tf.sub(1, tf.slice(other.mask, [0, 0], [other.mask.shape[0], 1]))
    return tf.add(last, tf.mul(tensor(other.start, name), empty))
  })
}
