import type { HostTensor } from '../core/tensors.js'
import type { Tensor } from '../core/tf.js'
import type { Tree } from '../core/tree.js'
import type { Transducer } from '../model/types.js'

/** Runs a pure function of (params, inputs) at given shapes: made by train/ over an engine, cached by name and shapes. */
export type RunPure = (
  name: string,
  pure: (params: Tree<Tensor>, inputs: Tree<Tensor>) => Tree<Tensor>,
  inputs: Tree<HostTensor>,
) => Promise<Tree<HostTensor>>

/** Ids of the symbols that decoding itself knows. */
export interface Specials {
  readonly pad: number
  readonly bos: number
  readonly eos: number
}

export interface SearchSettings {
  readonly specials: Specials
  /** Symbols at most, eos not counted. */
  readonly maxLength: number
  /** Whether alignments are wanted; they are larger than everything else. */
  readonly alignments: boolean
  /** For decoders that draw: the stream is named by it and by the example's index. */
  readonly seed: number
}

/** The best output of one example. */
export interface Decoded {
  /** Without specials. */
  readonly ids: readonly number[]
  /** Log probability in nats, eos included where it was reached. */
  readonly score: number
  /** One row a symbol, and one for eos where it was reached; one column a source step (padding included). */
  readonly alignment?: readonly (readonly number[])[]
}

/**
 * Decodes a padded batch: `source` is {ids, mask} or {values, mask} as host tensors, of which the first `rows` rows are
 * examples; one result a row.
 */
export type Search = (
  run: RunPure,
  transducer: Transducer,
  source: Tree<HostTensor>,
  rows: number,
  settings: SearchSettings,
) => Promise<readonly Decoded[]>
