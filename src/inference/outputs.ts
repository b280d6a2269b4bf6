import { joinTokens, wordMark } from '../core/pieces.js'
import { targetScaling } from '../data/scaling.js'
import { UNK } from '../data/types.js'
import { hypothesisOf } from '../task/examples.js'
import type { Prediction } from '../task/types.js'
import type { TrainedParts } from './trained-parts.js'

/** What a model gives for one source. */
export interface ModelOutput {
  /**
   * Symbols of a sequence, a tag for each source token, or the one label; none for a forecast. Of a language model: what it
   * finds most probable at each place (none where several models are asked together).
   */
  readonly tokens: readonly string[]
  /** The same as text. */
  readonly text: string
  /** Log probability in nats; 0 for a forecast, which has none. */
  readonly score: number
  /** Of tags and labels: the log probability of each. */
  readonly tokenScores?: readonly number[]
  /** Of a language model: the log probability of each source token and of the text's end. */
  readonly sourceScores?: readonly number[]
  /** Of each tag, or of the label: the probability of every one that there is, where asked for. */
  readonly probabilities?: readonly Readonly<Record<string, number>>[]
  /** The source as the model read it. */
  readonly source: readonly string[]
  /** Its features, where the model reads some. */
  readonly features?: readonly string[]
  /** How many of its tokens (and features) the model does not know. */
  readonly unknown: number
  /** How many tokens at the source's end the model was not given (data.sourceTokens.maxLength). */
  readonly cut: number
  /** The n best, this one first, where the search was asked for more than one. */
  readonly candidates?: readonly { readonly tokens: readonly string[]; readonly score: number }[]
  /** Rows: output tokens and the end; columns: source tokens. */
  readonly alignment?: readonly (readonly number[])[]
  /** A forecast: step by step a number for each series, in its own unit. */
  readonly values?: readonly (readonly number[])[]
}

/** What is made of a prediction. */
export interface OutputOptions {
  readonly alignments: boolean
  /** Whether a source token stands in for each unknown symbol of an output. */
  readonly replaceUnknown: boolean
}

/** How many symbols a model read: those of the source, and its features. */
export function symbolsRead({ source, features = [] }: Pick<ModelOutput, 'source' | 'features'>): number {
  return source.length + features.length
}

/** A source as a model read it. */
interface ReadSource extends Pick<ModelOutput, 'features' | 'unknown' | 'cut'> {
  readonly tokens: readonly string[]
}

/** A prediction, whose forecasts are in their own units, as text. */
export function outputOf(
  { description }: TrainedParts,
  { ids = [], values, candidates, alignment, ...prediction }: Prediction,
  { tokens: source, features, unknown, cut }: ReadSource,
  { alignments, replaceUnknown }: OutputOptions,
): ModelOutput {
  const { vocabularies, joiners, scaling = [] } = description
  const symbols = (of: Pick<Prediction, 'ids' | 'alignment'>) => {
    const tokens = hypothesisOf(vocabularies, of.ids ?? [], source)
    return replaceUnknown ? withoutUnknown(tokens, of, source, joiners.target) : tokens
  }
  const tokens = symbols({ ids, ...(alignment && { alignment }) })
  const { score, tokenScores, sourceScores, distributions } = prediction
  const labels = vocabularies.target?.symbols ?? []
  return {
    ...{ tokens, text: joinTokens(tokens, joiners.target), score, source, unknown, cut },
    ...(features && { features }),
    ...(tokenScores && { tokenScores }),
    ...(sourceScores && { sourceScores }),
    ...(distributions && { probabilities: distributions.map((row) => byLabel(row, labels)) }),
    ...(candidates && { candidates: candidates.map((one) => ({ tokens: symbols(one), score: one.score })) }),
    ...(alignment && alignments && { alignment }),
    ...(values && { values: bySteps(values, targetScaling(scaling).length) }),
  }
}

/**
 * Each unknown symbol as the source token that it attends to most (Luong et al. 2015, Addressing the Rare Word Problem in
 * Neural Machine Translation; by attention: Jean et al. 2015, section 3.3).
 */
function withoutUnknown(
  tokens: readonly string[],
  { ids = [], alignment = [] }: Pick<Prediction, 'ids' | 'alignment'>,
  source: readonly string[],
  joiner: string,
): string[] {
  return tokens.map((token, step) => {
    const row = alignment[step]
    if (ids[step] !== UNK || row === undefined) return token
    // Features that are positions of the source come before its tokens.
    const before = row.length - source.length
    const found = source[row.indexOf(Math.max(...row)) - before] ?? token
    // Where the output has the space already.
    const isApart = joiner === wordMark && tokens[step - 1]?.endsWith(wordMark) === true
    return isApart && found.startsWith(wordMark) && found !== wordMark ? found.slice(1) : found
  })
}

function byLabel(logProbs: readonly number[], labels: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(labels.map((label, id) => [label, Math.exp(logProbs[id] ?? -Infinity)]))
}

function bySteps(values: readonly number[], width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, step) => values.slice(step * width, (step + 1) * width))
}
