import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { undefinedBecause } from '../../../../src/core/measured.js'
import { playgroundsOf } from '../../../../src/report/analysis/comparison/playgrounds.js'
import type { FoundTrial } from '../../../../src/report/analysis/comparison/read-trial.js'
import type { Group } from '../../../../src/report/analysis/comparison/types.js'
import { charactersOf, type PlaygroundChoice } from '../../../../src/report/analysis/trial/playground.js'
import type { PredictionLine } from '../../../../src/train/types.js'
import { comparedGroup, type FoundOptions, foundTrial } from '../../found.js'
import { madeUpSpec, madeUpTrial } from '../../made-up.js'
import { writeLaterEvaluation, writeTrial } from '../../study.js'
import { longerBy, writeModelFolder } from '../trial/model-folder.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-playgrounds-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const auto: PlaygroundChoice = { playground: 'auto', playgroundWeights: 'float16' }
const madeUp = madeUpTrial({ examples: 2, steps: 10 })

/** A trial with a folder of its own, as a run leaves it, without a model. */
async function published(options: FoundOptions, predictions: readonly PredictionLine[] = [], spec = madeUpSpec) {
  const record = { ...madeUp.record, spec }
  const directory = await writeTrial(mkdtempSync(join(root, 'study-')), { record, lines: [], predictions })
  return { ...foundTrial(options), directory }
}

/** The same with a model; how many characters more of a page this takes. */
async function withModel(options: FoundOptions, longer = 0): Promise<FoundTrial> {
  const trial = await published(options)
  writeModelFolder(trial.directory, longerBy(longer))
  return trial
}

const modelsOf = async (group: Group, addressOf?: Parameters<typeof playgroundsOf>[2], choice = auto) => {
  const [playground] = await playgroundsOf({ groups: [group] }, choice, addressOf)
  return playground?.models ?? []
}
const chosenOf = async (group: Group) =>
  (await modelsOf(group)).map(({ variant, label, chosen }) => [variant, label, chosen])

describe('the models of a comparison', () => {
  test('are one of each variant, the best on dev, the best variant first', async () => {
    const group = comparedGroup([
      foundTrial({ label: 'gru', seed: 1, dev: 0.3 }),
      foundTrial({ label: 'gru', seed: 2, dev: 0.25 }),
      foundTrial({ label: 'gru', seed: 3, dev: 0.35 }),
      foundTrial({ label: 'lstm', seed: 1, dev: 0.1 }),
      foundTrial({ label: 'elman', seed: 5, dev: 0.2 }),
      foundTrial({ label: 'elman', seed: 4, dev: 0.4 }),
    ])
    expect(await chosenOf(group)).toEqual([
      ['v2', 'lstm', 'seed 1'],
      // Means of 0.3 each: in the order of the plan.
      ['v1', 'gru', 'seed 2, best on dev of 3: PER 25.0 %'],
      ['v3', 'elman', 'seed 5, best on dev of 2: PER 20.0 %'],
    ])
  })

  test('follow the better direction of the main metric', async () => {
    const group = comparedGroup([
      foundTrial({ label: 'gru', seed: 1, dev: 0.3 }),
      foundTrial({ label: 'gru', seed: 2, dev: 0.4 }),
      foundTrial({ label: 'lstm', seed: 1, dev: 0.6 }),
    ])
    const metrics = group.metrics.map((metric) => ({ ...metric, better: 'higher' as const }))
    expect(await chosenOf({ ...group, metrics })).toEqual([
      ['v2', 'lstm', 'seed 1'],
      ['v1', 'gru', 'seed 2, best on dev of 2: PER 40.0 %'],
    ])
  })

  test('come last where dev has no value', async () => {
    const none = { value: null, reason: 'no token' }
    const dev = (seed: number, label: string) =>
      foundTrial({
        label,
        seed,
        record: { metrics: { dev: { per: none }, test: foundTrial().record.metrics.test ?? {} } },
      })
    const group = comparedGroup([
      dev(1, 'gru'),
      foundTrial({ label: 'lstm', seed: 1, dev: 0.9 }),
      { ...foundTrial({ label: 'lstm', seed: 2, dev: 0.8 }) },
      dev(2, 'elman'),
      dev(3, 'elman'),
    ])
    expect(group.metrics[0]?.values[0]?.dev).toMatchObject({ value: null })
    const [first, ...others] = await chosenOf(group)
    expect(first).toEqual(['v2', 'lstm', 'seed 2, best on dev of 2: PER 80.0 %'])
    expect(others).toEqual([
      ['v1', 'gru', 'seed 1'],
      ['v3', 'elman', 'seed 2, best on dev of 2: PER undefined'],
    ])
    // Within a variant too.
    const trials = group.trials.map((trial) =>
      trial.variant === 'v2' && trial.seed === 2 ? { ...trial, dev: { per: undefinedBecause('no token') } } : trial,
    )
    expect((await chosenOf({ ...group, trials }))[0]?.[2]).toBe('seed 1, best on dev of 2: PER 90.0 %')
  })

  test('are the first ones without a metric to compare them by', async () => {
    const group = comparedGroup([
      foundTrial({ label: 'gru', seed: 1, dev: 0.3 }),
      foundTrial({ label: 'gru', seed: 2, dev: 0.2 }),
      foundTrial({ label: 'lstm', seed: 1, dev: 0.1 }),
    ])
    expect(await chosenOf({ ...group, metrics: [] })).toEqual([
      ['v1', 'gru', 'seed 1, best on dev of 2'],
      ['v2', 'lstm', 'seed 1'],
    ])
    const trials = group.trials.map((trial) => ({ ...trial, dev: {} }))
    expect((await chosenOf({ ...group, trials }))[1]?.[2]).toBe('seed 1, best on dev of 2')
  })

  test('are of completed trials alone: a variant without one has none', async () => {
    const cancelled = { status: 'cancelled' as const, metrics: {} }
    const group = comparedGroup([
      foundTrial({ label: 'gru', seed: 1, record: cancelled }),
      foundTrial({ label: 'gru', seed: 2, dev: 0.3 }),
      foundTrial({ label: 'lstm', seed: 1, record: cancelled }),
    ])
    expect(await chosenOf(group)).toEqual([['v1', 'gru', 'seed 2']])
  })

  test('are those of every group, and none where none are asked for', async () => {
    const [one, other] = ['gru', 'lstm'].map((label) => comparedGroup([foundTrial({ label })]))
    const groups = [one ?? expect.fail(), other ?? expect.fail()]
    const labels = async (choice: PlaygroundChoice) =>
      (await playgroundsOf({ groups }, choice)).map(({ models }) => models.map(({ label }) => label))
    expect(await labels(auto)).toEqual([['gru'], ['lstm']])
    expect(await labels({ ...auto, playground: 'off' })).toEqual([])
  })
})

