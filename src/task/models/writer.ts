import type { HostTensor } from '../../core/tensors.js'
import { floats, ints } from '../../core/tensors.js'
import type { Tree } from '../../core/tree.js'
import { BOS, type Split } from '../../data/types.js'
import { encode } from '../../decode/encode.js'
import type { BatchShape } from '../../model/noise.js'
import { rowLength } from '../sizes.js'
import type { Predictor } from '../types.js'
import type { NextSymbol } from './next-symbol.js'

/** What a language model needs to write: it reads bos and a row but for its last symbol, which the first step reads. */
export function writer({ stepwise }: NextSymbol): Pick<Predictor, 'begin'> {
  if (stepwise === undefined) return {}
  return {
    begin: async (run, { split, indices, shape }) => {
      return { run, transducer: stepwise, encoded: await encode(run, stepwise, begun(split, indices, shape)) }
    },
  }
}

/** bos and each row's symbols but for the last, {ids, mask} [B,S]; of an empty row nothing at all. */
function begun({ source }: Pick<Split, 'source'>, rows: readonly number[], shape: BatchShape): Tree<HostTensor> {
  const { batch, source: steps } = shape
  const [ids, mask] = [new Int32Array(batch * steps), new Float32Array(batch * steps)]
  rows.forEach((row, index) => {
    const [start, length] = [source.offsets[row] ?? 0, rowLength(source.offsets, row)]
    for (let step = 0; step < length; step++) {
      ids[index * steps + step] = step === 0 ? BOS : (source.data[start + step - 1] ?? 0)
      mask[index * steps + step] = 1
    }
  })
  return { ids: ints(ids, [batch, steps]), mask: floats(mask, [batch, steps]) }
}
