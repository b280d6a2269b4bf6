// The one file that imports TF.js. The union package is needed: tfjs-core alone has no gradients registered.
// TF.js prints a banner that recommends tfjs-node when it is loaded in Node; production mode keeps it quiet. (Not
// IS_TEST: that makes TF.js count tensors around each operation, and takes what a custom gradient keeps for a leak.)
import * as tf from '@tensorflow/tfjs'
import { leaf, type Tree } from './tree.js'

tf.enableProdMode()

export { tf }
export type Tensor = tf.Tensor
export type Tensor1D = tf.Tensor1D
export type Tensor2D = tf.Tensor2D
export type Tensor3D = tf.Tensor3D
export type Tensor4D = tf.Tensor4D
export type Scalar = tf.Scalar

/** The tensor called `name` in a tree of parameters, states or inputs. */
export function tensor<T extends Tensor = Tensor>(tree: Tree<Tensor>, name: string): T {
  return leaf(tree, name) as T
}

/**
 * The slices of `x` along `axis`, as tf.unstack gives them. TF.js's gradient of unstack fails where there is only one
 * slice (it is handed a tensor where it expects a list), so that one is a reshape.
 */
export function unstack<T extends Tensor = Tensor>(x: Tensor, axis: number): T[] {
  return (x.shape[axis] === 1 ? [tf.squeeze(x, [axis])] : tf.unstack(x, axis)) as T[]
}

/**
 * What `compute` gives, as a constant: no gradient flows through it. TF.js has no operation for that; the inside of a
 * custom gradient is not on the tape, and this one depends on nothing that is trained.
 */
export function withoutGradient<T extends Tensor>(compute: () => T): T {
  const constant = tf.customGrad(() => ({ value: compute(), gradFunc: () => tf.scalar(0) }))
  return constant(tf.scalar(0)) as T
}