describe('a model of a comparison', () => {
  const keysOf = async (group: Group, choice = auto) =>
    (await modelsOf(group, undefined, choice)).map(({ held }) => Object.keys(held))

  /** How many characters a model that is not made longer takes. */
  const usualCharacters = async () => {
    const [model] = await modelsOf(comparedGroup([await withModel({})]))
    return model !== undefined && 'model' in model.held ? charactersOf(model.held) : expect.fail('a model')
  }

  test('is in the page where all of them together take two million characters, as precise as was asked for', async () => {
    const first = await withModel({ label: 'gru', dev: 0.1 }, 1_000_000)
    const usual = await usualCharacters()
    const room = 2_000_000 - 1_000_000 - 2 * usual
    const just = comparedGroup([first, await withModel({ label: 'lstm', dev: 0.2 }, room)])
    expect(await keysOf(just)).toEqual([
      ['model', 'parameters'],
      ['model', 'parameters'],
    ])
    const more = comparedGroup([first, await withModel({ label: 'lstm', dev: 0.2 }, room + 1)])
    const [, second] = await modelsOf(more)
    expect(second?.held).toEqual({ tooLarge: room + 1 + usual })
    expect(await keysOf(more, { ...auto, playground: 'on' })).toEqual(await keysOf(just))
    // The room is for all groups together.
    const [one, other] = just.variants.map(({ id }) => ({
      ...just,
      variants: just.variants.filter((variant) => variant.id === id),
    }))
    const groups = [one ?? expect.fail(), other ?? expect.fail(), other ?? expect.fail()]
    const held = (await playgroundsOf({ groups }, auto)).map(({ models }) => Object.keys(models[0]?.held ?? {})[0])
    expect(held).toEqual(['model', 'model', 'tooLarge'])
    const [exact] = await modelsOf(just, undefined, { ...auto, playgroundWeights: 'float32' })
    expect(exact?.held).toMatchObject({ model: { parameters: { width: 4 } } })
  })

  test('is asked for at an address where there is one, with the search of the evaluation that is compared', async () => {
    const decode = { type: 'beam', width: 3, nBest: 1, lengthNormalisation: 0 } as const
    const later = await withModel({ label: 'gru', dev: 0.1, record: { evaluation: 'ab12cd34' } })
    const as = { ...madeUp, predictions: [], record: { ...madeUp.record, spec: { ...madeUpSpec, decode } } }
    writeLaterEvaluation(later.directory, as, 'ab12cd34')
    const other = await withModel({ label: 'lstm', dev: 0.2, record: { evaluation: 'no such evaluation' } })
    const group = comparedGroup([later, other])
    expect((await modelsOf(group, ({ trialId }) => `/models/${trialId}`)).map(({ held }) => held)).toEqual([
      { address: '/models/cells-gru-1', decode },
      { address: '/models/cells-lstm-1', decode: madeUpSpec.decode },
    ])
    // In the page it searches as it was evaluated, too.
    const [held] = (await modelsOf(group)).map((model) => model.held)
    expect(held).toMatchObject({ model: { decode } })
  })

  test('cannot be tried where it, or all that is known of it, is missing, even with an address', async () => {
    const group = comparedGroup([foundTrial({ label: 'gru', dev: 0.1 }), await published({ label: 'lstm', dev: 0.2 })])
    const reasons = [
      { leftOut: 'Its files cannot be read.' },
      { leftOut: 'It has no model that a page can run: that is missing, or an earlier version trained it.' },
    ]
    expect((await modelsOf(group)).map(({ held }) => held)).toEqual(reasons)
    expect((await modelsOf(group, () => '/models')).map(({ held }) => held)).toEqual(reasons)
  })
})

