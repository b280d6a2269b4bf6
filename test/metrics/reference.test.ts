import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { numberOrNaN } from '../../src/core/measured.js'
import { bleuTokenizers } from '../../src/metrics/bleu-tokenizers.js'
import { type MetricSpec, metrics } from '../../src/metrics/index.js'
import { addStatistics, corpusValue } from '../../src/metrics/score.js'
import { words } from '../../src/metrics/text.js'
import type { ScoredExample } from '../../src/metrics/types.js'

// What sacrebleu 2.6.0, jiwer 4.0.0 and scikit-learn 1.9.1 say, by test/goldens/make_reference_goldens.py.
type BleuOptions = Omit<Extract<MetricSpec, { type: 'bleu' }>, 'type'>
interface TextCase {
  readonly corpus: readonly (readonly [hypothesis: string, references: readonly string[]])[]
  readonly bleu: Readonly<Record<BleuOptions['tokenize'], number>>
  readonly smooth: Readonly<Record<Exclude<BleuOptions['smooth'], 'exp'>, number>>
  readonly lowercase: number
  readonly chrf: Readonly<Record<'chrF2' | 'chrF1' | 'chrF2++' | 'lowercase', number>>
  readonly edits: readonly number[] | null
}
type Averages = readonly [precision: number, recall: number, f1: number]
interface LabelCase {
  readonly references: readonly string[]
  readonly hypotheses: readonly string[]
  readonly macro: Averages
  readonly micro: Averages
}
type ForecastMetric = 'mse' | 'rmse' | 'mae' | 'smape'
type NumberCase = Readonly<Record<ForecastMetric, number>> & {
  readonly reference: readonly number[]
  readonly predicted: readonly number[]
}
interface Goldens {
  readonly texts: readonly TextCase[]
  readonly labels: readonly LabelCase[]
  readonly numbers: readonly NumberCase[]
}
const { texts, labels, numbers }: Goldens = JSON.parse(
  readFileSync(new URL('../goldens/reference-metrics.json', import.meta.url), 'utf8'),
)

interface Signed {
  readonly metric: 'bleu' | 'chrf'
  readonly options: object
  readonly references: readonly number[]
  readonly signature: string
}
const signatures: readonly Signed[] = JSON.parse(
  readFileSync(new URL('../goldens/signatures.json', import.meta.url), 'utf8'),
)

function sums(spec: MetricSpec, examples: readonly ScoredExample[]): readonly number[] {
  return addStatistics(examples.map((example) => metrics.build(spec).statistics(example)))
}

function value(spec: MetricSpec, examples: readonly ScoredExample[]): number {
  return numberOrNaN(corpusValue(metrics.build(spec), sums(spec, examples)))
}

/** Cases whose value is not the tool's, to 9 digits after the point; one that is undefined here is 0 there. */
function differing<Case>(cases: readonly Case[], expected: (one: Case) => number, got: (one: Case) => number) {
  const near = (a: number, b: number) => Math.abs(a - b) <= 5e-10 * Math.max(1, Math.abs(b))
  return cases.filter((one) => !near(Number.isNaN(got(one)) ? 0 : got(one), expected(one)))
}

/** Uncut text, for tokenizers that cut it themselves; `cut`: its words. */
function examplesOf(
  { corpus }: TextCase,
  cut: (text: string) => readonly string[] = (text) => [text],
): ScoredExample[] {
  return corpus.map(([hypothesis, references]) => ({
    source: [],
    hypothesis: cut(hypothesis),
    references: references.map(cut),
    joiner: ' ',
  }))
}

test('there are 500 random and 50 nasty cases of each kind', () => {
  expect([texts, labels, numbers].map((cases) => cases.length >= 550)).toEqual([true, true, true])
})

const usual = { tokenize: '13a', smooth: 'exp', lowercase: false } as const

describe('sacreBLEU', () => {
  test.each(['13a', 'intl', 'char', 'zh'] as const)('BLEU with tokenizer %s', (tokenize) => {
    const bleu = { type: 'bleu', ...usual, tokenize } as const
    expect(
      differing(
        texts,
        (one) => one.bleu[tokenize],
        (one) => value(bleu, examplesOf(one)),
      ),
    ).toEqual([])
  })

  test('signatures as it prints them', () => {
    expect(signatures.length).toBeGreaterThan(100)
    for (const { metric, options, references, signature } of signatures) {
      const examples = references.map((count) => {
        const answers = Array.from({ length: count }, () => ['a', 'b', 'c', 'd'])
        return { source: [], hypothesis: ['a', 'b', 'c', 'd'], references: answers, joiner: ' ' }
      })
      const { statistics, signature: signed } = metrics.get(metric).build(options as never)
      expect(signed?.(addStatistics(examples.map(statistics)))).toBe(signature)
    }
  })

  test('BLEU of words as they are', () => {
    const bleu = { type: 'bleu', ...usual, tokenize: 'none' } as const
    expect(
      differing(
        texts,
        (one) => one.bleu.none,
        (one) => value(bleu, examplesOf(one, words)),
      ),
    ).toEqual([])
  })

  test.each(['floor', 'add-k', 'none'] as const)('BLEU smoothed by %s', (smooth) => {
    const bleu = { type: 'bleu', ...usual, smooth } as const
    expect(
      differing(
        texts,
        (one) => one.smooth[smooth],
        (one) => value(bleu, examplesOf(one)),
      ),
    ).toEqual([])
  })

  test('BLEU without case', () => {
    const bleu = { type: 'bleu', ...usual, lowercase: true } as const
    expect(
      differing(
        texts,
        (one) => one.lowercase,
        (one) => value(bleu, examplesOf(one)),
      ),
    ).toEqual([])
  })

  test.each([
    ['chrF2', 2, 0, false],
    ['chrF1', 1, 0, false],
    ['chrF2++', 2, 2, false],
    ['lowercase', 2, 2, true],
  ] as const)('%s', (name, beta, wordOrder, lowercase) => {
    const chrf = { type: 'chrf', beta, wordOrder, lowercase } as const
    expect(
      differing(
        texts,
        (one) => one.chrf[name],
        (one) => value(chrf, examplesOf(one)),
      ),
    ).toEqual([])
  })
})

