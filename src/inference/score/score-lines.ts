import { SeqlabError } from '../../core/errors.js'
import type { TokenExample } from '../../data/encoding/tokenise.js'
import { inBatches, stopsAt } from '../lines/read-lines.js'
import type { Member } from '../member.js'
import type { GivenPair } from './given-pairs.js'
import { type PairScore, readPair, scorePairs } from './score-model.js'

/** What became of a pair. */
export type ScoredPair =
  | { readonly number: number; readonly scored: PairScore }
  | { readonly number: number; readonly skipped: string }

export interface ScoreOptions {
  readonly alignments: boolean
  /** Pairs that are read before they are scored together. */
  readonly batchSize: number
  readonly onError: 'fail' | 'skip'
}

/** How long a batch waits for more pairs. */
const waitMs = 50

/**
 * A score for each pair, in order. Throws SeqlabError 'data' at the first pair that cannot be scored, after the scores of
 * those before it; with `onError` skip, such a pair's result is the reason, unless
 * nothing after it can be read.
 */
export async function* scoreEach(
  opened: Member,
  pairs: AsyncIterable<GivenPair>,
  options: ScoreOptions,
): AsyncGenerator<ScoredPair> {
  for await (const batch of inBatches(pairs, options.batchSize, waitMs)) {
    const read = batch.map((pair) => {
      return { number: pair.number, example: exampleOf(opened, pair), stops: stopsAt(pair, options) }
    })
    const failed = read.findIndex(({ example, stops }) => stops && example instanceof Error)
    const taken = failed === -1 ? read : read.slice(0, failed)
    const examples = taken.flatMap(({ example }) => (example instanceof Error ? [] : [example]))
    const scores = [...(await scorePairs(opened, examples, options))].reverse()
    for (const { number, example } of taken) {
      const scored = example instanceof Error ? undefined : scores.pop()
      if (scored !== undefined) yield { number, scored }
      else if (example instanceof Error) yield { number, skipped: example.message }
    }
    const error = read[failed]?.example
    if (error instanceof Error) throw error
  }
}

function exampleOf({ parts }: Member, pair: GivenPair): TokenExample | Error {
  if ('problem' in pair) return pair.problem
  try {
    return readPair(parts, pair)
  } catch (error) {
    if (error instanceof SeqlabError && error.code === 'data') return error
    throw error
  }
}
