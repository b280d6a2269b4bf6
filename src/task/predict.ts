import type { HostTensor } from '../core/tensors.js'
import type { Tree } from '../core/tree.js'
import { BOS, EOS, PAD, type Split } from '../data/types.js'
import { searchOf } from '../decode/index.js'
import type { Decoded } from '../decode/types.js'
import type { BatchShape, Transducer } from '../model/types.js'
import { maskOf, padIds } from './collate.js'
import { rowLength } from './sizes.js'
import type { Prediction, Predictor } from './types.js'

const specials = { pad: PAD, bos: BOS, eos: EOS }

/** Predicts a sequence for each source by the spec's search. */
export function sequencePredictor(transducer: Transducer): Predictor {
  return {
    predict: async (run, split, indices, shape, decode, settings) => {
      const source = sourceBatch(split, indices, shape)
      const found = await searchOf(decode)(run, transducer, source, indices, { ...settings, specials })
      return found.map((decoded, row) => withoutPadding(decoded, rowLength(split.source.offsets, indices[row] ?? 0)))
    },
  }
}

/** The source side of a batch: ids and mask, [B,S] each. */
export function sourceBatch(split: Split, rows: readonly number[], { batch, source }: BatchShape): Tree<HostTensor> {
  return { ids: padIds(split.source, rows, [batch, source]), mask: maskOf(split.source, rows, [batch, source]) }
}

/** Cuts an alignment's columns to the source's own steps. */
function withoutPadding({ alignment, ...rest }: Decoded, steps: number): Prediction {
  return alignment === undefined ? rest : { ...rest, alignment: alignment.map((row) => row.slice(0, steps)) }
}
