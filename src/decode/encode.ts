import { cube, matrix } from '../core/ops.js'
import type { HostTensor } from '../core/tensors.js'
import type { Tensor } from '../core/tf.js'
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
  const mask = matrix(inputs, 'mask')
  return 'ids' in inputs ? { ids: matrix(inputs, 'ids'), mask } : { values: cube(inputs, 'values'), mask }
}
