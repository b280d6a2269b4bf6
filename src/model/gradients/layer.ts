import { at } from '../../core/lists.js'
import { matrix, mul } from '../../core/ops.js'
import type { Tensor2D } from '../../core/tf.js'
import { leaf } from '../../core/tree.js'
import type { Cell, CellBackward } from '../cells/types.js'
import type { Params } from '../parameters.js'
import {
  addAll,
  backpropInput,
  byName,
  columnSeries,
  mapMatrices,
  productOverRows,
  seriesByName,
  seriesOf,
  stepsByName,
  stepsOf,
  sumRows,
} from './series.js'
import { withStructuredGradient } from './structured.js'
import type { Columns, Matrices, SavedStep } from './types.js'

/** A cell that has a handwritten gradient. */
export interface DifferentiatedCell extends Cell {
  readonly backward: CellBackward
}

export function isDifferentiated(cell: Cell): cell is DifferentiatedCell {
  return cell.backward !== undefined
}

export interface LayerSeries {
  /** The order in which steps are read: 0..T-1, or backwards. */
  readonly order: readonly number[]
  /** [T*B,1] for layers that read padding first: the state is zero on padding. None: padding comes last, or nowhere. */
  readonly mask?: Tensor2D
}

/** The cell's own parameters among a layer's, `kernel` and `bias` first. */
export function layerParams(cell: Cell, params: Params): Params {
  const names = new Set(['kernel', 'bias', ...Object.keys(cell.parameters)])
  return Object.fromEntries([...names].map((name) => [name, leaf(params, name)]))
}

/** Their gradients: `input` [T*B,I] is what went in, `projected` the gradient of the projected input as series [T*B,..]. */
export function paramGradients(
  cell: DifferentiatedCell,
  input: Tensor2D,
  steps: readonly BackpropagatedStep[],
  projected: Columns,
): Params {
  const recurrent = cell.backward.parameters(steps, projected)
  return { kernel: productOverRows(input, projected), bias: sumRows(projected), ...recurrent }
}

/** A step with what its backward pass returned in addition to gradients. */
export type BackpropagatedStep = SavedStep & { readonly extras: Matrices }

/**
 * A cell over a whole series xs [T*B,I] from `start` [B,H] of each state -> series [T*B,H] of each state after its step,
 * in the order of time. One node of the tape: the cell's `backward` is its gradient.
 */
export function runSeries(
  cell: DifferentiatedCell,
  params: Params,
  xs: Tensor2D,
  start: Matrices,
  { order, mask }: LayerSeries,
): Matrices {
  const names = Object.keys(start)
  const steps = order.length
  const inputs = { xs, params: layerParams(cell, params), start }

  const forward = () => {
    const projected = stepsOf(cell.project(inputs.params, xs), steps)
    const run = forwards(cell, inputs.params, projected, start, order, mask)
    const after = seriesByName(run.after)
    return { value: seriesOf(names.map((name) => leaf(after, name))), residuals: { run: run.steps, mask } }
  }

  const backward = (gradient: Tensor2D, given: typeof inputs, saved: ReturnType<typeof forward>['residuals']) => {
    const gradients = stepsByName(byName(names, stepsOf(gradient, names.length)), steps)
    const back = backwards(cell, given.params, saved.run, gradients, order, saved.mask)
    const projected = columnSeries(back.projected)
    return {
      xs: backpropInput(projected, matrix(given.params, 'kernel')),
      params: paramGradients(cell, given.xs, back.steps, projected),
      start: back.start,
    }
  }

  return byName(names, stepsOf(withStructuredGradient(inputs, forward, backward), names.length))
}

function forwards(
  cell: Cell,
  params: Params,
  projected: readonly Tensor2D[],
  start: Matrices,
  order: readonly number[],
  mask: Tensor2D | undefined,
) {
  const reals = mask === undefined ? undefined : stepsOf(mask, order.length)
  const [steps, after] = [new Array<SavedStep>(order.length), new Array<Matrices>(order.length)]
  let state = start
  for (const t of order) {
    const stepped = cell.step(params, at(projected, t), state)
    steps[t] = { before: state, residuals: stepped.residuals }
    state = masked(stepped.state, reals?.[t])
    after[t] = state
  }
  return { steps, after }
}

function backwards(
  { backward }: DifferentiatedCell,
  params: Params,
  run: readonly SavedStep[],
  gradients: readonly Matrices[],
  order: readonly number[],
  mask: Tensor2D | undefined,
) {
  const reals = mask === undefined ? undefined : stepsOf(mask, order.length)
  const [projected, steps] = [new Array<Columns>(order.length), new Array<BackpropagatedStep>(order.length)]
  let carried: Matrices = {}
  for (const t of order.slice().reverse()) {
    const whole = mapMatrices(at(gradients, t), (own, name) => addAll(own, carried[name]))
    const real = masked(whole, reals?.[t])
    const stepped = backward.step(params, at(run, t), { ...real, h: leaf(real, 'h') })
    projected[t] = stepped.projected
    steps[t] = { ...at(run, t), extras: stepped.extras }
    carried = stepped.state
  }
  return { projected, steps, start: carried }
}

function masked(state: Matrices, real: Tensor2D | undefined): Matrices {
  return real === undefined ? state : mapMatrices(state, (leaf) => mul(leaf, real))
}
