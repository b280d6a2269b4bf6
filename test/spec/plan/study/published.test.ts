import { describe, expect, test } from 'vitest'
import type { MetricSpec } from '../../../../src/metrics/index.js'
import { publishedProblems } from '../../../../src/spec/plan/study/published.js'
import type { LoadedSpec, PublishedFigure } from '../../../../src/spec/types.js'
import { variantOf, withEncoder } from '../resolved.js'

const specs = [variantOf('h3', { 'model.encoder.hidden': 3 }, withEncoder({ hidden: 3 }))]
const problemsOf = (figure: PublishedFigure) => publishedProblems({ source: 'a paper', figures: [figure] }, specs, 2)

test('figures that ours can be put beside', () => {
  expect(publishedProblems(undefined, specs, 1)).toEqual([])
  expect(problemsOf({ metric: 'slot-f1', value: 0.94, of: 'h3', examples: 100 })).toEqual([])
})

/** A tagger under the name of another task, with its metrics: what else a model of that task has makes no difference here. */
function under(task: string, ...metrics: readonly MetricSpec[]): LoadedSpec {
  const { spec } = variantOf('', {})
  return variantOf(task, { task }, { ...spec, task: { type: task }, metrics })
}

describe('models that predict together', () => {
  const together = (metric: string, variants: readonly LoadedSpec[], of?: string) =>
    publishedProblems(
      { source: 'a paper', figures: [{ metric, value: 0.5, ensemble: true, ...(of !== undefined && { of }) }] },
      variants,
      2,
    )

  test('have outputs: symbols, labels, or one label', () => {
    expect(problemsOf({ metric: 'slot-f1', value: 0.94, ensemble: true, examples: 100 })).toEqual([])
    for (const task of ['transduce', 'generate', 'tag', 'classify'])
      expect(together('exact-match', [under(task, { type: 'exact-match' })])).toEqual([])
  })

  test('are of two seeds or more', () => {
    const [spec] = [under('tag', { type: 'exact-match' })]
    const figure = { metric: 'exact-match', value: 0.5, ensemble: true } as const
    const withSeeds = (seeds: number) => publishedProblems({ source: 'a paper', figures: [figure] }, [spec], seeds)
    expect(withSeeds(2)).toEqual([])
    expect(withSeeds(1)).toEqual([
      {
        path: 'published.figures.0.ensemble',
        message: 'the models of all seeds predict together, and every variant has one',
        expected: '2 seeds or more',
        received: '1',
        hint: 'Give the study `seeds: 2` or more, or leave `ensemble` out.',
      },
    ])
  })

  test('have neither costs nor attention', () => {
    const cost = under('tag', { type: 'cross-entropy' })
    const aer = under('transduce', { type: 'aer' })
    const problem = (what: string) => ({
      path: 'published.figures.0.metric',
      message: `${what} one model, and models that predict together have none`,
      hint: 'Choose a metric of outputs, or leave `ensemble` out.',
    })
    expect(together('cross-entropy', [cost])).toEqual([problem('cross-entropy reads what references cost')])
    expect(together('aer', [aer])).toEqual([problem('aer reads the attention of')])
    // Each by itself has both.
    const alone = { metric: 'aer', value: 0.5 }
    expect(publishedProblems({ source: 'a paper', figures: [alone] }, [aer], 1)).toEqual([])
  })

  test('do not forecast numbers; only the variants that are meant count', () => {
    const mse = { type: 'mse', of: 'values' } as const
    const [words, numbers] = [under('transduce', mse), under('forecast', mse)]
    const problem = {
      path: 'published.figures.0.ensemble',
      message: 'models of the task forecast are not evaluated together',
      expected: 'a task whose outputs are symbols or labels',
    }
    expect(together('mse', [words, numbers])).toEqual([problem])
    expect(together('mse', [words, numbers], 'forecast')).toEqual([problem])
    expect(together('mse', [words, numbers], 'transduce')).toEqual([])
  })
})

test('what cannot be is placed', () => {
  expect(problemsOf({ metric: 'bleu', value: 30 }).map(({ path }) => path)).toEqual(['published.figures.0.metric'])
  expect(problemsOf({ metric: 'slot-f1', value: 0.9, of: 'h4' }).map(({ path }) => path)).toEqual([
    'published.figures.0.of',
  ])
  expect(problemsOf({ metric: 'slot-f1', value: 94.1 })).toEqual([
    {
      path: 'published.figures.0.value',
      message: 'slot-f1 cannot be 94.1',
      expected: '0 to 1',
      received: '94.1',
      hint: "In the metric's own scale it is 0.941.",
    },
  ])
})

test('values that a metric can have, and what is meant where they are per cent', () => {
  const scores = [
    under('tag', { type: 'slot-f1', scheme: 'auto', count: 'conlleval', outside: 'O' }),
    under('transduce', { type: 'bleu', tokenize: 'none', smooth: 'exp', lowercase: false }),
    under('forecast', { type: 'smape' }),
    under('generate', { type: 'perplexity' }),
    under('forecast', { type: 'skill' }),
  ]
  const told = (metric: string, value: number) => {
    const variants = scores.filter(({ spec }) => spec.metrics[0]?.type === metric)
    const found = publishedProblems({ source: 'a paper', figures: [{ metric, value }] }, variants, 1)
    return found.map(({ expected, hint }) => [expected, hint])
  }
  for (const value of [0, 1]) expect(told('slot-f1', value)).toEqual([])
  expect(told('slot-f1', 100)).toEqual([['0 to 1', "In the metric's own scale it is 1."]])
  for (const value of [101, -5]) expect(told('slot-f1', value)).toEqual([['0 to 1', undefined]])
  expect(told('bleu', 100)).toEqual([])
  expect(told('bleu', 130)).toEqual([['0 to 100', undefined]])
  expect(told('smape', 2)).toEqual([])
  expect(told('perplexity', 0.5)).toEqual([['1 or more', undefined]])
  expect(told('perplexity', 300)).toEqual([])
  expect(told('skill', -3)).toEqual([])
  expect(told('skill', 3)).toEqual([['1 or less', "In the metric's own scale it is 0.03."]])
  expect(told('smape', 3)).toEqual([['0 to 2', undefined]])
})
