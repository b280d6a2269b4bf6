import {
  add,
  exp,
  expandDims,
  gather,
  log,
  logSoftmax,
  matMul,
  max,
  mean,
  mul,
  neg,
  range,
  reshape,
  scatter,
  softmax,
  sub,
  sumAll,
} from '../../core/ops.js'
import type { Scalar, Tensor1D, Tensor2D } from '../../core/tf.js'
import { withStructuredGradient } from '../gradients/structured.js'
import { logitsOf, type OutputLayer } from './output-layer.js'

/** What the gradient needs of the forward pass. */
interface Residuals {
  /** [N,V]. */
  readonly probabilities: Tensor2D
  /** log p(y_n), [N]. */
  readonly hits: Tensor1D
  readonly places: Tensor1D
  readonly weights: Tensor1D
}

/**
 * Weighted sum of cross-entropies in nats, Σ_n w_n · −((1−ε) log p(y_n) + ε/V Σ_v log p(v)), p = softmax(x W + b), with
 * label smoothing ε (Szegedy et al. 2016; 0: none). x [N,R] float32, labels [N] int32, weights [N] float32 (no gradient
 * flows to them) -> scalar. The gradient is written out: with G = p − (1−ε) onehot(y) − ε/V,
 *   dx = w ⊙ (G Wᵀ),   dW = (w ⊙ x)ᵀ G,   db = wᵀ G,
 * so that no one-hot matrix is formed and the rows' weights meet the narrow x, never the wide G [N,V].
 */
export function crossEntropySum(
  { kernel, bias, transposed }: OutputLayer,
  x: Tensor2D,
  labels: Tensor1D,
  weights: Tensor1D,
  smoothing: number,
): Scalar {
  const forward = () => {
    const logits = logitsOf({ kernel, bias, transposed }, x)
    const places = placesOf(logits, labels)
    const probabilities = softmax(logits)
    const { hits, losses } = lossesOf(logits, probabilities, places, smoothing)
    return { value: sumAll(mul(losses, weights)), residuals: { probabilities, hits, places, weights } }
  }
  const backward = (gradient: Scalar, inputs: LayerInputs, residuals: Residuals) =>
    layerGradients(logitGradient(residuals, smoothing), mul(gradient, residuals.weights), inputs, transposed)
  return withStructuredGradient({ x, kernel, bias }, forward, backward)
}

/**
 * −log p(y_n) of each row in nats, [N], for a loss that goes on from them. x [N,R] float32, labels [N] int32. The gradient is
 * that of `crossEntropySum` with each row's own in the place of its weight.
 */
export function crossEntropyRows({ kernel, bias, transposed }: OutputLayer, x: Tensor2D, labels: Tensor1D): Tensor1D {
  const forward = () => {
    const logits = logitsOf({ kernel, bias, transposed }, x)
    const places = placesOf(logits, labels)
    const probabilities = softmax(logits)
    const { hits, losses } = lossesOf(logits, probabilities, places, 0)
    return { value: losses, residuals: { probabilities, hits, places } }
  }
  const backward = (gradient: Tensor1D, inputs: LayerInputs, residuals: Omit<Residuals, 'weights'>) =>
    layerGradients(logitGradient(residuals, 0), gradient, inputs, transposed)
  return withStructuredGradient({ x, kernel, bias }, forward, backward)
}

interface LayerInputs {
  readonly x: Tensor2D
  readonly kernel: Tensor2D
  readonly bias: Tensor1D
}

/** Of the rows' gradient G [N,V] before they are weighed: those of x, W and b. */
function layerGradients(G: Tensor2D, factors: Tensor1D, inputs: LayerInputs, transposed: boolean): LayerInputs {
  const column = expandDims(factors, 1)
  const scaled = mul(inputs.x, column)
  return {
    x: mul(matMul(G, inputs.kernel, false, !transposed), column),
    kernel: transposed ? matMul(G, scaled, true, false) : matMul(scaled, G, true, false),
    bias: reshape(matMul(expandDims(factors, 0), G), [G.shape[1]]),
  }
}

/**
 * log p(y) of each row, [N], whose label is at that place among all N·V numbers. With m = max x and max p = e^m / Σ e^x it is
 * x_y − m + log max p, which needs no logarithm of a small number and no second [N,V] matrix.
 */
export function logProbsAt(places: Tensor1D, logits: Tensor2D, probabilities: Tensor2D): Tensor1D {
  return add(gather(reshape(logits, [-1]), places), shiftOf(logits, probabilities))
}

function shiftOf(logits: Tensor2D, probabilities: Tensor2D): Tensor1D {
  return sub(log(max(probabilities, 1)), max(logits, 1))
}

/** `hits` log p(y) and `losses` −((1−ε) log p(y) + ε/V Σ_v log p(v)) of each row, [N]. */
function lossesOf(logits: Tensor2D, probabilities: Tensor2D, places: Tensor1D, smoothing: number) {
  const shift = shiftOf(logits, probabilities)
  const hits = add(gather(reshape(logits, [-1]), places), shift)
  if (smoothing === 0) return { hits, losses: neg(hits) }
  const spread = mul(add(mean(logits, 1), shift), smoothing)
  return { hits, losses: neg(add(mul(hits, 1 - smoothing), spread)) }
}

/**
 * p − (1−ε) onehot(y) − ε/V, [N,V]. What e^log p(y) differs from p(y) by is rounding alone, but it makes the sum wait for
 * all that the loss reads of p: so p's memory can become the gradient's.
 */
function logitGradient({ probabilities: p, hits, places }: Omit<Residuals, 'weights'>, smoothing: number): Tensor2D {
  const rounding = sub(exp(hits), gather(reshape(p, [-1]), places))
  const updates = sub(rounding, 1 - smoothing)
  const scattered = scatter(places, updates, p.shape[0] * p.shape[1])
  const gradient = add(p, reshape(scattered, p.shape))
  return smoothing === 0 ? gradient : sub(gradient, smoothing / p.shape[1])
}

/** The place of each row's label among all N·V numbers, [N] int32. */
export function placesOf(logits: Tensor2D, labels: Tensor1D): Tensor1D {
  const [count, vocabulary] = logits.shape
  return add(labels, range(0, count * vocabulary, vocabulary))
}

/** −log p(y_n) of every row, in nats: logits [N,V] float32, labels [N] int32 -> [N]. */
export function crossEntropies(logits: Tensor2D, labels: Tensor1D): Tensor1D {
  return neg(gather(reshape(logSoftmax(logits), [-1]), placesOf(logits, labels)))
}
