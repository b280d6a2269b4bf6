import type { HostTensor } from '../../src/core/tensors.js'
import { type Tensor, tf } from '../../src/core/tf.js'
import { fromLeaves, leaves, mapTree, type Tree } from '../../src/core/tree.js'

/** Host tensors as TF.js tensors. */
export function upload(tree: Tree<HostTensor>): Tree<Tensor> {
  return mapTree(tree, ({ data, shape, dtype }) => tf.tensor(data, [...shape], dtype))
}

export function numbers(tensor: Tensor): number[] {
  return [...tensor.dataSync()]
}

/** The gradient of a scalar function of a tree, leaf by leaf. */
export function gradients(tree: Tree<Tensor>, loss: (tree: Tree<Tensor>) => Tensor): Tree<Tensor> {
  const of = tf.grads((...values: Tensor[]) => loss(fromLeaves(tree, values)))
  return fromLeaves(tree, of(leaves(tree).map(([, leaf]) => leaf)))
}

/** TF.js tensors as host tensors. */
export function download(tree: Tree<Tensor>): Tree<HostTensor> {
  return mapTree(tree, (tensor): HostTensor => {
    const dtype = tensor.dtype === 'int32' ? 'int32' : 'float32'
    return { dtype, shape: tensor.shape, data: tensor.dataSync() as Float32Array | Int32Array }
  })
}
