import { SeqlabError } from '../../core/errors.js'
import { at } from '../../core/lists.js'
import { type LoopingBackend, loopingBackend } from '../../core/loop.js'
import { add, cube, expandDims, matrix, mul, reshape, slice, split, sub, transpose, unstack } from '../../core/ops.js'
import type { Tensor, Tensor2D, Tensor3D } from '../../core/tf.js'
import { leaf, leaves, mapTree, type Tree } from '../../core/tree.js'
import { hasState } from '../cells/index.js'
import { type Cell, shownOf } from '../cells/types.js'
import { type DifferentiatedCell, isDifferentiated, runSeries } from '../gradients/layer.js'
import { batchMajor, mapMatrices, seriesByName, seriesOf, stepsOf, timeMajor } from '../gradients/series.js'
import type { Matrices } from '../gradients/types.js'
import type { Params } from '../parameters.js'
import { startState, stateIn } from '../start.js'
import { operatorLayer } from './operator-layer.js'
import { firstStep, lastReal, select } from './positions.js'
import type { Direction, LayerRun } from './types.js'

/** A layer's cell, and what it reads. */
export interface LayerInput {
  readonly cell: Cell
  /** Of the cell; where weights are untied, each has a first axis that counts copies, one per time step. */
  readonly params: Params
  readonly untied: boolean
  /** [B,S,I]. */
  readonly xs: Tensor3D
  /** [B,S], padding at the end. */
  readonly mask: Tensor2D
  readonly direction: Direction
  /** The state before the first step read; undefined: the cell's own. */
  readonly initial: Matrices | undefined
}

/** All steps of a layer in the order of time: what comes out of it, and the states after each step. */
interface Series {
  /** [B,S,H]. */
  readonly outputs: Tensor3D
  /** [B,S,size] each. */
  readonly states: Readonly<Record<string, Tensor3D>>
  /** Whether the outputs are zero on padding already. */
  readonly masked: boolean
}

/**
 * Runs a cell over a sequence. Padding never changes a result: read backwards, it leaves the state at the initial one, and
 * forwards the states on it are never read. The gradient is the cell's own `backward` where it has one (backwards, from
 * zero states alone), else it is autodiff's, step by step.
 * Throws SeqlabError 'data' when there are more steps than copies of untied weights.
 */
export function runLayer(layer: LayerInput): LayerRun {
  const { cell, params, untied, xs, mask, direction, initial } = layer
  if (!hasState(cell) && !untied) return withoutState(layer)
  const start = initial ?? startState(cell, xs.shape[0])
  const handwritten = isDifferentiated(cell) && !untied && (direction === 'forward' || initial === undefined)
  const looping = loopingBackend()
  const weights = looping === undefined || untied ? undefined : cell.operator?.(params)
  if (looping !== undefined && weights !== undefined) {
    const read = { params, states: Object.keys(cell.state), xs, mask, reverse: direction === 'backward', initial }
    return operatorLayer(looping, weights, read)
  }
  const series =
    looping !== undefined
      ? loopedSeries(looping, layer, start)
      : handwritten
        ? differentiatedSeries(cell, layer, start)
        : plainSeries(layer, start)
  return direction === 'forward' ? endedForward(series, start, mask) : endedBackward(series, mask)
}

/** All steps at once, where none depends on another. */
function withoutState({ cell, params, xs, mask, direction }: LayerInput): LayerRun {
  const [batch, steps, input] = xs.shape
  const { output } = cell.step(params, cell.project(params, reshape(xs, [batch * steps, input])), {})
  const outputs = mul(reshape(output, [batch, steps, output.shape[1]]), expandDims(mask, 2))
  return { outputs, last: direction === 'forward' ? select(lastReal(mask), outputs) : firstStep(outputs), state: {} }
}

/** Forwards, padding comes last, so steps need no mask; backwards, each step's state is masked. */
function differentiatedSeries(
  cell: DifferentiatedCell,
  { params, xs, mask, direction }: LayerInput,
  start: Matrices,
): Series {
  const steps = mask.shape[1]
  const order = orderOf(direction, steps)
  const plan = direction === 'forward' ? { order } : { order, mask: timeMajor(expandDims(mask, 2)) }
  const states = byExample(runSeries(cell, params, timeMajor(xs), start, plan), steps)
  return { outputs: leaf(states, 'h'), states, masked: direction === 'backward' }
}

function plainSeries(layer: LayerInput, start: Matrices): Series {
  const { cell, params, untied, xs, mask, direction } = layer
  const steps = mask.shape[1]
  const zero = layer.initial === undefined && cell.initialState === undefined
  const step = untied ? untiedStep(cell, copiesByStep(params, steps), xs) : sharedStep(cell, params, xs)
  const real = split(mask, steps, 1)
  const [outputs, states] = [new Array<Tensor2D>(steps), new Array<Matrices>(steps)]
  let state = start
  for (const t of orderOf(direction, steps)) {
    const next = step(t, state)
    state = keepReal(next.state, at(real, t), zero ? undefined : start)
    outputs[t] = next.output
    states[t] = state
  }
  return {
    outputs: batchMajor(seriesOf(outputs), steps),
    states: byExample(seriesByName(states), steps),
    masked: false,
  }
}

