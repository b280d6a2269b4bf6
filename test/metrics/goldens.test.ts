import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { numberOrNaN } from '../../src/core/measured.js'
import { type MetricSpec, metrics } from '../../src/metrics/index.js'
import { addStatistics, corpusValue } from '../../src/metrics/score.js'

// sacrebleu 2.6.0 and seqeval 1.2.2, by test/goldens/make_metric_goldens.py.
interface Example {
  readonly references: readonly (readonly string[])[]
  readonly hypothesis: readonly string[]
}
interface Goldens {
  readonly translations: readonly { examples: Example[]; bleu: number; chrf: number; chrfBeta1: number }[]
  readonly tags: readonly { examples: Example[]; slotF1: number }[]
}
const goldens: Goldens = JSON.parse(readFileSync(new URL('../goldens/metrics.json', import.meta.url), 'utf8'))

function value(spec: MetricSpec, examples: readonly Example[]): number {
  const metric = metrics.build(spec)
  const rows = examples.map((example) => metric.statistics({ source: [], joiner: ' ', ...example }))
  return numberOrNaN(corpusValue(metric, addStatistics(rows)))
}

test.each(goldens.translations)('translations %#: sacrebleu', ({ examples, bleu, chrf, chrfBeta1 }) => {
  expect(value({ type: 'bleu', tokenize: 'none', smooth: 'exp', lowercase: false }, examples)).toBeCloseTo(bleu, 9)
  expect(value({ type: 'chrf', beta: 2, wordOrder: 0, lowercase: false }, examples)).toBeCloseTo(chrf, 9)
  expect(value({ type: 'chrf', beta: 1, wordOrder: 0, lowercase: false }, examples)).toBeCloseTo(chrfBeta1, 9)
})

test.each(goldens.tags)('tags %#: seqeval', ({ examples, slotF1 }) => {
  expect(value({ type: 'slot-f1', scheme: 'auto', count: 'conlleval', outside: 'O' }, examples)).toBeCloseTo(slotF1, 12)
})
