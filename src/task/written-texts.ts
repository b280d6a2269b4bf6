import { BOS, type Dataset } from '../data/types.js'
import { symbolsOf } from './batches/copies.js'
import { searchTogether } from './predict.js'
import type { Predictor, RunPure } from './types.js'

/** Texts that a trained language model wrote from nothing, each symbol drawn from its whole distribution. */
export interface WrittenTexts {
  /** Symbols at most. */
  readonly limit: number
  readonly texts: readonly {
    readonly tokens: readonly string[]
    /** Log probability in nats, of its end too where it has one within the limit. */
    readonly score: number
  }[]
}

/** Few: they show what the model has learned, and take a moment. */
const textsWritten = 4
const limit = 200

/**
 * y_t ~ p(y | y_<t), by the streams of a trial's seed: the same model, seed and engine write the same texts. Undefined where
 * a model cannot write (copies of its weights for each step, a head without a distribution).
 */
export async function writtenTexts(
  { begin }: Pick<Predictor, 'begin'>,
  { sourceVocabulary }: Pick<Dataset, 'sourceVocabulary'>,
  run: RunPure,
  seed: number,
): Promise<WrittenTexts | undefined> {
  if (begin === undefined || sourceVocabulary === undefined) return undefined
  const indices = Array.from({ length: textsWritten }, (_, row) => row)
  const nothing = { kind: 'ids', data: new Int32Array(0), offsets: new Int32Array(textsWritten + 1) } as const
  const examples = { split: { source: nothing }, indices, shape: { batch: textsWritten, source: 1, target: 1 } }
  const request = { decode: { type: 'sample', temperature: 1 }, maxLength: limit, alignments: 0, seed } as const
  const written = await searchTogether([await begin(run, examples)], examples, request, BOS)
  return {
    limit,
    texts: written.map(({ ids, score }) => ({ tokens: symbolsOf(ids, sourceVocabulary.symbols, []), score })),
  }
}
