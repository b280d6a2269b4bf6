import { undefinedBecause } from '../core/measured.js'
import { noOptions } from '../core/part.js'
import { countNgrams, matches, total } from './ngrams.js'
import { defineMetric } from './types.js'

const orders = [1, 2, 3, 4] as const

export const bleu = defineMetric({
  name: 'bleu',
  summary: 'Corpus BLEU-4 over the tokens as they are (as sacrebleu --tokenize none), exponential smoothing.',
  equations: [
    'p_n = Σ_i Σ_ngram min(count in y_i, largest count in a reference) / Σ_i (|y_i| − n + 1)',
    'BP = min(1, exp(1 − r / c))   (c: tokens of the hypotheses, r: of the references nearest in length)',
    'BLEU = 100 BP exp(Σ_n ln p_n / 4)   (the k-th p_n that is 0 becomes 1 / (2^k Σ_i (|y_i| − n + 1)))',
  ],
  source: {
    paper: 'Papineni et al. 2002; Post 2018, A Call for Clarity in Reporting BLEU Scores (sacrebleu)',
    equation: 'smoothing as in mteval-v13a.pl and sacrebleu; scores over 13a tokens differ where tokens do',
    url: 'https://aclanthology.org/W18-6319/',
  },
  options: noOptions,
  range: [0, 100],
  better: 'higher',
  unit: 'points',
  tasks: ['transduce', 'generate'],
  build: () => ({
    /** [tokens, tokens of the reference nearest in length, then for n = 1..4: matching n-grams, n-grams]. */
    statistics: ({ hypothesis, references }) => [
      hypothesis.length,
      nearestLength(hypothesis.length, references),
      ...orders.flatMap((order) => {
        const counts = countNgrams(hypothesis, order)
        return [matches(counts, largestCounts(references, order)), total(counts)]
      }),
    ],
    value: ([length = 0, referenceLength = 0, ...ngrams]) => {
      if (length + referenceLength === 0)
        return undefinedBecause('neither the references nor the predictions have tokens')
      const matching = orders.map((order) => ngrams[2 * order - 2] ?? 0)
      const all = orders.map((order) => ngrams[2 * order - 1] ?? 0)
      if (matching.every((count) => count === 0) || all.includes(0)) return 0
      let smooth = 1
      const logs = matching.map((count, at) => {
        if (count === 0) smooth *= 2
        return Math.log((count === 0 ? 1 / smooth : count) / (all[at] ?? 1))
      })
      const brevity = length < referenceLength ? Math.exp(1 - referenceLength / length) : 1
      return 100 * brevity * Math.exp(logs.reduce((sum, log) => sum + log, 0) / orders.length)
    },
    isWrong: ([length, referenceLength, ...ngrams]) =>
      length !== referenceLength || orders.some((order) => ngrams[2 * order - 2] !== ngrams[2 * order - 1]),
  }),
})

/** Of equally near lengths the shorter. */
function nearestLength(length: number, references: readonly (readonly string[])[]): number {
  const lengths = references.map((reference) => reference.length)
  return lengths.reduce((nearest, next) => {
    const [near, far] = [Math.abs(nearest - length), Math.abs(next - length)]
    return far < near || (far === near && next < nearest) ? next : nearest
  })
}

function largestCounts(references: readonly (readonly string[])[], order: number): Map<string, number> {
  const largest = new Map<string, number>()
  for (const reference of references) {
    for (const [ngram, count] of countNgrams(reference, order)) {
      largest.set(ngram, Math.max(count, largest.get(ngram) ?? 0))
    }
  }
  return largest
}