describe('jiwer', () => {
  /** Against the first references; jiwer refuses empty ones. */
  const known = texts.flatMap((one) => {
    const corpus = one.corpus.flatMap(([hypothesis, [first = '']]) =>
      words(first).length === 0 ? [] : [[hypothesis, [first]] as const],
    )
    return one.edits === null ? [] : [{ ...one, corpus, edits: one.edits }]
  })

  test.each([
    ['ser', 'words', 0],
    ['cer', 'characters', 2],
  ] as const)('%s: as many edits, of as many %s', (type, unit, at) => {
    const cut = unit === 'words' ? words : (text: string) => [...text]
    const wrong = known.filter((one) => {
      const [edits, length] = sums(
        { type },
        examplesOf(one, cut).map((example) => ({ ...example, joiner: '' })),
      )
      return edits !== one.edits[at] || length !== one.edits[at + 1]
    })
    expect(known.length).toBeGreaterThan(540)
    expect(wrong).toEqual([])
  })
})

describe('scikit-learn', () => {
  const decisions = ({ references, hypotheses }: LabelCase): ScoredExample[] =>
    references.map((reference, at) => ({
      source: [],
      references: [[reference]],
      hypothesis: [hypotheses[at] ?? ''],
      labels: [...new Set([...references, ...hypotheses])],
    }))

  test.each([
    ['precision', 0],
    ['recall', 1],
    ['f1', 2],
  ] as const)('%s, macro and micro', (type, at) => {
    for (const average of ['macro', 'micro'] as const) {
      expect(
        differing(
          labels,
          (one) => one[average][at],
          (one) => value({ type, average }, decisions(one)),
        ),
      ).toEqual([])
    }
  })

  test.each(['mse', 'rmse', 'mae', 'smape'] as const)('%s', (type) => {
    const spec = type === 'smape' ? { type } : { type, of: 'values' as const }
    const forecast = ({ reference, predicted }: NumberCase): ScoredExample[] => [
      { source: [], references: [], hypothesis: [], values: { reference, predicted } },
    ]
    expect(
      differing(
        numbers,
        (one) => one[type],
        (one) => value(spec, forecast(one)),
      ),
    ).toEqual([])
  })
})

describe('tokenizers by hand', () => {
  test.each([
    ['13a', 'It\'s "10,5%" (of 3-4).', 'It\'s " 10,5 % " ( of 3 - 4 ) .'],
    ['13a', 'a &amp;lt; b', 'a < b'],
    ['intl', 'Preis: 3,50€—gut.', 'Preis : 3,50 € — gut .'],
    ['intl', 'im Jahr 2020.', 'im Jahr 2020.'],
    ['char', 'ab c', 'a b c'],
    ['zh', '我喜欢AI。', '我 喜 欢 AI 。'],
  ] as const)('%s: %s', (name, text, tokens) => expect(bleuTokenizers[name](text).join(' ')).toBe(tokens))
})

describe('of the shortest scripts the one with most substitutions', () => {
  test.each([
    // ab -> ba: two substitutions rather than a deletion and an insertion.
    ['b a', 'a b', { substitutions: 2, insertions: 0, deletions: 0 }],
    ['a x b c', 'a b c', { substitutions: 0, insertions: 1, deletions: 0 }],
    ['a', 'a b c', { substitutions: 0, insertions: 0, deletions: 2 }],
    // Three edits with either two shifts and a substitution; none with three substitutions alone (the lengths are equal: 0 or 2 shifts).
    ['b c d e', 'a b c d', { substitutions: 0, insertions: 1, deletions: 1 }],
    ['x b y', 'a b c d', { substitutions: 2, insertions: 0, deletions: 1 }],
    ['', 'a b', { substitutions: 0, insertions: 0, deletions: 2 }],
    ['a b', '', { substitutions: 0, insertions: 2, deletions: 0 }],
  ])('%j for %j', (hypothesis, reference, counts) => {
    const metric = metrics.build({ type: 'ser' })
    const example = { source: [], hypothesis: words(hypothesis), references: [words(reference)] }
    expect(metric.counts?.(metric.statistics(example))).toEqual(counts)
  })
})
