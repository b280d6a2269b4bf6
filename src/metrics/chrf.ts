import Type from 'typebox'
import { undefinedBecause } from '../core/measured.js'
import { best } from './best.js'
import { countNgrams, matches, total } from './ngrams.js'
import { defineMetric } from './types.js'

const orders = [1, 2, 3, 4, 5, 6] as const

export const chrf = defineMetric({
  name: 'chrf',
  summary: 'F-score of character n-grams up to 6 of the joined text without its spaces (chrF2 by default).',
  equations: ['chrF = 100 (1 + β²) P R / (β² P + R)   (P, R: means over n = 1..6 of n-gram precision and recall)'],
  source: {
    paper: 'Popović 2015, chrF: character n-gram F-score for automatic MT evaluation',
    equation: 'orders without n-grams are left out of the means, as in sacrebleu',
    url: 'https://aclanthology.org/W15-3049/',
  },
  options: Type.Object({
    beta: Type.Number({
      exclusiveMinimum: 0,
      maximum: 100,
      default: 2,
      description: 'β: weight of recall relative to precision.',
    }),
  }),
  range: [0, 100],
  better: 'higher',
  unit: 'points',
  tasks: ['transduce', 'generate'],
  build: ({ beta }) => ({
    /** For n = 1..6 against the best reference: n-grams of the hypothesis (none where the reference has none), of the reference, in common. */
    statistics: ({ hypothesis, references, joiner = '' }) => {
      const characters = (tokens: readonly string[]) => [...tokens.join(joiner).replace(/\s+/gu, '')]
      const counted = orders.map((order) => countNgrams(characters(hypothesis), order))
      const against = (reference: readonly string[]) => {
        const symbols = characters(reference)
        return orders.flatMap((order, at) => {
          const counts = countNgrams(symbols, order)
          const own = counted[at] ?? new Map()
          return [counts.size === 0 ? 0 : total(own), total(counts), matches(own, counts)]
        })
      }
      return best(references, against, (row) => fScore(row, beta))
    },
    value: (sums) => (sums[1] === 0 ? undefinedBecause('the references have no characters') : fScore(sums, beta)),
    isWrong: (statistics) => orders.some((_, at) => isDifferent(statistics.slice(3 * at, 3 * at + 3))),
  }),
})

/** Of the n-grams of one order. */
function isDifferent([own = 0, wanted = 0, common = 0]: readonly number[]): boolean {
  return common < own || common < wanted
}

function fScore(sums: readonly number[], beta: number): number {
  const used = orders.map((order) => sums.slice(3 * order - 3, 3 * order)).filter(([own = 0]) => own > 0)
  if (used.length === 0) return 0
  const precision = used.reduce((sum, [own = 1, , common = 0]) => sum + common / own, 0) / used.length
  const recall = used.reduce((sum, [, wanted = 1, common = 0]) => sum + common / wanted, 0) / used.length
  if (precision + recall === 0) return 0
  return (100 * (1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall)
}
