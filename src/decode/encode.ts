import type { HostTensor } from '../core/tensors.js'
import { leaf, subtree, type Tree } from '../core/tree.js'
import type { Transducer } from '../model/decoder/types.js'
import { sequenceIn } from '../model/representation/sequence.js'
import type { Encoded, RunPure } from './types.js'

/** Encodes a padded batch once. */
export async function encode(run: RunPure, transducer: Transducer, source: Tree<HostTensor>): Promise<Encoded> {
  const started = await run(
    'encode',
    (params, inputs) => ({ ...transducer.start(params, sequenceIn(inputs), undefined) }),
    source,
  )
  const rows = leaf(source, 'mask').shape[0] ?? 0
  return { memory: subtree(started, 'memory'), state: subtree(started, 'state'), rows }
}
