import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, tf } from '../../core/tf.js'

/**
 * Weighted sum of cross-entropies in nats, Σ_n w_n · −((1−ε) log p(y_n) + ε/V Σ_v log p(v)), p = softmax(logits), with
 * label smoothing ε (Szegedy et al. 2016; 0: none). logits [N,V] float32, labels [N] int32, weights [N] float32 (no
 * gradient flows to them) -> scalar. Its gradient, w (p − (1−ε) onehot(y) − ε/V), is written out so that no one-hot
 * tensor and no gradient of the logarithm are ever formed.
 */
export function crossEntropySum(logits: Tensor2D, labels: Tensor1D, weights: Tensor1D, smoothing: number): Scalar {
  const [count, vocabulary] = logits.shape
  const places = tf.add(labels, tf.range(0, count * vocabulary, vocabulary, 'int32')) as Tensor1D
  // Outside the custom gradient: TF.js counts a tensor made and saved inside it as a leak. What the gradient needs is
  // saved, since the forward pass disposes of everything else.
  const logProbs = tf.logSoftmax(logits)
  const loss = tf.customGrad((...args) => {
    const save = args[1] as unknown as (tensors: Tensor[]) => void
    save([logProbs, places, weights])
    const hits = tf.gather(tf.reshape(logProbs, [-1]), places)
    const spread = smoothing === 0 ? hits : tf.add(tf.mul(hits, 1 - smoothing), tf.mul(tf.mean(logProbs, 1), smoothing))
    const gradFunc = (dy: Tensor, saved: Tensor[]) =>
      tf.mul(dy, logitGradient(saved as [Tensor2D, Tensor1D, Tensor1D], smoothing))
    return { value: tf.neg(tf.sum(tf.mul(spread, weights))), gradFunc }
  })
  return loss(logits) as Scalar
}

function logitGradient([logProbs, places, weights]: [Tensor2D, Tensor1D, Tensor1D], smoothing: number): Tensor {
  const [count, vocabulary] = logProbs.shape
  const weighted = tf.mul(tf.exp(logProbs), tf.expandDims(weights, 1))
  const hits = tf.scatterND(tf.expandDims(places, 1), smoothing === 0 ? weights : tf.mul(weights, 1 - smoothing), [
    count * vocabulary,
  ])
  const gradient = tf.sub(weighted, tf.reshape(hits, [count, vocabulary]))
  return smoothing === 0 ? gradient : tf.sub(gradient, tf.mul(tf.expandDims(weights, 1), smoothing / vocabulary))
}

/** −log p(y_n) of every row, in nats: logits [N,V] float32, labels [N] int32 -> [N]. */
export function crossEntropies(logits: Tensor2D, labels: Tensor1D): Tensor1D {
  const [count, vocabulary] = logits.shape
  const places = tf.add(labels, tf.range(0, count * vocabulary, vocabulary, 'int32')) as Tensor1D
  return tf.neg(tf.gather(tf.reshape(tf.logSoftmax(logits), [count * vocabulary]), places)) as Tensor1D
}
