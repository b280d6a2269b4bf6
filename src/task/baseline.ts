import type { Measured } from '../core/measured.js'
import type { Column, Dataset, Split, Vocabulary } from '../data/types.js'
import { corpusValues, type NamedMetric, scoreExample } from '../metrics/score.js'
import type { ScoredExample } from '../metrics/types.js'
import { comparable, scoredExample } from './examples.js'
import type { OutputKind } from './reporting.js'
import type { ScoredPrediction } from './types.js'

/** What answers without a model give on the same examples: a trained model that is no better has learned nothing of use. */
export interface Baseline {
  readonly name: 'most-frequent' | 'copying' | 'seasonal-naive'
  /** The label or sequence that is always answered, where it is one. */
  readonly answer?: string
  readonly metrics: Readonly<Record<string, Measured>>
}

/**
 * The baseline of a task on a split, from training data alone: for labels the most frequent one of training; for sequences
 * the source itself where most of the target's symbols are the source's too, else the most frequent whole answer of
 * training; for numbers the values one season before. Undefined for next tokens, without examples, and where no metric can
 * be computed from outputs alone.
 */
export function baselineOf(
  dataset: Dataset,
  split: Split,
  output: OutputKind,
  all: readonly NamedMetric[],
): Baseline | undefined {
  const metrics = all.filter(({ reads }) => reads === undefined)
  const answer = answerOf(dataset, output)
  if (split.size === 0 || metrics.length === 0 || answer === undefined) return undefined
  const examples = Array.from({ length: split.size }, (_, index) => scoredExample(dataset, split, index, unpredicted))
  // A window that is shorter than the season has no naive forecast.
  if (output === 'numbers' && examples.some(({ values }) => values?.naive === undefined)) return undefined
  const statistics = examples.map((example) => {
    const answered = { ...example, ...answer.of(example) }
    // Symbols of an answer are in the data: none is a special one.
    const ids = answered.hypothesis.map(() => firstOwnId)
    return scoreExample(metrics, comparable(dataset, answered, { ...unpredicted, ids }))
  })
  return { ...answer.named, metrics: corpusValues(metrics, statistics) }
}

const firstOwnId = 4
const unpredicted: ScoredPrediction = { score: 0, ids: [], crossEntropyNats: 0, crossEntropyTokens: 0 }

interface Answer {
  readonly named: Omit<Baseline, 'metrics'>
  of(example: ScoredExample): Partial<ScoredExample>
}

function answerOf(dataset: Dataset, output: OutputKind): Answer | undefined {
  if (output === 'numbers') return naive
  if (output === 'next-tokens') return undefined
  const { sourceVocabulary: sources, targetVocabulary: targets } = dataset
  if (targets === undefined) return undefined
  if (output === 'sequence') {
    return sharesSymbols(sources, targets) ? copying : constant(mostFrequentRow(dataset.train.target, targets))
  }
  const label = mostFrequent(dataset.train.target, targets)
  if (label === undefined) return undefined
  const of = ({ references: [reference = []] }: ScoredExample) => ({ hypothesis: reference.map(() => label) })
  return { named: { name: 'most-frequent', answer: label }, of }
}

const naive: Answer = {
  named: { name: 'seasonal-naive' },
  of: ({ values }) => (values === undefined ? {} : { values: { ...values, predicted: values.naive ?? [] } }),
}

const copying: Answer = { named: { name: 'copying' }, of: ({ source }) => ({ hypothesis: [...source] }) }

function constant(hypothesis: readonly string[]): Answer {
  return { named: { name: 'most-frequent', answer: hypothesis.join(' ') }, of: () => ({ hypothesis }) }
}

function sharesSymbols(sources: Vocabulary | undefined, { symbols }: Vocabulary): boolean {
  const known = new Set(sources?.symbols)
  // The first four are special symbols, the same in every vocabulary.
  const own = symbols.slice(firstOwnId)
  return own.filter((symbol) => known.has(symbol)).length > own.length / 2
}

/** The most frequent symbol of a column, the first in the vocabulary of equals; undefined without any. */
function mostFrequent(column: Column, { symbols }: Vocabulary): string | undefined {
  if (column.kind !== 'ids' || column.data.length === 0) return undefined
  const counts = new Array<number>(symbols.length).fill(0)
  for (const id of column.data) if (id >= 0) counts[id] = (counts[id] ?? 0) + 1
  return symbols[counts.indexOf(counts.reduce((a, b) => Math.max(a, b), 0))]
}

/** The most frequent row of a column as symbols, the first of equals. */
function mostFrequentRow(column: Column, { symbols }: Vocabulary): string[] {
  if (column.kind !== 'ids') return []
  const counts = new Map<string, number>()
  let [best, most] = ['', 0]
  for (let row = 0; row + 1 < column.offsets.length; row++) {
    const key = column.data.subarray(column.offsets[row], column.offsets[row + 1]).join(' ')
    const times = (counts.get(key) ?? 0) + 1
    counts.set(key, times)
    if (times > most) [best, most] = [key, times]
  }
  return best === '' ? [] : best.split(' ').map((id) => symbols[Number(id)] ?? '')
}
