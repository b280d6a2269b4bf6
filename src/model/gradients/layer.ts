import { type Tensor, type Tensor2D, tensor, tf } from '../../core/tf.js'
import { mapTree, type Tree } from '../../core/tree.js'
import { dense } from '../maps/dense.js'
import {
  addAll,
  columnSeries,
  named,
  namedSeries,
  namedSteps,
  productOverRows,
  seriesOf,
  stepsOf,
  sumRows,
  through,
} from './series.js'
import { withStructuredGradient } from './structured.js'
import type { CellBack, CellStep, Columns, FastCell, Named } from './types.js'

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

/** The parameters that a layer's fast path reads: `kernel` [I,G], `bias` [G] and the cell's recurrent ones. */
export function layerParams({ fast, options }: FastLayer, params: Tree<Tensor>): Named {
  const names = ['kernel', 'bias', ...fast.recurrent(options)]
  return named(
    names,
    names.map((name) => tensor(params, name)),
  )
}

/** Their gradients: `input` [T*B,I] is what went in. */
export function paramGradients({ fast, options }: FastLayer, input: Tensor2D, back: CellBack): Named {
  const recurrent = named(fast.recurrent(options), fast.gradients(options, back))
  return { kernel: productOverRows(input, back.gates), bias: sumRows(back.gates) as Tensor2D, ...recurrent }
}

/**
 * A cell over a whole series xs [T*B,I] from `start` [B,H] of each state -> series [T*B,H] of each state after its step,
 * in the order of time. One node of the tape: the way back is written out by the cell.
 */
export function runSeries(
  layer: FastLayer,
  params: Tree<Tensor>,
  xs: Tensor2D,
  start: Named,
  { order, mask }: LayerSeries,
): Named {
  const names = Object.keys(start)
  const steps = order.length
  const inputs = { xs, params: layerParams(layer, params), start }

  const forward = () => {
    const gates = stepsOf(dense(inputs.params, xs), steps)
    const run = forwards(layer, inputs.params, gates, start, order, mask)
    const after = namedSeries(run.after)
    return { value: seriesOf(names.map((name) => after[name] as Tensor2D)), kept: { run: run.steps, mask } }
  }

  const backward = (gradient: Tensor2D, given: typeof inputs, saved: ReturnType<typeof forward>['kept']) => {
    const gradients = namedSteps(named(names, stepsOf(gradient, names.length)), steps)
    const back = backwards(layer, given.params, saved.run, gradients, order, saved.mask)
    const gates = columnSeries(back.gates)
    return {
      xs: through(gates, given.params.kernel as Tensor2D),
      params: paramGradients(layer, given.xs, { steps: saved.run, gates, more: back.more }),
      start: back.start,
    }
  }

  return named(names, stepsOf(withStructuredGradient(inputs, forward, backward), names.length))
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
  const [steps, after] = [[] as CellStep[], [] as Named[]]
  let state = start
  for (const t of order) {
    const stepped = fast.step(options, params, gates[t] as Tensor2D, state)
    steps[t] = { before: state, kept: stepped.kept }
    state = masked(stepped.state, reals?.[t])
    after[t] = state
  }
  return { steps, after }
}

function backwards(
  { fast, options }: FastLayer,
  params: Tree<Tensor>,
  run: readonly CellStep[],
  gradients: readonly Named[],
  order: readonly number[],
  mask: Tensor2D | undefined,
) {
  const reals = mask === undefined ? undefined : stepsOf(mask, order.length)
  const [gates, more] = [[] as Columns[], [] as Named[]]
  let carried: Partial<Named> = {}
  for (const t of order.slice().reverse()) {
    const whole = mapTree(gradients[t] as Named, (own, name) => addAll(own as Tensor2D, carried[name])) as Named
    const stepped = fast.back(options, params, run[t] as CellStep, masked(whole, reals?.[t]))
    gates[t] = stepped.gates
    more[t] = stepped.more
    carried = stepped.state
  }
  return { gates, more, start: carried as Named }
}

function masked(state: Named, real: Tensor2D | undefined): Named {
  return real === undefined ? state : (mapTree(state, (leaf) => tf.mul(leaf as Tensor2D, real)) as Named)
}
