import type { Static, TObject } from 'typebox'
import type { Problem } from '../core/errors.js'
import { ofKind, type Part } from '../core/part.js'
import type { HostTensor } from '../core/tensors.js'
import type { Tensor } from '../core/tf.js'
import type { Tree } from '../core/tree.js'
import type { Transducer } from '../model/decoder/types.js'
import type { Aligned } from './aligned.js'

/** Runs a pure function of (params, inputs) at given shapes; compiled functions are cached by name and shapes. */
export type RunPure = (
  name: string,
  pure: (params: Tree<Tensor>, inputs: Tree<Tensor>) => Tree<Tensor>,
  inputs: Tree<HostTensor>,
) => Promise<Tree<HostTensor>>

/** What every search starts from: the encoded source and the decoder's first state. */
export interface Encoded {
  readonly memory: Tree<HostTensor>
  readonly state: Tree<HostTensor>
  /** B: examples, and the padding after them. */
  readonly rows: number
  /** Steps of each row's source; 0 for padding. */
  readonly lengths: readonly number[]
}

/** A model whose outputs are searched for, and what it has read of a batch. Several are an ensemble: one row for one row. */
export interface SearchMember {
  readonly run: RunPure
  readonly transducer: Pick<Transducer, 'step' | 'hasAlignment'>
  readonly encoded: Encoded
}

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
  /**
   * Steps have as many rows as there are hypotheses, up to a multiple of this; where absent, as many as there may be, because
   * each number of rows is compiled by itself.
   */
  readonly rowsStep?: number
  /** What the first step reads, where it is not bos: the last symbol of what an output goes on from. */
  readonly first?: number
  readonly alignments: Aligned
  /** For searches that draw: an example's stream is named by it and by the example's index. */
  readonly seed: number
}

/** One output of a search. */
export interface Candidate {
  /** Without specials. */
  readonly ids: readonly number[]
  /** Log probability in nats, eos included where it was reached. */
  readonly score: number
  /** One row per symbol, and one for eos where it was reached; one column per source step (padding included). */
  readonly alignment?: readonly (readonly number[])[]
}

/** What a search found for one example. */
export interface Decoded extends Candidate {
  /** The n best, this one first, where more than one was asked for. */
  readonly candidates?: readonly Candidate[]
}

/**
 * Decodes an encoded batch, whose first rows are `examples` (by their indices in the split, which name streams of random
 * numbers); the rows after them are padding. One result per example. Of several members the probabilities are averaged at
 * each step.
 */
export type Search = (
  members: readonly SearchMember[],
  examples: readonly number[],
  settings: SearchSettings,
) => Promise<readonly Decoded[]>

/** What a search method's file exports. */
export interface SearchMethod<Options extends TObject = TObject> extends Part<Options> {
  build(options: Static<Options>): Search
  /** What of the options contradicts itself; paths within them. */
  problems?(options: Static<Options>): readonly Problem[]
  /** The option that needs a model with alignments, where the options have one. */
  needsAlignment?(options: Static<Options>): string | undefined
}

/** Declares a search for outputs. */
export function defineSearchMethod<Options extends TObject>(part: SearchMethod<Options>): SearchMethod<Options> {
  return ofKind('search method', part)
}
