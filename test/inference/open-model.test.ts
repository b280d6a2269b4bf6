import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { openModel } from '../../src/inference/open-model.js'
import type { ModelOutput } from '../../src/inference/outputs.js'
import type { Source } from '../../src/inference/sources.js'
import { sealJson } from '../../src/store/sealed-json.js'
import { tasks } from '../../src/task/index.js'

const goldens = fileURLToPath(new URL('../goldens/models/', import.meta.url))
const folderOf = (task: string) => join(goldens, task)
const made: string[] = []
let engine: Engine

beforeAll(async () => {
  engine = await createEngine('auto', { threads: 1 })
})
afterAll(async () => {
  await engine.dispose()
  for (const folder of made) rmSync(folder, { recursive: true })
})

type Expected = Pick<ModelOutput, 'tokens' | 'score'> & { readonly source: Source; readonly values?: readonly number[] }

function expectedOf(task: string): readonly Expected[] {
  return JSON.parse(readFileSync(join(folderOf(task), 'expected.json'), 'utf8'))
}

async function predictions(folder: string, sources: readonly Source[]): Promise<readonly ModelOutput[]> {
  const model = await openModel(folder, { engine })
  try {
    return await model.predict(sources)
  } finally {
    await model.dispose()
  }
}

it('has a golden folder of every task', () => {
  const folders = readdirSync(goldens, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(folders.map(({ name }) => name).sort()).toEqual([...tasks.names].sort())
})

describe.each(tasks.names)('the golden model of %s', (task) => {
  const expected = expectedOf(task)
  const sources = expected.map(({ source }) => source)

  it('predicts what its run predicted on its test set', async () => {
    const outputs = await predictions(folderOf(task), sources)
    expect(outputs.map(({ tokens }) => tokens)).toEqual(expected.map(({ tokens }) => tokens))
    outputs.forEach(({ score, values = [] }, at) => {
      expect(Math.abs(score - (expected[at]?.score ?? Number.NaN))).toBeLessThan(1e-4)
      const differences = values.flat().map((value, place) => Math.abs(value - (expected[at]?.values?.[place] ?? 1e9)))
      expect(Math.max(0, ...differences)).toBeLessThan(1e-4)
      expect(values.flat()).toHaveLength(expected[at]?.values?.length ?? 0)
    })
  })

  it('gives the same bytes from a copy elsewhere, and whatever it is asked together with', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'seqlab-model-'))
    made.push(copy)
    cpSync(folderOf(task), copy, { recursive: true })
    const [first] = sources
    if (first === undefined) throw new Error('no source')
    const many = [...sources, ...Array.from({ length: 17 }, () => first)]
    const [together, alone, copied] = [
      await predictions(folderOf(task), many),
      await predictions(folderOf(task), [first]),
      await predictions(copy, many),
    ]
    expect(copied).toEqual(together)
    expect(alone[0]).toEqual(together[0])
    expect(together.at(-1)).toEqual(together[0])
  })
})

describe('predicting', () => {
  it('searches as it is asked, with alignments and candidates', async () => {
    const model = await openModel(folderOf('transduce'), { engine })
    const beam = { type: 'beam', width: 3, nBest: 2, lengthPenalty: 0 } as never
    const [output] = await model.predict(['abc'], { decode: beam, alignments: true, maxLength: 3 })
    expect(output?.candidates?.length ?? 0).toBeGreaterThan(0)
    expect(output?.tokens.length).toBeLessThanOrEqual(3)
    expect(output?.alignment?.[0]).toHaveLength(3)
    await model.dispose()
  })

  it('reads symbols that training did not have as unknown ones', async () => {
    const [known, unknown] = await predictions(folderOf('tag'), ['a b', 'ö b'])
    expect(known?.tokens).toHaveLength(2)
    expect(unknown?.source).toEqual(['ö', 'b'])
    expect(unknown?.tokens).toHaveLength(2)
  })

  it.each([
    ['icu 1.0, unicode 1.0', 1],
    [`icu ${process.versions.icu}, unicode ${process.versions.unicode}`, 0],
    [undefined, 0],
  ])('warns in one sentence of words that were split by %s', async (segmentation, warnings) => {
    const folder = mkdtempSync(join(tmpdir(), 'seqlab-model-'))
    made.push(folder)
    cpSync(folderOf('tag'), folder, { recursive: true })
    const { seal: _, ...value } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'))
    const data = { ...value.spec.data, sourceTokens: { type: 'words' } }
    const description = { ...value, ...(segmentation && { segmentation }), spec: { ...value.spec, data } }
    writeFileSync(join(folder, 'model.json'), sealJson(description))
    const messages: string[] = []
    const model = await openModel(folder, { engine, warn: (message) => messages.push(message) })
    await model.dispose()
    const { icu, unicode } = process.versions
    const sentence = `${folder}: words were split by ${segmentation} when the model was trained and are split by icu ${icu}, unicode ${unicode} here: some texts may have other tokens`
    expect(messages).toEqual(Array.from({ length: warnings }, () => sentence))
  })

  it.each<[string, Source, string]>([
    ['tag', '  ', 'Source 1 cannot be read: expected at least one token, received none'],
    ['tag', [[1]], 'Source 1 cannot be read: expected text, received numbers'],
    [
      'generate',
      'a b',
      'Source 1 cannot be read: the task generate takes one symbol or one vector as its source, but a source has 2 steps',
    ],
    ['forecast', 'abc', 'Source 1 cannot be read: expected the steps of a window, received text'],
    ['forecast', [[1, 2]], 'Source 1 cannot be read: expected 5 steps, received 1'],
    ['forecast', Array.from({ length: 5 }, () => [1]), 'expected a number for each series'],
    ['forecast', Array.from({ length: 5 }, () => [1, Number.NaN]), 'expected finite numbers, received NaN at step 1'],
  ])('%s refuses %j', async (task, source, message) => {
    await expect(predictions(folderOf(task), [source])).rejects.toThrow(message)
  })

  it('a text of more tokens than a model can read in seconds is refused, with the limit', async () => {
    const texts = predictions(folderOf('language-model'), ['a'.repeat(2 ** 17 + 1)])
    await expect(texts).rejects.toThrow('expected at most 131072 tokens (divide the text), received 131073')
  })
})
