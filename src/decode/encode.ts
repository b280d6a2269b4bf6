import type { HostTensor } from '../core/tensors.js'
import { leaf, subtree, type Tree } from '../core/tree.js'
import type { Transducer } from '../model/decoder/types.js'
import { sequenceIn } from '../model/representation/sequence.js'
import { rowOf } from './stepwise.js'
import type { Encoded, RunPure } from './types.js'

/** Encodes a padded batch once. */
export async function encode(
  run: RunPure,
  transducer: Pick<Transducer, 'start'>,
  source: Tree<HostTensor>,
): Promise<Encoded> {
  const started = await run(
    'encode',
    (params, inputs) => ({ ...transducer.start(params, sequenceIn(inputs), undefined) }),
    source,
  )
  const lengths = lengthsIn(leaf(source, 'mask'))
  return { memory: subtree(started, 'memory'), state: subtree(started, 'state'), rows: lengths.length, lengths }
}

/** Real steps of each row of a mask [B,S]. */
function lengthsIn(mask: HostTensor): number[] {
  return Array.from({ length: mask.shape[0] ?? 0 }, (_, row) => {
    return Array.from(rowOf(mask, row)).reduce((sum, real) => sum + real, 0)
  })
}
