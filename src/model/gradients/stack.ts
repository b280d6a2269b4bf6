import { at } from '../../core/lists.js'
import { matrix, mul } from '../../core/ops.js'
import type { Tensor2D } from '../../core/tf.js'
import type { Params } from '../parameters.js'
import { type BackpropagatedStep, type DifferentiatedCell, paramGradients } from './layer.js'
import { addAll, backpropInput, columnSeries, seriesOf } from './series.js'
import type { Columns, Matrices, SavedStep } from './types.js'

// A decoder's cells, one above the other, backwards a step at a time.

/** A step of one layer: `input` is what went in, by layers above the first. */
export interface SavedLayer extends SavedStep {
  readonly input?: Tensor2D
}

/** What goes into a layer is multiplied by, step by step: [B,H], or nothing. */
export type Drops = readonly (readonly Tensor2D[] | undefined)[]

/** The backward pass through the cells, from the last step to the first. */
export interface BackwardStack {
  /** Gradient of step t's top output [B,H] -> of its lowest projected input [B,G]. */
  step(t: number, gradient: Tensor2D): Columns
  /** After the first step: gradients of each layer's parameters; `input` [T*B,I] went into the lowest layer. */
  parameters(input: Tensor2D): readonly Params[]
  /** Of the first states. */
  starts(): readonly Matrices[]
  /** Of the lowest projected inputs, as series [T*B,G]. */
  projected(): Columns
}

/** `run`: what the forward pass saved, by step and layer; `params`: by layer. */
export function backwardStack(
  cells: readonly DifferentiatedCell[],
  params: readonly Params[],
  run: readonly (readonly SavedLayer[])[],
  drops: Drops,
): BackwardStack {
  const projected = cells.map(() => new Array<Columns>(run.length))
  const steps = cells.map(() => new Array<BackpropagatedStep>(run.length))
  const carried: Matrices[] = cells.map(() => ({}))
  return {
    step: (t, gradient) => {
      let above = gradient
      for (let index = cells.length - 1; index >= 0; index--) {
        const saved = at(at(run, t), index)
        const layerParams = at(params, index)
        const whole = { ...carried[index], h: addAll(above, carried[index]?.h) }
        const stepped = at(cells, index).backward.step(layerParams, saved, whole)
        at(projected, index)[t] = stepped.projected
        at(steps, index)[t] = { ...saved, extras: stepped.extras }
        carried[index] = stepped.state
        if (index > 0) above = times(backpropInput(stepped.projected, matrix(layerParams, 'kernel')), drops[index]?.[t])
      }
      return at(at(projected, 0), t)
    },
    parameters: (input) =>
      cells.map((cell, index) => {
        const x = index === 0 ? input : seriesOf(run.map((layers) => inputOf(at(layers, index))))
        return paramGradients(cell, x, at(steps, index), columnSeries(at(projected, index)))
      }),
    starts: () => carried,
    projected: () => columnSeries(at(projected, 0)),
  }
}

function inputOf({ input }: SavedLayer): Tensor2D {
  if (input === undefined) throw new RangeError('A layer above the first has an input')
  return input
}

function times(x: Tensor2D, factor: Tensor2D | undefined): Tensor2D {
  return factor === undefined ? x : mul(x, factor)
}
