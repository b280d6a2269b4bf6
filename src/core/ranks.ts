// Further functions that read a tensor of a given rank from a tree; core/ops has `vector`, `matrix` and `cube`.
import { isVector } from './ops.js'
import type { Scalar, Tensor, Tensor1D } from './tf.js'
import { leaf, leaves, type Tree } from './tree.js'

/** The scalar called `name`. Throws RangeError where there is none, or a tensor of another rank. */
export function scalar(tree: Tree<Tensor>, name: string): Scalar {
  const tensor = leaf(tree, name)
  if (isScalar(tensor)) return tensor
  throw new RangeError(`${name} has shape [${tensor.shape}], and must be a scalar`)
}

/** All leaves of a tree as vectors, by path; throws RangeError where one has another rank. */
export function vectorsOf(tree: Tree<Tensor>): Record<string, Tensor1D> {
  return Object.fromEntries(leaves(tree).map(([path, tensor]) => [path, asVector(tensor, path)]))
}

/** The tensor as a vector; throws RangeError for one of another rank. */
export function asVector(tensor: Tensor, name: string): Tensor1D {
  if (isVector(tensor)) return tensor
  throw new RangeError(`${name} has shape [${tensor.shape}], and must be a vector`)
}

const isScalar = (tensor: Tensor): tensor is Scalar => tensor.rank === 0
