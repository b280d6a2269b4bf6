import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, tf } from '../../core/tf.js'
import { withGradient } from '../gradients/series.js'

/** The layer before the softmax: logits = x W + b, or x Wᵀ + b where W is a tied embedding's table. */
export interface SoftmaxLayer {
  /** W [R,V], or [V,R] where it is turned. */
  readonly kernel: Tensor2D
  /** b [V]. */
  readonly bias: Tensor1D
  readonly turned: boolean
}

/** x [N,R] float32 -> [N,V]. */
export function logitsOf({ kernel, bias, turned }: SoftmaxLayer, x: Tensor2D): Tensor2D {
  return tf.add(tf.matMul(x, kernel, false, turned), bias)
}

/**
 * Weighted sum of cross-entropies in nats, Σ_n w_n · −((1−ε) log p(y_n) + ε/V Σ_v log p(v)), p = softmax(x W + b), with
 * label smoothing ε (Szegedy et al. 2016; 0: none). x [N,R] float32, labels [N] int32, weights [N] float32 (no gradient
 * flows to them) -> scalar. The gradient is written out: with G = p − (1−ε) onehot(y) − ε/V,
 *   dx = w ⊙ (G Wᵀ),   dW = (w ⊙ x)ᵀ G,   db = wᵀ G,
 * so that no one-hot matrix is formed and the rows' weights meet the narrow x, never the wide G [N,V].
 */
export function crossEntropySum(
  layer: SoftmaxLayer,
  x: Tensor2D,
  labels: Tensor1D,
  weights: Tensor1D,
  smoothing: number,
): Scalar {
  const forward = () => {
    const logits = logitsOf(layer, x)
    const places = placesOf(logits, labels)
    const probabilities = tf.softmax(logits)
    const { hits, losses } = lossesOf(logits, probabilities, places, smoothing)
    return { value: tf.sum<Scalar>(tf.mul(losses, weights)), kept: [probabilities, hits, places, weights] }
  }
  const backward = (gradient: Tensor, [input, kernel]: readonly Tensor[], kept: readonly Tensor[]) => {
    const [probabilities, hits, places, given] = kept as [Tensor2D, Tensor1D, Tensor1D, Tensor1D]
    const G = logitGradient(probabilities, hits, places, smoothing)
    const factors = tf.mul(gradient, given)
    const column = tf.expandDims(factors, 1)
    const scaled = tf.mul(input as Tensor2D, column) as Tensor2D
    return [
      tf.mul(tf.matMul(G, kernel as Tensor2D, false, !layer.turned), column),
      layer.turned ? tf.matMul(G, scaled, true, false) : tf.matMul(scaled, G, true, false),
      tf.reshape(tf.matMul(tf.expandDims(factors, 0) as Tensor2D, G), [G.shape[1]]),
    ]
  }
  return withGradient([x, layer.kernel, layer.bias], forward, backward)
}

/**
 * `hits` log p(y) and `losses` −((1−ε) log p(y) + ε/V Σ_v log p(v)) of each row, [N]. With m = max x and
 * max p = e^m / Σ e^x, log p(y) = x_y − m + log max p, which needs no logarithm of a small number and no second [N,V] matrix.
 */
function lossesOf(
  logits: Tensor2D,
  probabilities: Tensor2D,
  places: Tensor1D,
  smoothing: number,
): { readonly hits: Tensor; readonly losses: Tensor } {
  const shift = tf.sub(tf.log(tf.max(probabilities, 1)), tf.max(logits, 1))
  const hits = tf.add(tf.gather(tf.reshape(logits, [-1]), places), shift)
  if (smoothing === 0) return { hits, losses: tf.neg(hits) }
  const spread = tf.mul(tf.add(tf.mean(logits, 1), shift), smoothing)
  return { hits, losses: tf.neg(tf.add(tf.mul(hits, 1 - smoothing), spread)) }
}

/**
 * p − (1−ε) onehot(y) − ε/V, [N,V]. What e^log p(y) differs from p(y) by is rounding alone, but it makes the sum wait for
 * all that the loss reads of p: so p's memory can become the gradient's.
 */
function logitGradient(p: Tensor2D, hits: Tensor1D, places: Tensor1D, smoothing: number): Tensor2D {
  const rounding = tf.sub(tf.exp(hits), tf.gather(tf.reshape(p, [-1]), places))
  const updates = tf.sub(rounding, 1 - smoothing)
  const scattered = tf.scatterND(tf.expandDims(places, 1), updates, [p.shape[0] * p.shape[1]])
  const gradient = tf.add(p, tf.reshape(scattered, p.shape)) as Tensor2D
  return smoothing === 0 ? gradient : tf.sub(gradient, smoothing / p.shape[1])
}

/** Where each row's label stands among all N·V numbers, [N] int32. */
function placesOf(logits: Tensor2D, labels: Tensor1D): Tensor1D {
  const [count, vocabulary] = logits.shape
  return tf.add(labels, tf.range(0, count * vocabulary, vocabulary, 'int32')) as Tensor1D
}

/** −log p(y_n) of every row, in nats: logits [N,V] float32, labels [N] int32 -> [N]. */
export function crossEntropies(logits: Tensor2D, labels: Tensor1D): Tensor1D {
  return tf.neg(tf.gather(tf.reshape(tf.logSoftmax(logits), [-1]), placesOf(logits, labels))) as Tensor1D
}
