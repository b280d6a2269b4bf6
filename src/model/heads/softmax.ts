import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, tf } from '../../core/tf.js'
import { withGradient } from '../fast/series.js'

/**
 * Weighted sum of cross-entropies in nats, Σ_n w_n · −((1−ε) log p(y_n) + ε/V Σ_v log p(v)), p = softmax(logits), with
 * label smoothing ε (Szegedy et al. 2016; 0: none). logits [N,V] float32, labels [N] int32, weights [N] float32 (no
 * gradient flows to them) -> scalar. With m = max x and max p = e^m / Σ e^x, log p(y) = x_y − m + log max p, which needs
 * no logarithm of a small number and no second [N,V] matrix. The gradient, w (p − (1−ε) onehot(y) − ε/V), is written
 * out, so that no one-hot matrix is ever formed.
 */
export function crossEntropySum(logits: Tensor2D, labels: Tensor1D, weights: Tensor1D, smoothing: number): Scalar {
  const [count, vocabulary] = logits.shape
  const forward = () => {
    const places = tf.add(labels, tf.range(0, count * vocabulary, vocabulary, 'int32')) as Tensor1D
    const probabilities = tf.softmax(logits)
    const shift = tf.sub(tf.log(tf.max(probabilities, 1)), tf.max(logits, 1))
    const hits = tf.add(tf.gather(tf.reshape(logits, [-1]), places), shift)
    const spread =
      smoothing === 0 ? hits : tf.add(tf.mul(hits, 1 - smoothing), tf.mul(tf.add(tf.mean(logits, 1), shift), smoothing))
    return { value: tf.neg(tf.sum(tf.mul(spread, weights))), kept: [probabilities, places, weights] }
  }
  const backward = (gradient: Tensor, _: readonly Tensor[], [p, places, given]: readonly Tensor[]) => [
    logitGradient(p as Tensor2D, places as Tensor1D, tf.mul(gradient, given as Tensor1D), smoothing),
  ]
  return withGradient([logits], forward, backward) as Scalar
}

/** s (p − (1−ε) onehot − ε/V) for one factor a row, s [N]. */
function logitGradient(p: Tensor2D, places: Tensor1D, factors: Tensor1D, smoothing: number): Tensor {
  const [count, vocabulary] = p.shape
  const column = tf.expandDims(factors, 1)
  const hits = tf.scatterND(tf.expandDims(places, 1), tf.mul(factors, smoothing - 1), [count * vocabulary])
  const gradient = tf.add(tf.mul(p, column), tf.reshape(hits, [count, vocabulary]))
  return smoothing === 0 ? gradient : tf.sub(gradient, tf.mul(column, smoothing / vocabulary))
}

/** −log p(y_n) of every row, in nats: logits [N,V] float32, labels [N] int32 -> [N]. */
export function crossEntropies(logits: Tensor2D, labels: Tensor1D): Tensor1D {
  const [count, vocabulary] = logits.shape
  const places = tf.add(labels, tf.range(0, count * vocabulary, vocabulary, 'int32')) as Tensor1D
  return tf.neg(tf.gather(tf.reshape(tf.logSoftmax(logits), [count * vocabulary]), places)) as Tensor1D
}
