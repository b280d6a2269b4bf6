import Type, { type Static } from 'typebox'
import { undefinedBecause } from '../core/measured.js'
import { bleuTokenizers } from './bleu-tokenizers.js'
import { countNgrams, matches, total } from './ngrams.js'
import { referenceColumns, sacrebleuSignature } from './signature.js'
import { withoutSpacesAtEnd } from './text.js'
import { defineMetric } from './types.js'

const orders = [1, 2, 3, 4] as const

const options = Type.Object({
  tokenize: Type.Union(
    [Type.Literal('none'), Type.Literal('13a'), Type.Literal('intl'), Type.Literal('char'), Type.Literal('zh')],
    {
      default: 'none',
      description:
        "Tokens that n-grams are made of: the run's own (`none`), or those into which sacreBLEU's tokenizer of that name cuts the joined text.",
    },
  ),
  smooth: Type.Union([Type.Literal('exp'), Type.Literal('floor'), Type.Literal('add-k'), Type.Literal('none')], {
    default: 'exp',
    description:
      'What is done about an order without a match (Chen & Cherry 2014): `exp` halves a count of 1 each time, `floor` takes 0.1, `add-k` adds 1 to the counts of orders above 1, `none` makes BLEU 0.',
  }),
  lowercase: Type.Boolean({ default: false, description: 'Whether letters are compared without their case.' }),
})
type Options = Static<typeof options>

export const bleu = defineMetric({
  name: 'bleu',
  summary: "Corpus BLEU-4 as sacreBLEU computes it, over the run's own tokens or those of one of its tokenizers.",
  equations: [
    'p_n = Σ_i Σ_ngram min(count in y_i, largest count in a reference) / Σ_i (|y_i| − n + 1)',
    'BP = min(1, exp(1 − r / c))   (c: tokens of the hypotheses, r: of the references nearest in length)',
    'BLEU = 100 BP exp(Σ_n ln p_n / 4)   (smooth: exp: the k-th p_n that is 0 becomes 1 / (2^k Σ_i (|y_i| − n + 1)))',
  ],
  source: {
    paper: 'Papineni et al. 2002; Post 2018, A Call for Clarity in Reporting BLEU Scores (sacrebleu)',
    equation: 'smoothing and tokenizers as in sacreBLEU 2.6.0 (13a after mteval-v13a.pl, intl after mteval-v14.pl)',
    url: 'https://aclanthology.org/W18-6319/',
  },
  options,
  range: [0, 100],
  better: 'higher',
  unit: 'points',
  tasks: ['transduce', 'generate'],
  build: (chosen) => ({
    /** [tokens, tokens of the reference nearest in length, then for n = 1..4: matching n-grams, n-grams; then of references]. */
    statistics: (example) => {
      const tokens = tokensOf(chosen, example.joiner)
      const hypothesis = tokens(example.hypothesis)
      const references = example.references.map(tokens)
      const ngrams = orders.flatMap((order) => {
        const counts = countNgrams(hypothesis, order)
        return [matches(counts, largestCounts(references, order)), total(counts)]
      })
      return [
        hypothesis.length,
        nearestLength(hypothesis.length, references),
        ...ngrams,
        ...referenceColumns(references),
      ]
    },
    value: ([length = 0, referenceLength = 0, ...ngrams]) => {
      if (length + referenceLength === 0)
        return undefinedBecause('neither the references nor the predictions have tokens')
      const matching = orders.map((order) => ngrams[2 * order - 2] ?? 0)
      const all = orders.map((order) => ngrams[2 * order - 1] ?? 0)
      if (matching.every((count) => count === 0)) return 0
      const logs = precisions(matching, all, chosen).map(Math.log)
      const brevity = length < referenceLength ? Math.exp(1 - referenceLength / length) : 1
      return 100 * brevity * Math.exp(logs.reduce((sum, log) => sum + log, 0) / orders.length)
    },
    isWrong: ([length, referenceLength, ...ngrams]) =>
      length !== referenceLength || orders.some((order) => ngrams[2 * order - 2] !== ngrams[2 * order - 1]),
    signature: (sums) => sacrebleuSignature(sums.slice(2 + 2 * orders.length), partsOf(chosen)),
  }),
})

const smoothing = { exp: 'exp', floor: 'floor[0.10]', 'add-k': 'add-k[1.00]', none: 'none' } as const

/** What of a signature the options say. */
function partsOf({ tokenize = 'none', smooth = 'exp', lowercase = false }: Partial<Options>): string {
  return `case:${lowercase ? 'lc' : 'mixed'}|eff:no|tok:${tokenize}|smooth:${smoothing[smooth]}`
}

/** Cuts an answer into what is compared. */
function tokensOf({ tokenize = 'none', lowercase = false }: Partial<Options>, joiner = '') {
  const cased = (text: string) => (lowercase ? text.toLowerCase() : text)
  return (answer: readonly string[]): readonly string[] =>
    tokenize === 'none' ? answer.map(cased) : bleuTokenizers[tokenize](withoutSpacesAtEnd(cased(answer.join(joiner))))
}

/** Of each order, from 0 to 1. */
function precisions(
  matching: readonly number[],
  all: readonly number[],
  { smooth = 'exp' }: Partial<Options>,
): readonly number[] {
  const added = (at: number) => (smooth === 'add-k' && at > 0 ? 1 : 0)
  let missed = 1
  return matching.map((found, at) => {
    const [count, of] = [found + added(at), (all[at] ?? 0) + added(at)]
    if (of === 0) return 0
    if (count > 0) return count / of
    if (smooth === 'floor') return 0.1 / of
    if (smooth !== 'exp') return 0
    missed /= 2
    return missed / of
  })
}

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