describe('what a reader may begin with', () => {
  const line = (source: readonly string[], more: Partial<PredictionLine> = {}): PredictionLine => ({
    ...{ split: 'test', index: 0, source, references: [['x']], hypothesis: ['x'], score: 0, statistics: {} },
    ...more,
  })
  const begin = async (...trials: readonly FoundTrial[]) => {
    const [playground] = await playgroundsOf({ groups: [comparedGroup(trials)] }, auto)
    const { models: _, ...examples } = playground ?? expect.fail()
    return examples
  }
  const second = () => published({ label: 'lstm', dev: 0.2 }, [line(['o', 'x'])])
  const ofSecond = { examples: ['ox'], features: [''], series: [] }

  test('is of the first model that has predictions and can be read', async () => {
    const best = await published({ label: 'gru', dev: 0.1 }, [line(['a', 'n', 't'])])
    expect(await begin(await second(), best)).toEqual({ examples: ['ant'], features: [''], series: [] })
    expect(await begin(foundTrial({ label: 'gru', dev: 0.1 }), await second())).toEqual(ofSecond)
    expect(await begin(await published({ label: 'gru', dev: 0.1 }), await second())).toEqual(ofSecond)
  })

  test('is not of one whose model is damaged: how its series are scaled is not known', async () => {
    const damaged = await published({ label: 'gru', dev: 0.1 }, [line(['a', 'n', 't'])])
    writeModelFolder(damaged.directory)
    expect((await begin(damaged)).examples).toEqual(['ant'])
    writeFileSync(join(damaged.directory, 'model', 'model.json'), '{}')
    expect(await begin(damaged, await second())).toEqual(ofSecond)
    expect(await begin(damaged)).toEqual({ examples: [], features: [], series: [] })
  })

  test('has features as the data have them', async () => {
    const data = { ...madeUpSpec.data, features: { separator: ';', minFrequency: 1 } }
    const predictions = [line(['o', 'x'], { features: ['N', 'PL'] })]
    const trial = await published({}, predictions, { ...madeUpSpec, data })
    expect(await begin(trial)).toEqual({ examples: ['ox'], features: ['N;PL'], series: [] })
  })

  test('of a forecast has the series, as many of the numbers of a step as were scaled', async () => {
    // Windows of two steps, each one step after the one before.
    const windows = [
      [1, 2],
      [2, 3],
      [3, 4],
    ]
    const predictions = windows.map((reference, index) =>
      line([], { index, hypothesis: [], references: [], values: { reference, predicted: [0, 0] } }),
    )
    const trial = await published({}, predictions)
    writeModelFolder(trial.directory, {
      more: { scaling: [{ name: 'load', mean: 0, scale: 1, naiveError: 1 }] },
    })
    expect(await begin(trial)).toEqual({ examples: [], features: [], series: [[1], [2], [3]] })
  })
})
