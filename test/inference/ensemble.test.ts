import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DecodeOptions } from '../../src/decode/index.js'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { openModels, type PredictOptions } from '../../src/inference/open-model.js'
import type { Source } from '../../src/inference/sources.js'
import { tasks } from '../../src/task/index.js'
import { perturbedModel } from '../support/perturbed-model.js'

const golden = (task: string) => join(fileURLToPath(new URL('../goldens/models/', import.meta.url)), task)
const made: string[] = []
let engine: Engine

beforeAll(async () => {
  engine = await createEngine('tfjs-cpu', { threads: 1 })
})
afterAll(async () => {
  await engine.dispose()
  for (const folder of made) rmSync(folder, { recursive: true })
})

/** Another model of the same task: the same symbols, other parameters. */
function other(task: string, ...more: [factor?: number, change?: Parameters<typeof perturbedModel>[2]]): string {
  const [factor = 0.5, change] = more
  const folder = perturbedModel(task, factor, change)
  made.push(folder)
  return folder
}

async function together(folders: readonly string[], sources: readonly Source[], options: PredictOptions = {}) {
  const model = await openModels(folders, { engine })
  try {
    return await model.predict(sources, options)
  } finally {
    await model.dispose()
  }
}

const sources: Readonly<Record<string, readonly Source[]>> = {
  transduce: ['abc', 'dd'],
  generate: ['b', 'd'],
  tag: ['a b c', 'd'],
  classify: ['abc', 'dd'],
  'language-model': ['abc', 'dd'],
  forecast: [Array.from({ length: 5 }, (_, step) => [10 + step, step % 4])],
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe.each(tasks.names)('an ensemble of %s', (task) => {
  it('of a model and itself is the model', async () => {
    const own = sources[task] ?? []
    const [alone, twice] = [await together([golden(task)], own), await together([golden(task), golden(task)], own)]
    for (const [at, { tokens, score, tokenScores, sourceScores, values }] of alone.entries()) {
      const found = twice[at]
      expect(found?.tokenScores).toEqual(tokenScores?.map((value) => expect.closeTo(value, 5)))
      expect(found?.sourceScores).toEqual(sourceScores?.map((value) => expect.closeTo(value, 5)))
      expect(found?.values).toEqual(values)
      // What a language model finds most probable at each place is a model's own.
      if (task === 'language-model') continue
      expect(found).toMatchObject({ tokens, score: expect.closeTo(score, 5) })
    }
  })
})

describe('an ensemble averages', () => {
  it('the probabilities of labels', async () => {
    const folders = [golden('classify'), other('classify')]
    const [both] = await together(folders, ['abc'], { probabilities: true })
    const each = await Promise.all(folders.map((folder) => together([folder], ['abc'], { probabilities: true })))
    const p = each.map(([output]) => output?.probabilities?.[0]?.long ?? Number.NaN)
    expect(p[0]).not.toBeCloseTo(p[1] ?? 0, 2)
    expect(both?.probabilities?.[0]?.long).toBeCloseTo(mean(p), 5)
    expect(both?.score).toBeCloseTo(Math.log(Math.max(mean(p), 1 - mean(p))), 5)
  })

  it('the probabilities of tags, token by token', async () => {
    const folders = [golden('tag'), other('tag', -0.5)]
    const [both] = await together(folders, ['a b c'], { probabilities: true })
    const each = await Promise.all(folders.map((folder) => together([folder], ['a b c'], { probabilities: true })))
    both?.probabilities?.forEach(({ high }, token) => {
      expect(high).toBeCloseTo(mean(each.map(([output]) => output?.probabilities?.[token]?.high ?? Number.NaN)), 5)
    })
    expect(both?.probabilities).toHaveLength(3)
  })

  it('the probabilities of a text, symbol by symbol', async () => {
    const folders = [golden('language-model'), other('language-model')]
    const [both] = await together(folders, ['abc'])
    const each = await Promise.all(folders.map((folder) => together([folder], ['abc'])))
    expect(both?.sourceScores).toHaveLength(4)
    both?.sourceScores?.forEach((score, place) => {
      const p = each.map(([output]) => Math.exp(output?.sourceScores?.[place] ?? Number.NaN))
      expect(score).toBeCloseTo(Math.log(mean(p)), 5)
    })
  })

  it('forecasts in their own units, whatever each was scaled by', async () => {
    const scaled = (value: Record<string, unknown>) => ({
      ...value,
      scaling: (value.scaling as { mean: number; scale: number }[]).map((series) => ({
        ...series,
        mean: 0,
        scale: 20,
      })),
    })
    const folders = [golden('forecast'), other('forecast', 1, scaled)]
    const own = sources.forecast ?? []
    const [both] = await together(folders, own)
    const each = await Promise.all(folders.map((folder) => together([folder], own)))
    both?.values?.flat().forEach((value, at) => {
      expect(value).toBeCloseTo(mean(each.map(([output]) => output?.values?.flat()[at] ?? Number.NaN)), 9)
    })
    expect(both?.values?.flat()).toHaveLength(4)
  })

  it('each step of a search: a sequence of one symbol has the mean of the probabilities', async () => {
    const folders = [golden('generate'), other('generate')]
    const decode: DecodeOptions = { type: 'beam', width: 30, lengthNormalisation: 0, nBest: 30 }
    const nBest = async (some: readonly string[]) => {
      const [output] = await together(some, ['b'], { decode, maxLength: 1 })
      return new Map(output?.candidates?.map(({ tokens, score }) => [tokens.join(''), score]))
    }
    const [both, one, two] = [await nBest(folders), await nBest(folders.slice(0, 1)), await nBest(folders.slice(1))]
    expect(both.size).toBeGreaterThan(3)
    const ended = Math.exp(both.get('') ?? 0)
    expect(ended).toBeCloseTo(mean([one, two].map((each) => Math.exp(each.get('') ?? Number.NaN))), 5)
  })
})

describe('models that do not predict together', () => {
  const vocabulary = (change: (symbols: string[]) => string[]) => (value: Record<string, unknown>) => {
    const all = value.vocabularies as { source: { symbols: string[] }; target: { symbols: string[] } }
    const target = { ...all.target, symbols: change([...all.target.symbols]) }
    return { ...value, vocabularies: { ...all, target } }
  }
  it.each<[string, () => readonly [string, string], string]>([
    ['another task', () => [golden('tag'), golden('classify')], 'its task is classify, not tag'],
    [
      'other symbols',
      () => [
        golden('tag'),
        other(
          'tag',
          1,
          vocabulary(() => ['low', 'middle']),
        ),
      ],
      'its target vocabulary is another one (it has 1 symbol ("middle") more, and it lacks 1 symbol ("high"))',
    ],
    [
      'another order',
      () => [
        golden('tag'),
        other(
          'tag',
          1,
          vocabulary((symbols) => symbols.reverse()),
        ),
      ],
      'its target vocabulary has the same symbols in another order (0 is "high", not "low")',
    ],
    [
      'other tokens',
      () => [
        golden('tag'),
        other('tag', 1, (value) => ({
          ...value,
          tokenizers: { ...(value.tokenizers as object), source: { type: 'words' } },
        })),
      ],
      'its source is split into tokens otherwise ({"type":"words"}, not',
    ],
    [
      'other series',
      () => [
        golden('forecast'),
        other('forecast', 1, (value) => ({
          ...value,
          scaling: (value.scaling as { name: string }[]).map((series, at) => ({ ...series, name: `sensor ${at}` })),
        })),
      ],
      'its series are sensor 0, sensor 1, not series 1, series 2',
    ],
  ])('%s', async (_, folders, message) => {
    await expect(openModels(folders(), { engine })).rejects.toThrow(message)
  })
})

describe('what a model has not', () => {
  it.each<[string, PredictOptions, string]>([
    ['generate', { replaceUnknown: true }, 'replacing unknown symbols needs alignments'],
    [
      'generate',
      { decode: { type: 'beam', width: 2, lengthNormalisation: 0, nBest: 1, coveragePenalty: 0.2 } },
      'coveragePenalty needs alignments',
    ],
    ['transduce', { probabilities: true }, 'a model of the task transduce has no probabilities of all labels'],
  ])('%s refuses %j', async (task, options, message) => {
    await expect(together([golden(task)], sources[task] ?? [], options)).rejects.toThrow(message)
  })

  it('writes no text where it is no language model', async () => {
    const model = await openModels([golden('tag')], { engine })
    await expect(model.write('a', [0])).rejects.toThrow('a model of the task tag predicts for sources')
    await model.dispose()
  })
})
