import type { Column, Dataset, Split, Vocabulary } from '../data/types.js'
import type { ScoredExample } from '../metrics/types.js'
import type { Prediction } from './types.js'

/** Example `index` of a split beside its prediction, as tokens: what metrics score and people read. */
export function scoredExample(dataset: Dataset, split: Split, index: number, prediction: Prediction): ScoredExample {
  const targets = dataset.targetVocabulary ?? dataset.sourceVocabulary
  return {
    source: split.sourceTexts?.[index] ?? symbols(split.source, index, dataset.sourceVocabulary),
    references: referencesOf(split, index, targets),
    hypothesis: (prediction.ids ?? []).map((id) => targets?.symbols[id] ?? ''),
    joiner: dataset.joiners.target,
  }
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
