// Tensors of a tree by name and rank, for code whose tensors come from outside: a step's inputs, an engine's state.
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from './tf.js'
import { leaf, leaves, type Tree } from './tree.js'

/** The scalar called `name`. Throws RangeError where there is none, or a tensor of another rank. */
export function scalarAt(tree: Tree<Tensor>, name: string): Scalar {
  const tensor = leaf(tree, name)
  if (!isScalar(tensor)) throw wrongRank(name, tensor, 0)
  return tensor
}

/** The vector [N] called `name`; throws as `scalarAt` does. */
export function vectorAt(tree: Tree<Tensor>, name: string): Tensor1D {
  return asVector(leaf(tree, name), name)
}

/** The matrix [N,M] called `name`; throws as `scalarAt` does. */
export function matrixAt(tree: Tree<Tensor>, name: string): Tensor2D {
  const tensor = leaf(tree, name)
  if (!isMatrix(tensor)) throw wrongRank(name, tensor, 2)
  return tensor
}

/** The tensor [N,M,K] called `name`; throws as `scalarAt` does. */
export function cubeAt(tree: Tree<Tensor>, name: string): Tensor3D {
  const tensor = leaf(tree, name)
  if (!isCube(tensor)) throw wrongRank(name, tensor, 3)
  return tensor
}

/** All leaves of a tree as vectors, by path. */
export function vectorsOf(tree: Tree<Tensor>): Record<string, Tensor1D> {
  return Object.fromEntries(leaves(tree).map(([path, tensor]) => [path, asVector(tensor, path)]))
}

/** The tensor as a vector; throws RangeError for one of another rank. */
export function asVector(tensor: Tensor, name: string): Tensor1D {
  if (!isVector(tensor)) throw wrongRank(name, tensor, 1)
  return tensor
}

const isScalar = (tensor: Tensor): tensor is Scalar => tensor.rank === 0
const isVector = (tensor: Tensor): tensor is Tensor1D => tensor.rank === 1
const isMatrix = (tensor: Tensor): tensor is Tensor2D => tensor.rank === 2
const isCube = (tensor: Tensor): tensor is Tensor3D => tensor.rank === 3

function wrongRank(name: string, { rank, shape }: Tensor, expected: number): RangeError {
  return new RangeError(`"${name}" must have rank ${expected}, not ${rank} ([${shape.join(', ')}])`)
}
