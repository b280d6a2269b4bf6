import type { HostTensor } from '../core/tensors.js'
import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, tf } from '../core/tf.js'
import { leaf, type Tree } from '../core/tree.js'
import { crossEntropies, crossEntropySum, logitsOf, type SoftmaxLayer } from '../model/heads/softmax.js'
import type { LossSettings } from '../model/types.js'

/** What the output layer sees, x [N,R], and the layer itself. */
export interface Scored {
  readonly layer: SoftmaxLayer
  readonly x: Tensor2D
}

/** Sums over all labels of a batch: labels [N] int32, mask [N] float32. */
export function labelLoss({ layer, x }: Scored, labels: Tensor1D, mask: Tensor1D, { labelSmoothing }: LossSettings) {
  const crossEntropy = crossEntropySum(layer, x, labels, mask, 0)
  const objective = labelSmoothing === 0 ? crossEntropy : crossEntropySum(layer, x, labels, mask, labelSmoothing)
  return { objective, crossEntropy, count: tf.sum<Scalar>(mask) }
}

/**
 * For x [B*S,R]: each position's most probable label, its log probability and the cross-entropy of the true label, [B,S]
 * each.
 */
export function labelPredictions({ layer, x }: Scored, labels: Tensor, [batch, steps]: readonly [number, number]) {
  const logits = logitsOf(layer, x)
  const logProbs = tf.logSoftmax(logits)
  const shaped = (perLabel: Tensor) => tf.reshape(perLabel, [batch, steps])
  return {
    ids: shaped(tf.cast(tf.argMax(logProbs, 1), 'int32')),
    logProbs: shaped(tf.max(logProbs, 1)),
    nats: shaped(crossEntropies(logits, tf.reshape(labels, [-1]) as Tensor1D)),
  }
}

/** Row `row` of [B,S], its first `length` numbers. */
export function rowOf(tree: Tree<HostTensor>, name: string, row: number, length: number): number[] {
  const { data, shape } = leaf(tree, name)
  const steps = shape[1] ?? 0
  return Array.from(data.subarray(row * steps, row * steps + length))
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
