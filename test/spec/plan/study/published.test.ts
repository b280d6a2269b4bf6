import { expect, test } from 'vitest'
import { publishedProblems } from '../../../../src/spec/plan/study/published.js'
import type { PublishedFigure } from '../../../../src/spec/types.js'
import { variantOf, withEncoder } from '../resolved.js'

const specs = [variantOf('h3', { 'model.encoder.hidden': 3 }, withEncoder({ hidden: 3 }))]
const problemsOf = (figure: PublishedFigure) => publishedProblems({ source: 'a paper', figures: [figure] }, specs)

test('figures that ours can be put beside', () => {
  expect(publishedProblems(undefined, specs)).toEqual([])
  expect(problemsOf({ metric: 'slot-f1', value: 0.94, of: 'h3', examples: 100 })).toEqual([])
})

test('models that predict together have outputs alone', () => {
  expect(problemsOf({ metric: 'slot-f1', value: 0.94, ensemble: true, examples: 100 })).toEqual([])
  const [tagger] = specs
  if (tagger === undefined) throw new Error('one spec')
  const costs = {
    ...tagger,
    spec: { ...tagger.spec, metrics: [{ type: 'cross-entropy' as const }] },
  }
  const figures: PublishedFigure[] = [{ metric: 'cross-entropy', value: 1, ensemble: true }]
  expect(publishedProblems({ source: 'a paper', figures }, [costs])).toEqual([
    {
      path: 'published.figures.0.metric',
      message: 'cross-entropy reads what references cost one model, and models that predict together have none',
      hint: 'Choose a metric of outputs, or leave `ensemble` out.',
    },
  ])
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
