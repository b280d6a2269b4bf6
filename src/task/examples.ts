import { joinTokens, wordMark } from '../core/pieces.js'
import { type DataDescription, vocabulariesOf } from '../data/description.js'
import { targetScaling } from '../data/scaling.js'
import { splitAtSpaces } from '../data/tokenizers/whitespace.js'
import {
  type Column,
  type Dataset,
  type ExactNumbers,
  type SeriesScaling,
  type Split,
  specialSymbols,
  UNK,
  type Vocabulary,
} from '../data/types.js'
import type { ScoredExample } from '../metrics/types.js'
import { symbolsOf } from './batches/copies.js'
import type { ScoredPrediction } from './types.js'

/** What an evaluation knows of the data besides a split: symbols, what joins them, scales. */
export type EvaluatedData = Pick<Dataset, 'sourceVocabulary' | 'targetVocabulary' | 'joiners' | 'scaling'>

/** Example `index` of a split with its prediction, as tokens or numbers: what metrics score and people read. */
export function scoredExample(
  dataset: EvaluatedData,
  split: Split,
  index: number,
  prediction: ScoredPrediction,
): ScoredExample {
  const { crossEntropyNats, crossEntropyTokens } = prediction
  const scored = { joiner: dataset.joiners.target, crossEntropyNats, crossEntropyTokens }
  if (split.target.kind === 'values') {
    return {
      ...scored,
      source: [],
      references: [],
      hypothesis: [],
      values: valuesOf(dataset, split.exact, split.target, index, prediction),
    }
  }
  const targets = dataset.targetVocabulary ?? dataset.sourceVocabulary
  const source = split.sourceTexts?.[index] ?? symbols(split.source, index, dataset.sourceVocabulary)
  return {
    ...scored,
    ...(targets === undefined || targets.specials ? {} : { labels: targets.symbols }),
    source,
    ...(prediction.attended && { attended: prediction.attended }),
    references: referencesOf(split, index, targets),
    hypothesis: hypothesisOf(vocabulariesOf(dataset), prediction.ids ?? [], source),
  }
}

/** What no token of a text file is: surrogates by themselves are not UTF-8. As long as `<unk>`, for scores by characters. */
const neverWritten = '\udc00'.repeat(5)

/**
 * The example as metrics compare it: where a reference has a token spelt like a special symbol (`<unk>`, as in PTB), the
 * model's own special symbols equal no token. Tokens that a head copied from the source are what they are. Pieces of words
 * are joined to text first, whose words are compared: figures do not depend on how a tokenizer cuts them.
 */
export function comparable(
  dataset: EvaluatedData,
  example: ScoredExample,
  prediction: ScoredPrediction,
): ScoredExample {
  const own = withoutSpecials(dataset, example, prediction)
  const arePieces = dataset.targetVocabulary?.specials === true && example.joiner === wordMark
  return arePieces ? inWords(own) : own
}

/** Tokens that are pieces as the words of their text. */
function inWords(example: ScoredExample): ScoredExample {
  const words = (pieces: readonly string[]) => splitAtSpaces(joinTokens(pieces, wordMark))
  return {
    ...example,
    joiner: ' ',
    references: example.references.map(words),
    hypothesis: words(example.hypothesis),
  }
}

function withoutSpecials(
  dataset: EvaluatedData,
  example: ScoredExample,
  { ids = [] }: ScoredPrediction,
): ScoredExample {
  const { specials } = dataset.targetVocabulary ?? dataset.sourceVocabulary ?? {}
  const spelt = (token: string) => specialSymbols.some((symbol) => symbol === token)
  if (specials !== true || !example.references.some((reference) => reference.some(spelt))) return example
  const hypothesis = example.hypothesis.map((token, at) => ((ids[at] ?? UNK) <= UNK ? neverWritten : token))
  return { ...example, hypothesis }
}

/** Ids of what was predicted, as tokens; those beyond the target vocabulary are copied from the source. */
export function hypothesisOf(
  { source: sources, target = sources }: DataDescription['vocabularies'],
  ids: readonly number[],
  source: readonly string[],
): string[] {
  return symbolsOf(ids, target?.symbols ?? [], source)
}

type Values = Extract<Column, { kind: 'values' }>

/** Numbers in their own unit, step by step, all series of a step side by side: what is predicted is unscaled, the rest is exact. */
function valuesOf(
  { scaling = [] }: EvaluatedData,
  exact: ExactNumbers | undefined,
  target: Values,
  index: number,
  { values = [] }: ScoredPrediction,
) {
  if (exact === undefined) throw new RangeError('Forecasts are scored by exact numbers, and the split has none')
  const forecastScaling = targetScaling(scaling)
  const naiveErrors = forecastScaling.map(({ naiveError }) => naiveError)
  const scales = forecastScaling.map(({ scale }) => scale)
  const row = (numbers: Float64Array) => rowOf(target, numbers, index)
  const forecast = {
    ...{ reference: row(exact.reference), predicted: unscale(values, forecastScaling) },
    ...{ naiveErrors, scales },
  }
  return exact.naive === undefined ? forecast : { ...forecast, naive: row(exact.naive) }
}

/** Of numbers in the places of the target's. */
function rowOf({ offsets, width }: Values, numbers: Float64Array, index: number): number[] {
  return Array.from(numbers.subarray((offsets[index] ?? 0) * width, (offsets[index + 1] ?? 0) * width))
}

/** Numbers as they were before scaling, all series of a step side by side. */
export function unscale(values: readonly number[], scaling: readonly SeriesScaling[]): number[] {
  return values.map((value, at) => {
    const { mean, scale } = scaling[at % scaling.length] ?? { mean: 0, scale: 1 }
    return value * scale + mean
  })
}

function referencesOf({ references, target }: Split, index: number, vocabulary: Vocabulary | undefined) {
  if (references === undefined) return [symbols(target, index, vocabulary)]
  return references.texts.slice(references.offsets[index], references.offsets[index + 1])
}

function symbols(column: Column, row: number, vocabulary: Vocabulary | undefined): string[] {
  if (column.kind !== 'ids') return []
  const ids = column.data.subarray(column.offsets[row], column.offsets[row + 1])
  return Array.from(ids, (id) => vocabulary?.symbols[id] ?? '')
}
