import { type HostTensor, ints } from '../core/tensors.js'
import type { Column } from '../data/types.js'
import type { ModelSizes } from '../model/sizes.js'

/** Rows of source ids as target ids, for heads that copy (`HeadSource.copies`): [batch, steps] int32. */
export type CopyIds = (
  column: Column,
  rows: readonly number[],
  size: readonly [batch: number, steps: number],
) => HostTensor

/**
 * A source symbol has the id of the target symbol that is written alike; one that the target vocabulary lacks has V and the
 * step where it comes first in its source (pointer-generator's extended vocabulary, See et al. 2017, section 2.2).
 */
export function copyIdsOf({ known }: ModelSizes): CopyIds {
  const targets = known?.target?.symbols ?? []
  const idOf = new Map(targets.map((symbol, id) => [symbol, id]))
  const targetIds = (known?.source?.symbols ?? []).map((symbol) => idOf.get(symbol))
  return ({ data, offsets }, rows, [batch, steps]) => {
    const copies = new Int32Array(batch * steps)
    rows.forEach((row, index) => {
      const ids = data.subarray(offsets[row], offsets[row + 1])
      ids.forEach((id, step) => {
        copies[index * steps + step] = targetIds[id] ?? targets.length + ids.indexOf(id)
      })
    })
    return ints(copies, [batch, steps])
  }
}

/** Predicted ids as symbols: from V on they are the source's, by step. */
export function symbolsOf(ids: readonly number[], vocabulary: readonly string[], source: readonly string[]): string[] {
  return ids.map((id) => vocabulary[id] ?? source[id - vocabulary.length] ?? '')
}
