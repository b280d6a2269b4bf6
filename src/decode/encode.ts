import type { HostTensor } from '../core/tensors.js'
import { type Tensor, type Tensor2D, type Tensor3D, tensor } from '../core/tf.js'
import { leaf, subtree, type Tree } from '../core/tree.js'
import type { Transducer } from '../model/decoder/types.js'
import type { Sequence } from '../model/representation/types.js'
import type { Encoded, RunPure } from './types.js'

/** Encodes a padded batch once. */
export async function encode(run: RunPure, transducer: Transducer, source: Tree<HostTensor>): Promise<Encoded> {
  const started = await run(
    'encode',
    (params, inputs) => ({ ...transducer.start(params, asSequence(inputs), undefined) }),
    source,
  )
  const rows = leaf(source, 'mask').shape[0] ?? 0
  return { memory: subtree(started, 'memory'), state: subtree(started, 'state'), rows }
}

function asSequence(inputs: Tree<Tensor>): Sequence {
  const mask = tensor<Tensor2D>(inputs, 'mask')
  return 'ids' in inputs
    ? { ids: tensor<Tensor2D>(inputs, 'ids'), mask }
    : { values: tensor<Tensor3D>(inputs, 'values'), mask }
}
