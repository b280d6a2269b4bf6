import { type Tensor, type Tensor2D, tf } from '../../core/tf.js'
import type { Tree } from '../../core/tree.js'
import { dense } from '../maps/dense.js'
import { type FastLayer, layerParams, paramGradients } from './layer.js'
import { addAll, beside, columnSeries, seriesOf, stepsOf, through } from './series.js'
import type { CellStep, Columns, Named } from './types.js'

// The decoder's cells, one above the other, a step at a time: shared by the loops that attend between steps.

/** Parameters by layer, from the bottom. */
export type StackParams = readonly Named[]

/** What the way back needs of the cells, by layer and step. */
export interface StackRun {
  /** What went into the layers above the first. */
  readonly inputs: Tensor2D[][]
  readonly steps: CellStep[][]
}

/** What goes into each layer after the first is multiplied by, step by step: [B,H], or nothing. */
export type Drops = readonly (readonly Tensor2D[] | undefined)[]

/** Factors [T*B,H] by layer -> by step. */
export function dropSteps(dropped: readonly (Tensor2D | undefined)[], steps: number): Drops {
  return dropped.map((drop) => (drop === undefined ? undefined : stepsOf(drop, steps)))
}

export function emptyRun(layers: number): StackRun {
  const perLayer = <T>(): T[][] => Array.from({ length: layers }, () => [])
  return { inputs: perLayer(), steps: perLayer() }
}

export function stackParams(layers: readonly FastLayer[], given: readonly Tree<Tensor>[]): StackParams {
  return layers.map((layer, index) => layerParams(layer, at(given, index)))
}

/** One step from `gates` of the lowest layer [B,G]; `states` becomes the next ones. Returns the top output [B,H]. */
export function stepUp(
  layers: readonly FastLayer[],
  params: StackParams,
  gates: Tensor2D,
  states: Named[],
  drops: readonly (Tensor2D | undefined)[],
  run: StackRun,
): Tensor2D {
  let output: Tensor2D | undefined
  for (const [index, { fast, options }] of layers.entries()) {
    const weights = at(params, index)
    let own = gates
    if (output !== undefined) {
      const x = times(output, drops[index])
      at(run.inputs, index).push(x)
      own = dense(weights, x)
    }
    const before = at(states, index)
    const stepped = fast.step(options, weights, own, before)
    at(run.steps, index).push({ before, kept: stepped.kept })
    states[index] = stepped.state
    output = stepped.state.h as Tensor2D
  }
  return output as Tensor2D
}

/** The way back through the cells, from the last step to the first. */
export interface WayDown {
  /** Gradient of step t's top output [B,H] -> of its lowest gates [B,G]. */
  step(t: number, gradient: Tensor2D): Columns
  /** After the first step: gradients of the parameters; `input` [T*B,I] went into the lowest layer. */
  parameters(input: Tensor2D): StackParams
  /** Of the first states. */
  starts(): readonly Named[]
  /** The lowest gates' gradients as series [T*B,G]. */
  gates(): Columns
}

export function wayDown(
  layers: readonly FastLayer[],
  params: StackParams,
  run: StackRun,
  drops: Drops,
  steps: number,
): WayDown {
  const gates = layers.map(() => new Array<Columns>(steps))
  const more = layers.map(() => new Array<Named>(steps))
  const carried: Partial<Named>[] = layers.map(() => ({}))
  return {
    step: (t, gradient) => {
      let above = gradient
      for (let index = layers.length - 1; index >= 0; index--) {
        const { fast, options } = at(layers, index)
        const weights = at(params, index)
        const whole = { ...carried[index], h: addAll(above, carried[index]?.h) }
        const stepped = fast.back(options, weights, at(at(run.steps, index), t), whole)
        at(gates, index)[t] = stepped.gates
        at(more, index)[t] = stepped.more
        carried[index] = stepped.state
        if (index > 0) above = times(through(stepped.gates, weights.kernel as Tensor2D), drops[index]?.[t])
      }
      return at(at(gates, 0), t)
    },
    parameters: (input) =>
      layers.map((layer, index) => {
        const x = index === 0 ? input : seriesOf(at(run.inputs, index))
        const own = columnSeries(at(gates, index))
        return paramGradients(layer, x, { steps: at(run.steps, index), gates: own, more: at(more, index) })
      }),
    starts: () => carried as readonly Named[],
    gates: () => columnSeries(at(gates, 0)),
  }
}

/** The lowest layer's kernel for the input [.., width], and for what stands beside it. */
export function firstKernels(params: StackParams, width: number, joined: boolean) {
  const kernel = at(params, 0).kernel as Tensor2D
  if (!joined) return { input: kernel, joined: undefined }
  const [input, other] = tf.split(kernel, [width, kernel.shape[0] - width], 0) as [Tensor2D, Tensor2D]
  return { input, joined: other }
}

/** The lowest layer's input [T*B,I]: xs, with what stood beside it. */
export function firstInput(xs: Tensor2D, joined: readonly Tensor2D[] | undefined): Tensor2D {
  return joined === undefined ? xs : beside(xs, seriesOf(joined))
}

export function at<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new RangeError(`no item ${index}`)
  return item
}

function times(x: Tensor2D, factor: Tensor2D | undefined): Tensor2D {
  return factor === undefined ? x : tf.mul(x, factor)
}
