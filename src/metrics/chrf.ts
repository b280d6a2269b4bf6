import Type from 'typebox'
import { undefinedBecause } from '../core/measured.js'
import { best } from './best.js'
import { countNgrams, matches, total } from './ngrams.js'
import { referenceColumns, sacrebleuSignature } from './signature.js'
import { withoutSpaces, words } from './text.js'
import { defineMetric } from './types.js'

const characterOrders = [1, 2, 3, 4, 5, 6] as const

export const chrf = defineMetric({
  name: 'chrf',
  summary:
    'F-score of character n-grams up to 6 of the joined text without its spaces (chrF2 by default; chrF++ with wordOrder: 2).',
  equations: [
    'chrF = 100 (1 + β²) P R / (β² P + R)   (P, R: means of n-gram precision and recall over characters, n = 1..6, and words)',
  ],
  source: {
    paper:
      'Popović 2015, chrF: character n-gram F-score for automatic MT evaluation; 2017, chrF++: words helping character n-grams',
    equation: 'orders without n-grams are left out of the means, as in sacreBLEU 2.6.0',
    url: 'https://aclanthology.org/W15-3049/',
  },
  options: Type.Object({
    beta: Type.Number({
      exclusiveMinimum: 0,
      maximum: 100,
      default: 2,
      description: 'β: weight of recall relative to precision.',
    }),
    wordOrder: Type.Integer({
      minimum: 0,
      maximum: 4,
      default: 0,
      description: 'Longest n-grams of words that count besides those of characters; 2 is chrF++.',
    }),
    lowercase: Type.Boolean({ default: false, description: 'Whether letters are compared without their case.' }),
  }),
  range: [0, 100],
  better: 'higher',
  unit: 'points',
  tasks: ['transduce', 'generate'],
  build: ({ beta, wordOrder = 0, lowercase = false }) => ({
    /** For every order against the best reference: n-grams of the hypothesis (none where the reference has none), of the reference, in common; then of references. */
    statistics: ({ hypothesis, references, joiner = '' }) => {
      const counted = (answer: readonly string[]) => {
        const text = answer.join(joiner)
        return countsOf(lowercase ? text.toLowerCase() : text, wordOrder)
      }
      const own = counted(hypothesis)
      const against = (reference: readonly string[]) =>
        counted(reference).flatMap((wanted, at) => matchesOf(own[at] ?? new Map(), wanted))
      const matched = best(references, against, (row) => fScore(row, beta))
      return [...matched, ...referenceColumns(references)]
    },
    value: (sums) =>
      sums[1] === 0
        ? undefinedBecause('the references have no characters')
        : fScore(sums.slice(0, columns(wordOrder)), beta),
    isWrong: (statistics) => triplesOf(statistics.slice(0, columns(wordOrder))).some(isDifferent),
    signature: (sums) =>
      sacrebleuSignature(
        sums.slice(columns(wordOrder)),
        `case:${lowercase ? 'lc' : 'mixed'}|eff:yes|nc:6|nw:${wordOrder}|space:no`,
      ),
  }),
})

/** Columns of n-grams: three of each order. */
function columns(wordOrder: number): number {
  return 3 * (characterOrders.length + wordOrder)
}

type Counts = ReadonlyMap<string, number>

/** N-grams of characters, then of words. */
function countsOf(text: string, wordOrder: number): readonly Counts[] {
  const [characters, parts] = [[...withoutSpaces(text)], words(text).flatMap(withPunctuationApart)]
  const wordOrders = Array.from({ length: wordOrder }, (_, at) => at + 1)
  return [
    ...characterOrders.map((order) => countNgrams(characters, order)),
    ...wordOrders.map((order) => countNgrams(parts, order)),
  ]
}

function matchesOf(own: Counts, wanted: Counts): readonly number[] {
  return [wanted.size === 0 ? 0 : total(own), total(wanted), matches(own, wanted)]
}

const punctuation = /^[!-/:-@[-`{-~]$/

/** One ASCII sign at a word's end, or else at its beginning, is a word of its own (both at once are not, as in chrF++.py). */
function withPunctuationApart(word: string): readonly string[] {
  const characters = [...word]
  const [first = '', ...rest] = characters
  const last = characters.at(-1) ?? ''
  if (rest.length === 0) return [word]
  if (punctuation.test(last)) return [characters.slice(0, -1).join(''), last]
  return punctuation.test(first) ? [first, rest.join('')] : [word]
}

type Triple = readonly [own: number, wanted: number, common: number]

/** Of each order. */
function triplesOf(statistics: readonly number[]): readonly Triple[] {
  return Array.from({ length: statistics.length / 3 }, (_, order) => {
    const [own = 0, wanted = 0, common = 0] = statistics.slice(3 * order, 3 * order + 3)
    return [own, wanted, common]
  })
}

function isDifferent([own, wanted, common]: Triple): boolean {
  return common < own || common < wanted
}

function fScore(sums: readonly number[], beta: number): number {
  const used = triplesOf(sums).filter(([own]) => own > 0)
  if (used.length === 0) return 0
  const precision = used.reduce((sum, [own, , common]) => sum + common / own, 0) / used.length
  const recall = used.reduce((sum, [, wanted, common]) => sum + common / wanted, 0) / used.length
  if (precision + recall === 0) return 0
  return (100 * (1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall)
}