/** The same steps as one recurrence, however many they are. */
function loopedSeries(backend: LoopingBackend, layer: LayerInput, start: Matrices): Series {
  const { cell, params, untied, xs, mask, direction } = layer
  const [batch, steps] = xs.shape
  const zero = layer.initial === undefined && cell.initialState === undefined
  const real = reshape(transpose(mask), [steps, batch, 1])
  const inTime = timeMajor(xs)
  const read = untied ? inTime : cell.project(params, inTime)
  const copies = untied ? mapTree(params, (weights) => firstCopies(weights, steps)) : {}
  const named = Object.fromEntries(leaves(copies).map(([path, weights]) => [`copy/${path}`, weights]))
  const { outputs: results } = backend.loop({
    start,
    series: { input: reshape(read, [steps, batch, read.shape[1]]), real, ...named },
    reverse: direction === 'backward',
    step: (slices, before) => {
      const own = untied ? mapTree(copies, (_, path) => leaf(slices, `copy/${path}`)) : params
      const input = matrix(slices, 'input')
      const next = cell.step(own, untied ? cell.project(own, input) : input, stateIn(cell, before))
      const state = keepReal(next.state, matrix(slices, 'real'), zero ? undefined : start)
      backend.name(params, shownOf(cell, next))
      return { outputs: { output: next.output, ...prefixed(state) }, state }
    },
  })
  const all = (name: string) => transpose(cube(results, name), [1, 0, 2])
  const states = Object.fromEntries(Object.keys(start).map((name) => [name, all(`state/${name}`)]))
  return { outputs: all('output'), states, masked: false }
}

function prefixed(state: Matrices): Matrices {
  return Object.fromEntries(Object.entries(state).map(([name, each]) => [`state/${name}`, each]))
}

type Step = (t: number, before: Matrices) => { readonly output: Tensor2D; readonly state: Matrices }

function sharedStep(cell: Cell, params: Params, xs: Tensor3D): Step {
  const projected = stepsOf(cell.project(params, timeMajor(xs)), xs.shape[1])
  return (t, before) => cell.step(params, at(projected, t), before)
}

/** With the copy of the weights that is the step's own; a handwritten gradient is that of a series of one step. */
function untiedStep(cell: Cell, paramsAt: (t: number) => Params, xs: Tensor3D): Step {
  const inputs = stepsOf(timeMajor(xs), xs.shape[1])
  if (!isDifferentiated(cell)) {
    return (t, before) => cell.step(paramsAt(t), cell.project(paramsAt(t), at(inputs, t)), before)
  }
  return (t, before) => {
    const state = runSeries(cell, paramsAt(t), at(inputs, t), before, { order: [0] })
    return { output: leaf(state, 'h'), state }
  }
}

/** What is left after the last real step; without a real step (only then the first is padding) the initial state. */
function endedForward({ outputs, states }: Series, start: Matrices, mask: Tensor2D): LayerRun {
  const end = lastReal(mask)
  const empty = sub(1, slice(mask, [0, 0], [mask.shape[0], 1]))
  const state = mapMatrices(start, (first, name) => add(select(end, leaf(states, name)), mul(first, empty)))
  return { outputs: mul(outputs, expandDims(mask, 2)), last: select(end, outputs), state }
}

function endedBackward({ outputs, states, masked }: Series, mask: Tensor2D): LayerRun {
  const real = masked ? outputs : mul(outputs, expandDims(mask, 2))
  const state = Object.fromEntries(Object.entries(states).map(([name, perStep]) => [name, firstStep(perStep)]))
  return { outputs: real, last: firstStep(real), state }
}

function orderOf(direction: Direction, steps: number): readonly number[] {
  const forward = Array.from({ length: steps }, (_, t) => t)
  return direction === 'forward' ? forward : forward.reverse()
}

/** Series [S*B,size] -> [B,S,size]. */
function byExample(series: Matrices, steps: number): Readonly<Record<string, Tensor3D>> {
  return Object.fromEntries(Object.entries(series).map(([name, whole]) => [name, batchMajor(whole, steps)]))
}

/** The copy of untied weights that each time step uses. */
function copiesByStep(params: Params, steps: number): (t: number) => Params {
  const copies: Tree<readonly Tensor[]> = mapTree(params, (weights) => {
    const count = weights.shape[0] ?? 0
    if (steps > count) throw tooLong(steps, count)
    return unstack(weights, 0)
  })
  return (t) => mapTree(copies, (perStep) => at(perStep, t))
}

/** Of untied weights [T,...] those of the first steps. */
function firstCopies(weights: Tensor, steps: number): Tensor {
  const [count = 0, ...rest] = weights.shape
  if (steps > count) throw tooLong(steps, count)
  return slice(weights, [0, ...rest.map(() => 0)], [steps, ...rest])
}

function tooLong(steps: number, copies: number): SeqlabError {
  return new SeqlabError('data', `An input of ${steps} steps meets weights untied over ${copies} steps`, {
    hint: `Set model.encoder.unroll.length to ${steps} or more, or shorten the inputs (data: maxLength)`,
  })
}

/** Row by row: the state on real steps, `start` (undefined: zeros) on padding; real [B,1]. */
function keepReal(state: Matrices, real: Tensor2D, start: Matrices | undefined): Matrices {
  return mapMatrices(state, (next, name) => {
    const kept = mul(next, real)
    return start === undefined ? kept : add(kept, mul(leaf(start, name), sub(1, real)))
  })
}
