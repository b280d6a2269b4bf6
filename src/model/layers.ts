import type { Problem } from '../core/errors.js'
import { judge } from '../core/judge.js'
import { add } from '../core/ops.js'
import type { Tensor } from '../core/tf.js'
import { subtree } from '../core/tree.js'
import type { Axis } from './axes.js'
import { layerNormParameters, layerNorm as normalised } from './layer-norm.js'
import type { ParameterTree, Params } from './parameters.js'
import { type Hidden, widthProblems } from './widths.js'

// What encoder and decoder do alike around each of their layers.

interface AroundLayers {
  readonly layers: number
  readonly dropout: number
  readonly variational: boolean
  readonly layerNorm: boolean
  readonly residual: boolean
}

/** Gain and bias of a layer's normalisation, under `norm`; nothing without one. `output`: the axis of the layer's output. */
export function normParameters({ layerNorm }: AroundLayers, output: Axis): ParameterTree {
  return layerNorm ? { norm: layerNormParameters(output) } : {}
}

/**
 * What a layer gives, out of its cells' output and its own input (before dropout), [..., D] float32: the input is added
 * from the second layer on (residual: He et al. 2016; in recurrent stacks Wu et al. 2016, (7)), then the sum normalised
 * (Ba et al. 2016, (4), here on the layer's output instead of inside the cell). `index` from 0; `params` are the layer's.
 */
export function finishLayer<T extends Tensor>(
  { layerNorm, residual }: AroundLayers,
  index: number,
  params: Params,
  output: T,
  input: T,
): T {
  const sum = residual && index > 0 ? add(output, input) : output
  return layerNorm ? normalised(sum, subtree(params, 'norm')) : sum
}

/** Options without effect. `path`: of the encoder's or decoder's section. */
export function layerProblems(
  options: AroundLayers & { readonly hidden: Hidden; readonly inputDropout?: number },
  path: string,
): Problem[] {
  return judge(
    () => widthProblems(options, path),
    () => {
      if (!options.residual || options.layers !== 1) return []
      const message = 'residual connections go around the second layer and those above it, but there is only one layer'
      return [{ path: `${path}.residual`, message, expected: 'layers: 2 or more, or residual: false' }]
    },
    () => {
      const { dropout, inputDropout = 0, variational } = options
      if (!variational || dropout !== 0 || inputDropout !== 0) return []
      const message = 'variational sets how dropout is drawn, but there is no dropout'
      return [{ path: `${path}.variational`, message, expected: 'a dropout above 0, or variational: false' }]
    },
  )
}
