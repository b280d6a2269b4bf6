import { type HostTensor, ints } from '../../core/tensors.js'
import { type Column, type Split, UNK } from '../../data/types.js'
import type { ModelSizes } from '../../model/sizes.js'

type Sources = Pick<Split, 'source' | 'unknown'>
type Size = readonly [batch: number, steps: number]

/** A source's symbols as target ids (`HeadSource.copies`), and a target's symbols that only its source has. */
export interface CopyIds {
  /** [batch, steps] int32. */
  sources(split: Sources, rows: readonly number[], size: Size): HostTensor
  /** Ids of targets [batch, steps], each row's first at step `first` -> the same with unk as what its source has. */
  targets(ids: HostTensor, split: Split, rows: readonly number[], first: number): HostTensor
}

/**
 * A source symbol has the id of the target symbol that is written alike; one that the target vocabulary lacks has V and the
 * step where it comes first in its source (pointer-generator's extended vocabulary, See et al. 2017, section 2.2).
 */
export function copyIdsOf({ known }: ModelSizes): CopyIds {
  const targets = known?.target?.symbols ?? []
  const idOf = new Map(targets.flatMap((symbol, id): [string, number][] => (id <= UNK ? [] : [[symbol, id]])))
  const tokensOf = ({ source, unknown }: Sources, row: number) =>
    tokens(source, row, known?.source?.symbols ?? [], unknown)
  return {
    sources: (split, rows, [batch, steps]) => {
      const copies = new Int32Array(batch * steps)
      rows.forEach((row, index) => {
        const own = tokensOf(split, row)
        const ids = own.map((token) => idOf.get(token) ?? targets.length + own.indexOf(token))
        copies.set(ids, index * steps)
      })
      return ints(copies, [batch, steps])
    },
    targets: ({ data, shape }, split, rows, first) => {
      const [extended, steps] = [Int32Array.from(data), shape[1] ?? 0]
      const { target, unknown } = split
      rows.forEach((row, index) => {
        const [begin = 0, end = 0] = target.offsets.subarray(row, row + 2)
        const own = tokensOf(split, row)
        for (let place = begin; place < end; place++) {
          const at = own.indexOf(unknown?.target.get(place) ?? '')
          if (at >= 0) extended[index * steps + first + place - begin] = targets.length + at
        }
      })
      return ints(extended, shape)
    },
  }
}

/** A row's symbols, as they are written. */
function tokens(
  { data, offsets }: Column,
  row: number,
  symbols: readonly string[],
  unknown: Split['unknown'],
): string[] {
  const [begin = 0, end = 0] = offsets.subarray(row, row + 2)
  return Array.from(data.subarray(begin, end), (id, step) => unknown?.source.get(begin + step) ?? symbols[id] ?? '')
}

/** Predicted ids as symbols: from V on they are the source's, by step. */
export function symbolsOf(ids: readonly number[], vocabulary: readonly string[], source: readonly string[]): string[] {
  return ids.map((id) => vocabulary[id] ?? source[id - vocabulary.length] ?? '')
}
