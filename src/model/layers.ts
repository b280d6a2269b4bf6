import type { Problem } from '../core/errors.js'
import { add, div, mean, mul, sqrt, square, sub, vector } from '../core/ops.js'
import type { Tensor } from '../core/tf.js'
import { subtree } from '../core/tree.js'
import type { Axis } from './axes.js'
import { type ParameterTree, type Params, parameter, zeroBias } from './parameters.js'

// What encoder and decoder do alike around each of their layers.

interface AroundLayers {
  readonly layers: number
  readonly dropout: number
  readonly variational: boolean
  readonly layerNorm: boolean
  readonly residual: boolean
}

const EPSILON = 1e-5

/** Gain and bias of a layer's normalisation, under `norm`; nothing without one. `output`: the axis of the layer's output. */
export function normParameters({ layerNorm }: AroundLayers, output: Axis): ParameterTree {
  if (!layerNorm) return {}
  const gain = parameter([output], { type: 'constant', value: 1 }, { decay: false })
  return { norm: { gain, bias: zeroBias(output) } }
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
  return layerNorm ? normalise(sum, subtree(params, 'norm')) : sum
}

/** (x − mean) / √(variance + 1e-5) · gain + bias over the last axis; x [..., D], gain and bias [D]. */
function normalise<T extends Tensor>(x: T, params: Params): T {
  const centred = sub(x, mean(x, -1, true))
  const variance = mean(square(centred), -1, true)
  const scaled = div(centred, sqrt(add(variance, EPSILON)))
  return add(mul(scaled, vector(params, 'gain')), vector(params, 'bias'))
}

/** Options without effect. `path`: of the encoder's or decoder's section. */
export function layerProblems({ layers, dropout, variational, residual }: AroundLayers, path: string): Problem[] {
  const problems: Problem[] = []
  if (residual && layers === 1) {
    const message = 'residual connections go around the second layer and those above it, but there is only one layer'
    problems.push({ path: `${path}.residual`, message, expected: 'layers: 2 or more, or residual: false' })
  }
  if (variational && dropout === 0) {
    const message = 'variational sets how dropout is drawn, but there is no dropout'
    problems.push({ path: `${path}.variational`, message, expected: 'a dropout above 0, or variational: false' })
  }
  return problems
}
