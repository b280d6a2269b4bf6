import { type Tensor, type Tensor2D, tensor, tf } from '../../core/tf.js'
import { mapTree, type Tree } from '../../core/tree.js'
import {
  addAll,
  named,
  namedSeries,
  namedSteps,
  productOverRows,
  seriesOf,
  stepsOf,
  sumRows,
  through,
  withGradient,
} from './series.js'
import type { FastCell, Named } from './types.js'

/** A layer's cell with its options. */
export interface FastLayer {
  readonly fast: FastCell
  readonly options: unknown
}

export interface LayerSeries {
  /** The order in which steps are read: 0..T-1, or backwards. */
  readonly order: readonly number[]
  /** [T*B,1] for layers that read padding first: the state is zero on padding. None: padding comes last, or nowhere. */
  readonly mask?: Tensor2D
}

/**
 * A cell over a whole series xs [T*B,I] from `start` [B,H] of each state -> series [T*B,H] of each state after its step,
 * in the order of time. One node of the tape: the way back is written out by the cell.
 */
export function runSeries(
  { fast, options }: FastLayer,
  params: Tree<Tensor>,
  xs: Tensor2D,
  start: Named,
  { order, mask }: LayerSeries,
): Named {
  const names = Object.keys(start)
  const steps = order.length
  const weights = ['kernel', 'bias', ...fast.recurrent(options)]
  const inputs = [xs, ...weights.map((name) => tensor(params, name)), ...names.map((name) => start[name] as Tensor2D)]
  let keptNames: string[] = []

  const forward = () => {
    const projected = tf.matMul(xs, tensor<Tensor2D>(params, 'kernel'))
    const gates = stepsOf(tf.add(projected, tensor(params, 'bias')) as Tensor2D, steps)
    const run = forwards({ fast, options }, params, gates, start, order, mask)
    const [kept, before, after] = [run.kept, run.before, run.after].map(namedSeries) as [Named, Named, Named]
    keptNames = Object.keys(kept)
    const value = seriesOf(names.map((name) => after[name] as Tensor2D))
    const series = [...Object.values(kept), ...names.map((name) => before[name] as Tensor2D)]
    return { value, kept: mask === undefined ? series : [...series, mask] }
  }

  const backward = (gradient: Tensor2D, [given, ...others]: readonly Tensor[], saved: readonly Tensor[]) => {
    const own = named(weights, others)
    const kept = named(keptNames, saved)
    const before = named(names, saved.slice(keptNames.length))
    const masks = saved[keptNames.length + names.length] as Tensor2D | undefined
    const gradients = namedSteps(named(names, stepsOf(gradient, names.length)), steps)
    const factors = namedSteps(fast.factors(options, kept, before), steps)
    const run = backwards({ fast, options }, own, factors, gradients, order, masks)
    const [gates, more] = [seriesOf(run.gates), namedSeries(run.more)]
    const recurrent = fast.gradients(options, { before, kept, gates, more })
    const first = names.map((name) => run.start[name] as Tensor2D)
    const input = through(gates, own.kernel as Tensor2D)
    return [input, productOverRows(given as Tensor2D, gates), sumRows(gates), ...recurrent, ...first]
  }

  const value = withGradient(inputs, forward, backward)
  return named(names, stepsOf(value, names.length))
}

function forwards(
  { fast, options }: FastLayer,
  params: Tree<Tensor>,
  gates: readonly Tensor2D[],
  start: Named,
  order: readonly number[],
  mask: Tensor2D | undefined,
) {
  const reals = mask === undefined ? undefined : stepsOf(mask, order.length)
  const [kept, before, after] = [[] as Named[], [] as Named[], [] as Named[]]
  let state = start
  for (const t of order) {
    before[t] = state
    const stepped = fast.step(options, params, gates[t] as Tensor2D, state)
    kept[t] = stepped.kept
    state = masked(stepped.state, reals?.[t])
    after[t] = state
  }
  return { kept, before, after }
}

function backwards(
  { fast, options }: FastLayer,
  params: Tree<Tensor>,
  factors: readonly Named[],
  gradients: readonly Named[],
  order: readonly number[],
  mask: Tensor2D | undefined,
) {
  const reals = mask === undefined ? undefined : stepsOf(mask, order.length)
  const [gates, more] = [[] as Tensor2D[], [] as Named[]]
  let carried: Partial<Named> = {}
  for (const t of order.slice().reverse()) {
    const whole = mapTree(gradients[t] as Named, (own, name) => addAll(own as Tensor2D, carried[name])) as Named
    const stepped = fast.back(options, params, factors[t] as Named, masked(whole, reals?.[t]))
    gates[t] = stepped.gates
    more[t] = stepped.more
    carried = stepped.state
  }
  return { gates, more, start: carried as Named }
}

function masked(state: Named, real: Tensor2D | undefined): Named {
  return real === undefined ? state : (mapTree(state, (leaf) => tf.mul(leaf as Tensor2D, real)) as Named)
}
