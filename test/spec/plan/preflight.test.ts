import { describe, expect, test } from 'vitest'
import { SeqlabError } from '../../../src/core/errors.js'
import { leaves } from '../../../src/core/tree.js'
import { describeData } from '../../../src/data/description.js'
import { createDatasetCache } from '../../../src/spec/plan/datasets.js'
import { byVariant, preflight, preflightWithoutData } from '../../../src/spec/plan/preflight.js'
import { costOfTrial } from '../../../src/spec/plan/trial-cost.js'
import { stepParts } from '../../../src/train/graph/trial-functions.js'
import { firstState } from '../../../src/train/loop/train-state.js'
import type { ReadState } from '../../../src/train/types.js'
import { loadedFrom, taggerText } from './loaded.js'

const text = taggerText.replace(
  'examples: [[a b, x y]] }',
  'train: [[a b, x y], [b a, y x]], dev: [[a, x]], test: [[b, y]] }',
)
const tagger = loadedFrom(text)
const datasetOf = () => createDatasetCache().read(tagger)

/** There is no other run. */
const readState: ReadState = async (from) => {
  throw new SeqlabError('run', `there is no run in ${from}`)
}

const changed = (...more: readonly [string, string]) => loadedFrom(text.replace(...more))

describe('a spec on its data', () => {
  test('that fits has its cost', async () => {
    const data = await datasetOf()
    expect(await preflight(tagger, data, { readState })).toEqual({
      cost: costOfTrial(tagger.spec, data),
      problems: [],
      warnings: [],
    })
  })

  test('that names parameters that there are not has problems, with their places, and no cost', async () => {
    const found = await preflight(changed('steps: 100', 'steps: 100, freeze: [encodr/*]'), await datasetOf(), {
      readState,
    })
    expect(Object.keys(found)).toEqual(['warnings', 'problems'])
    expect(found.problems).toMatchObject([
      { path: 'train.freeze.0', place: { file: 'some.yaml', line: 6, column: 47 } },
    ])
  })

  test('that starts from a run that there is not', async () => {
    const init = changed('steps: 100', 'steps: 100, init: { from: nowhere }')
    const { problems } = await preflight(init, await datasetOf(), { readState })
    expect(problems).toMatchObject([
      { path: 'train.init.from', message: 'there is no run in nowhere', place: { line: 6, column: 52 } },
    ])
  })

  test('that starts from a run that there is: the digest of what is taken', async () => {
    const init = changed('steps: 100', 'steps: 100, init: { from: there }')
    const data = await datasetOf()
    const { params } = firstState(stepParts(tagger.spec, data), 2, 2)
    const there: ReadState = async () => ({
      parameters: new Map(leaves(params)),
      data: describeData(data, tagger.spec.data),
    })
    const { problems, start, cost } = await preflight(init, data, { readState: there })
    expect(problems).toEqual([])
    expect(start).toMatch(/^[0-9a-f]{64}$/)
    expect(cost).toEqual(costOfTrial(init.spec, data))
  })

  test('that warns does so at its place', async () => {
    const tags = text.replace('[b a, y x]', '[b a, B-s O]').replace('[a, x]', '[a, O]')
    const loaded = loadedFrom(`${tags}metrics: [slot-f1]\n`)
    const data = await createDatasetCache().read(loaded)
    const { warnings, problems, cost } = await preflight(loaded, data, { readState })
    expect(problems).toEqual([])
    expect(cost).toBeDefined()
    expect(warnings).toMatchObject([
      { path: 'metrics', place: { file: 'some.yaml', line: 7, column: 10 } },
      {
        path: 'train.validate.select',
        place: { file: 'some.yaml', line: 6, column: 52 },
      },
    ])
  })

  test('may take as much memory as there is', async () => {
    const wide = { ...tagger, spec: changed('hidden: 3', 'hidden: 9000').spec }
    const data = await datasetOf()
    const { bytes } = costOfTrial(wide.spec, data)
    // 9,000 x 9,000 recurrent weights, 8 numbers of 4 bytes for each.
    expect(bytes / 1e9).toBeCloseTo(2.6, 1)
    const problemsWith = async (memoryBytes?: number) =>
      (await preflight(wide, data, { readState, memoryBytes })).problems
    expect(await problemsWith()).toEqual([])
    expect(await problemsWith(bytes)).toEqual([])
    expect(await problemsWith(bytes - 1)).toMatchObject([
      {
        path: 'model',
        message: 'a training step needs about 2.6 GB of memory; a trial may take 2.6 GB',
        hint: expect.stringContaining('--memory'),
        place: { file: 'some.yaml', line: 4, column: 3 },
      },
    ])
    expect((await preflight(wide, data, { readState, memoryBytes: 1 })).cost?.bytes).toBe(bytes)
  })
})

describe('a spec without its data', () => {
  const problemsOf = async (...more: readonly [string, string]) =>
    (await preflightWithoutData(changed(...more), readState)).map(({ path, place }) => [
      path,
      place?.line,
      place?.column,
    ])

  test('has names of parameters', async () => {
    expect(await problemsOf('', '')).toEqual([])
    expect(await problemsOf('steps: 100', 'steps: 100, freeze: [encoder/*, encodr/*]')).toEqual([
      ['train.freeze.1', 6, 58],
    ])
  })

  test('has another run', async () => {
    const init = "init: { from: nowhere, parameters: ['encodr/*'] }"
    expect(await problemsOf('steps: 100', `steps: 100, ${init}`)).toEqual([
      ['train.init.parameters.0', 6, 74],
      ['train.init.from', 6, 52],
    ])
  })
})

test('a problem that not every variant has names those that do, up to three', () => {
  const problem = { path: 'model', message: 'too large' }
  const of = (...labels: string[]) => labels.map((label) => ({ problem: { ...problem }, label }))
  const messages = (labels: string[], variants: number) =>
    byVariant(of(...labels), variants).map(({ message }) => message)
  expect(messages(['a', 'b'], 2)).toEqual(['too large'])
  expect(messages(['a', 'b', 'c'], 4)).toEqual(['too large ("a", "b", "c")'])
  expect(messages(['a', 'b', 'c', 'd'], 5)).toEqual(['too large ("a", "b", "c", 1 more)'])
  const other = { path: 'data', message: 'gone' }
  expect(byVariant([...of('a', 'b'), { problem: other, label: 'b' }], 2)).toEqual([
    problem,
    { path: 'data', message: 'gone ("b")' },
  ])
})
