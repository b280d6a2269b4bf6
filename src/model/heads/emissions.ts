import { at } from '../../core/lists.js'
import {
  add,
  expandDims,
  fill,
  lookUp,
  matMul,
  mul,
  range,
  reshape,
  scatter,
  softmax,
  square,
  stack,
  sub,
  sum,
  tanh,
  tile,
  transpose,
} from '../../core/ops.js'
import type { Tensor1D, Tensor2D, Tensor3D } from '../../core/tf.js'
import { seriesOf, stepsOf } from '../gradients/series.js'
import { withStructuredGradient } from '../gradients/structured.js'
import { logProbsAt, placesOf } from './cross-entropy.js'
import { logitsOf } from './output-layer.js'

/** What has a gradient. */
interface Inputs {
  /** The target's part of the features, [T*B,K]. */
  readonly target: Tensor2D
  /** The source's part, [B,S,K]. */
  readonly source: Tensor3D
  readonly kernel: Tensor2D
  readonly bias: Tensor1D
}

interface Residuals {
  readonly ids: readonly Tensor1D[]
  /** f of each target step, [B,S,K]. */
  readonly features: readonly Tensor3D[]
  /** p of each target step, [B*S,V]. */
  readonly probabilities: readonly Tensor2D[]
}

/** tanh(target + source), [B,S,K]: of one target step, target [B,K]. */
export function featuresOf(target: Tensor2D, source: Tensor3D): Tensor3D {
  return tanh(add(expandDims(target, 1), source))
}

/**
 * ln p(y_t | a_t = s) = ln softmax_{y_t}(f_ts W + b), f_ts = tanh(target_t + source_s), of each target step and source step:
 * ids [T*B] int32 -> [T*B,S]. One target step after the other, so that its scores [B*S,V] are still in the cache where they
 * are read again. The gradient is written out: with g [B,S] that of ln p at step t,
 *   df = g ⊙ (W_y − p Wᵀ),   dtarget = Σ_s df ⊙ (1 − f²),   dsource = Σ_t df ⊙ (1 − f²),
 *   dW = Σ_t onehot(y)ᵀ Σ_s g f − (g ⊙ f)ᵀ p,   db = Σ_t onehot(y)ᵀ Σ_s g − gᵀ p,
 * in which nothing but p has a number for each pair of steps and symbol.
 */
export function logEmissions(inputs: Inputs, ids: Tensor1D, steps: number, transposed: boolean): Tensor2D {
  const forward = () => {
    const labels = idsOf(ids, steps)
    const taken = stepsOf(inputs.target, steps).map((target, t) => {
      return emission({ ...inputs, target }, at(labels, t), transposed)
    })
    const residuals: Residuals = {
      ids: labels,
      features: taken.map(({ features }) => features),
      probabilities: taken.map(({ probabilities }) => probabilities),
    }
    return { value: seriesOf(taken.map(({ logProbs }) => logProbs)), residuals }
  }
  return withStructuredGradient(inputs, forward, (gradient, given, residuals) => {
    return gradientsOf(gradient, given, residuals, transposed)
  })
}

/** One target step: target [B,K], ids [B]. */
function emission({ target, source, kernel, bias }: Inputs, ids: Tensor1D, transposed: boolean) {
  const [batch, count, width] = source.shape
  const features = featuresOf(target, source)
  const logits = logitsOf({ kernel, bias, transposed }, reshape(features, [batch * count, width]))
  const probabilities = softmax(logits)
  const rows = reshape(tile(expandDims(ids, 1), [1, count]), [-1])
  const logProbs = reshape(logProbsAt(placesOf(logits, rows), logits, probabilities), [batch, count])
  return { features, probabilities, logProbs }
}

function gradientsOf(gradient: Tensor2D, inputs: Inputs, saved: Residuals, transposed: boolean): Inputs {
  const { source, kernel, bias } = inputs
  const [batch, count, width] = source.shape
  const rows = transposed ? kernel : transpose(kernel)
  const ofTarget: Tensor2D[] = []
  const written: Tensor2D[] = []
  let ofSource: Tensor3D | undefined
  let spread: { readonly kernel: Tensor2D; readonly bias: Tensor2D } | undefined
  for (const [t, g] of stepsOf(gradient, saved.ids.length).entries()) {
    const [p, f] = [at(saved.probabilities, t), at(saved.features, t)]
    const expected = reshape(matMul(p, kernel, false, !transposed), [batch, count, width])
    const missing = sub(expandDims(lookUp(rows, at(saved.ids, t)), 1), expected)
    const sums = mul(mul(missing, expandDims(g, 2)), sub(1, square(f)))
    const weighed = mul(f, expandDims(g, 2))
    const flat = reshape(weighed, [batch * count, width])
    const ofKernel = transposed ? matMul(p, flat, true, false) : matMul(flat, p, true, false)
    const ofBias = matMul(reshape(g, [1, batch * count]), p)
    ofTarget.push(sum(sums, 1))
    written.push(sum(weighed, 1))
    ofSource = ofSource === undefined ? sums : add(sums, ofSource)
    spread = {
      kernel: spread === undefined ? ofKernel : add(ofKernel, spread.kernel),
      bias: spread === undefined ? ofBias : add(ofBias, spread.bias),
    }
  }
  if (ofSource === undefined || spread === undefined) throw new RangeError('A target has at least one step')
  const ids = reshape(stack(saved.ids, 0), [-1])
  return {
    target: seriesOf(ofTarget),
    source: ofSource,
    kernel: sub(scatteredRows(ids, seriesOf(written), kernel.shape, transposed), spread.kernel),
    bias: sub(scatter(ids, sum(gradient, 1), bias.shape[0]), reshape(spread.bias, bias.shape)),
  }
}

/** Rows [N,K] added up at the places of their symbols in a kernel, [K,V] or transposed. */
function scatteredRows(ids: Tensor1D, rows: Tensor2D, shape: readonly [number, number], transposed: boolean): Tensor2D {
  const [, width] = rows.shape
  const [stride, step] = transposed ? [width, 1] : [1, shape[1]]
  const firsts = mul(expandDims(ids, 1), fill([], stride, 'int32'))
  const places = add(firsts, expandDims(range(0, width * step, step), 0))
  return reshape(scatter(reshape(places, [-1]), reshape(rows, [-1]), shape[0] * shape[1]), shape)
}

/** [T*B] -> T times [B]. */
function idsOf(ids: Tensor1D, steps: number): readonly Tensor1D[] {
  return stepsOf(reshape(ids, [steps, -1]), steps).map((row) => reshape(row, [-1]))
}
