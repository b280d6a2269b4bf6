import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Dataset, Split } from '../../src/data/types.js'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { evaluateTrained } from '../../src/train/evaluate-trained.js'
import { runTrial } from '../../src/train/loop/trial.js'
import type { TrialSettings } from '../../src/train/types.js'
import { bytesOf, graphCache, listen, reversals, toColumn, toySettings } from './toy.js'
import { toys } from './toys.js'

// What trains a model is independent of what is done with it afterwards: of the test split, the search, the metrics.

let engine: Engine
beforeAll(async () => {
  engine = await createEngine('compiled', { threads: 1 })
})
afterAll(() => engine.dispose())

const trained = async (settings: TrialSettings, dataset: Dataset) => {
  const { ports, lines, saved } = listen()
  const result = await runTrial(settings, 1, dataset, engine, undefined, ports)
  const state = saved.at(-1)
  if (state === undefined) throw new Error('nothing was saved')
  return { result, lines, state, best: state.selection.bestParams ?? state.params }
}

/** Every row of a split twice as long, and only some of them. */
function longer({ source, target }: Split, rows: number): Split {
  const doubled = ({ data, offsets }: Split['source']) => {
    const row = (at: number) => Array.from(data.subarray(offsets[at] ?? 0, offsets[at + 1] ?? 0))
    return toColumn(Array.from({ length: rows }, (_, at) => [...row(at), ...row(at)]))
  }
  return { size: rows, source: doubled(source), target: doubled(target) }
}

test.each([1, 3, 8])('another test split of %i longer examples leaves training as it is, to the byte', async (rows) => {
  const dataset = reversals()
  const other = { ...dataset, test: longer(dataset.test, rows) }
  const [one, two] = [await trained(toySettings, dataset), await trained(toySettings, other)]
  expect(JSON.stringify(two.lines)).toBe(JSON.stringify(one.lines))
  expect(bytesOf(two.state.params)).toEqual(bytesOf(one.state.params))
  expect(bytesOf(two.state.optimizer)).toEqual(bytesOf(one.state.optimizer))
  expect(two.result.metrics.dev).toEqual(one.result.metrics.dev)
  const dev = ({ result }: typeof one) => result.predictions.filter(({ split }) => split === 'dev')
  expect(dev(two)).toEqual(dev(one))
  expect(two.result.predictions.filter(({ split }) => split === 'test')).toHaveLength(rows)
})

test.each(Object.entries(toys))('%s: the same', async (_, { settings, dataset }) => {
  const other = { ...dataset, test: dataset.train }
  const [one, two] = [await trained(settings, dataset), await trained(settings, other)]
  expect(JSON.stringify(two.lines)).toBe(JSON.stringify(one.lines))
  expect(bytesOf(two.state.params)).toEqual(bytesOf(one.state.params))
})

test('another search and other metrics leave training as it is, and find what training ends with', async () => {
  const dataset = reversals()
  const beam = { type: 'beam', width: 3, lengthNormalisation: 0, nBest: 2 } as const
  const later: TrialSettings = { ...toySettings, decode: beam, metrics: [{ type: 'per' }] }
  const [one, two] = [await trained(toySettings, dataset), await trained(later, dataset)]
  expect(bytesOf(two.state.params)).toEqual(bytesOf(one.state.params))
  expect(two.state.selection.bestStep).toBe(one.state.selection.bestStep)
  const [metrics] = one.lines.flatMap((line) => (line.kind === 'validation' ? [Object.keys(line.metrics)] : []))
  expect(metrics).toEqual(['ser', 'exact-match'])
  const graphs = graphCache(dataset, engine)
  for (const [settings, { result, best }] of [
    [toySettings, one],
    [later, two],
  ] as const) {
    const alone = await evaluateTrained(settings, 1, dataset, engine, best)
    const shared = await evaluateTrained(settings, 1, dataset, engine, best, graphs.of(toySettings))
    expect(shared).toEqual(alone)
    expect(JSON.stringify(alone.predictions)).toBe(JSON.stringify(result.predictions))
    expect(alone.metrics).toEqual(result.metrics)
  }
  const evaluated = await evaluateTrained(later, 1, dataset, engine, one.best)
  expect(evaluated.predictions.every(({ candidates }) => candidates?.length === 2)).toBe(true)
  expect(Object.keys(evaluated.metrics.test)).toEqual(['per'])
  await graphs.dispose()
})

test('a metric that only selects is in the curve and not in the result', async () => {
  const validate = { ...toySettings.train.validate, select: [{ type: 'per' as const }, 'loss' as const] }
  const settings = { ...toySettings, train: { ...toySettings.train, validate } }
  const { result, lines } = await trained(settings, reversals())
  const [names] = lines.flatMap((line) => (line.kind === 'validation' ? [Object.keys(line.metrics)] : []))
  expect(names).toEqual(['ser', 'exact-match', 'per'])
  expect(Object.keys(result.metrics.dev)).toEqual(['ser', 'exact-match'])
  for (const { statistics } of result.predictions) expect(Object.keys(statistics)).toEqual(['ser', 'exact-match'])
})
