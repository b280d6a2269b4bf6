import { SeqlabError } from '../../core/errors.js'
import { encodeTest } from '../../data/encoding/encode.js'
import { type TokenExample, tokenise } from '../../data/encoding/tokenise.js'
import type { DataOptions } from '../../data/options.js'
import type { RawExample } from '../../data/sources/types.js'
import { EOS, type Split, specialSymbols } from '../../data/types.js'
import type { ForcedOutput } from '../../decode/forced.js'
import { rowLength } from '../../task/sizes.js'
import type { Predictor } from '../../task/types.js'
import { examplesOf, planBatches } from '../batches.js'
import { tooLong } from '../long-sources.js'
import type { Member } from '../member.js'
import { unknownIn } from '../sources.js'
import type { TrainedParts } from '../trained-parts.js'

/** How probable a given output is for its source. */
export interface PairScore {
  /** The source as the model read it. */
  readonly source: readonly string[]
  /** What was scored, one by one: symbols and the end of a sequence, a tag for each token, or one label. */
  readonly symbols: readonly string[]
  /** ln p of each of them. */
  readonly logProbs: readonly number[]
  /** Their sum: ln p(y | x), in nats. */
  readonly score: number
  /** Tokens of source and output that the model does not know. */
  readonly unknown: number
  /** Whether it knows no token of the source. */
  readonly isUnknown: boolean
  /** A row for each symbol, a column for each source token, where the model attends and it is asked for. */
  readonly alignment?: readonly (readonly number[])[]
}

type Score = NonNullable<Predictor['score']>

/** How a task scores outputs. Throws SeqlabError 'spec' for one whose outputs have no probability. */
export function scorerOf({ model, spec }: TrainedParts): Score {
  const { score } = model.predictor
  if (score !== undefined) return score
  throw new SeqlabError('spec', `The task ${spec.task.type} gives numbers, which have no probability`, {
    hint: '`seqlab evaluate` gives the errors of its forecasts.',
  })
}

/** A pair as tokens. Throws SeqlabError 'data', with its place, for one that cannot be scored. */
export function readPair(parts: TrainedParts, pair: RawExample): TokenExample {
  const { spec, task, description } = parts
  const left: string[] = []
  const counting = { read: () => {}, dropped: (reason: string) => void left.push(reason) }
  const [example] = tokenise([pair], spec.data, task.sides, counting, description.learned)
  const { target } = description.vocabularies
  if (example === undefined)
    throw new SeqlabError('data', `${pair.where}: ${left[0] ?? 'there is nothing'} cannot be scored`)
  const { maxLength = Number.POSITIVE_INFINITY } = spec.data.sourceTokens ?? {}
  const long = tooLong(parts, Math.min(example.source.length, maxLength))
  if (long !== undefined) throw new SeqlabError('data', `${pair.where}: it cannot be scored: ${long}`)
  const labels = target?.specials === false ? target.symbols : undefined
  const unseen = example.target.find((label) => labels?.includes(label) === false)
  if (unseen === undefined) return example
  throw new SeqlabError('data', `${pair.where}: ${JSON.stringify(unseen)} is no label of the model`, {
    hint: `Its labels: ${(labels ?? []).slice(0, 12).join(', ')}${(labels ?? []).length > 12 ? ', ...' : ''}.`,
  })
}

/** Scores given outputs by forced decoding. A pair's score depends on no other pair. */
export async function scorePairs(
  { parts, run, batching }: Member,
  pairs: readonly TokenExample[],
  { alignments }: { readonly alignments: boolean },
): Promise<readonly PairScore[]> {
  const score = scorerOf(parts)
  const split = splitOf(parts, pairs)
  const scores: PairScore[] = []
  for (const { indices, shape } of planBatches(parts, split, batching)) {
    const outputs = await score(run, examplesOf(parts.model, split, { indices, shape }), alignments)
    outputs.forEach((output, row) => {
      const at = indices[row] ?? 0
      const pair = pairs[at]
      if (pair !== undefined) scores[at] = scoreOf(parts, split, at, pair, output)
    })
  }
  return scores
}

/** Sources are cut as those of predictions are; given outputs are whole. */
function splitOf({ spec, task, description }: TrainedParts, pairs: readonly TokenExample[]): Split {
  const { vocabularies } = description
  const { source, target = source } = vocabularies
  if (source === undefined || target === undefined) throw new RangeError('A model of symbols has no vocabulary')
  const examples = pairs.map(({ target, ...input }) => ({ ...input, targets: [target] }))
  const notes = { cut: {}, unknownTokens: {} }
  return encodeTest(examples, { ...vocabularies, source, target }, withoutLimit(spec.data), task.sides, notes)
}

function withoutLimit(data: DataOptions): DataOptions {
  if (data.targetTokens === undefined) return data
  const { maxLength: _, ...targetTokens } = data.targetTokens
  return { ...data, targetTokens }
}

function scoreOf(
  { task }: TrainedParts,
  split: Split,
  at: number,
  pair: TokenExample,
  { logProbs, alignment }: ForcedOutput,
): PairScore {
  const source = pair.source.slice(0, rowLength(split.source.offsets, at))
  const symbols = [...(task.sides.target === 'none' ? source : pair.target), specialSymbols[EOS]]
  return {
    ...{ source, symbols: symbols.slice(0, logProbs.length), logProbs },
    score: logProbs.reduce((sum, logProb) => sum + logProb, 0),
    unknown: unknownIn(split.source, at) + (task.sides.target === 'tokens' ? unknownIn(split.target, at) : 0),
    isUnknown: source.length > 0 && unknownIn(split.source, at) === source.length,
    ...(alignment && { alignment }),
  }
}
