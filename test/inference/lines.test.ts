import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DecodeOptions } from '../../src/decode/index.js'
import { predictLines } from '../../src/inference/lines/predict-lines.js'
import { type InputLine, inBatches, readLines } from '../../src/inference/lines/read-lines.js'
import { openModels, type PredictOptions, type TrainedModel } from '../../src/inference/open-model.js'
import { tasks } from '../../src/task/index.js'
import { withExportedForm } from '../support/exported-model.js'

// The exported form, as `seqlab predict` runs it.
const folders = new Map<string, string>()
const models = new Map<string, TrainedModel>()

beforeAll(async () => {
  for (const task of tasks.names) {
    const folder = await withExportedForm(task)
    folders.set(task, folder)
    models.set(task, await openModels([folder]))
  }
  const transduce = folders.get('transduce') ?? ''
  models.set('ensemble', await openModels([transduce, transduce]))
})
afterAll(async () => {
  for (const model of models.values()) await model.dispose()
  for (const folder of folders.values()) rmSync(folder, { recursive: true })
})

/** Sources of the symbols that a model knows. */
function sourcesOf(name: string, count: number): string[] {
  const task = name === 'ensemble' ? 'transduce' : name
  if (task === 'forecast') {
    const steps = (line: number) => Array.from({ length: 5 }, (_, at) => [10 + Math.sin(line + at), (line + at) % 4])
    return Array.from({ length: count }, (_, line) => JSON.stringify({ source: steps(line) }))
  }
  const { vocabularies, spec } = JSON.parse(readFileSync(join(folders.get(task) ?? '', 'model.json'), 'utf8'))
  const symbols: string[] = vocabularies.source.symbols.slice(4)
  const joiner = spec.data.sourceTokens?.type === 'characters' ? '' : ' '
  const length = (line: number) => (task === 'generate' ? 1 : 1 + (line % 7))
  return Array.from({ length: count }, (_, line) =>
    Array.from({ length: length(line) }, (_, at) => symbols[(line * (at + 3) + at) % symbols.length]).join(joiner),
  )
}

async function* linesOf(
  texts: readonly string[],
  pause: (line: number) => number = () => 0,
): AsyncGenerator<InputLine> {
  for (const [at, text] of texts.entries()) {
    if (pause(at) > 0) await setTimeout(pause(at))
    yield { number: at + 1, text }
  }
}

async function results(name: string, lines: AsyncIterable<InputLine>, batchSize: number, options: PredictOptions) {
  const model = models.get(name)
  if (model === undefined) throw new Error(name)
  const input = name === 'forecast' ? 'jsonl' : 'text'
  const all = []
  const settings = { ...options, input, name: 'stdin', batchSize, onError: 'fail' } as const
  for await (const result of predictLines(model, lines, settings)) all.push(result)
  return all
}

const beam: DecodeOptions = { type: 'beam', width: 3, lengthNormalisation: 1, nBest: 2, minLength: 1 }
const sample: DecodeOptions = { type: 'sample', temperature: 1.5, topK: 4, topP: 0.9 }
const cases: readonly (readonly [string, string, PredictOptions])[] = [
  ...tasks.names.map((task) => [task, 'as its run searched', {}] as const),
  ['ensemble', 'as its run searched', {}],
  ['transduce', 'with a beam and a coverage penalty', { decode: { ...beam, coveragePenalty: 0.2 } as DecodeOptions }],
  ['generate', 'with a beam', { decode: beam }],
  ['transduce', 'with sampling', { decode: sample, seed: 3 }],
  ['ensemble', 'with sampling', { decode: sample, seed: 3 }],
  ['tag', 'with all labels', { probabilities: true }],
  ['classify', 'with all labels', { probabilities: true }],
]

describe.each(cases)('%s %s', (name, _, options) => {
  it('gives the same lines and scores at batch sizes 1, 2, 7 and 64, and from a slow pipe', async () => {
    const texts = sourcesOf(name, 40)
    const whole = await results(name, linesOf(texts), 64, options)
    expect(whole.map(({ number }) => number)).toEqual(texts.map((_, at) => at + 1))
    for (const size of [1, 2, 7]) expect(await results(name, linesOf(texts), size, options)).toEqual(whole)
    // Now and then longer than a batch waits.
    const slow = linesOf(texts, (line) => (line % 13 === 5 ? 80 : 0))
    expect(await results(name, slow, 7, options)).toEqual(whole)
  })
})

it('a source that is too long for a part of the model is named by its line, and the others are predicted', async () => {
  const reason = 'stdin:2: it cannot be read: the task generate takes one symbol or one vector as its source'
  const model = models.get('generate')
  if (model === undefined) throw new Error('there is no model')
  const [good = ''] = sourcesOf('generate', 1)
  const settings = { input: 'text', name: 'stdin', batchSize: 8 } as const
  const given = () => linesOf([good, `${good} ${good} ${good}`, good])
  const skipped = []
  for await (const each of predictLines(model, given(), { ...settings, onError: 'skip' })) skipped.push(each)
  expect(skipped).toMatchObject([{ number: 1 }, { skipped: expect.stringContaining(reason) }, { number: 3 }])
  await expect(results('generate', given(), 8, {})).rejects.toThrow(reason)
})

describe('batches', () => {
  it('are given in order, when full or when nothing more comes for a while', async () => {
    async function* slowly() {
      yield* [1, 2, 3, 4, 5]
      await setTimeout(120)
      yield 6
    }
    const batches = []
    for await (const batch of inBatches(slowly(), 3, 50)) batches.push(batch)
    expect(batches).toEqual([[1, 2, 3], [4, 5], [6]])
  })

  it('of an endless input are read as they are taken, and no further', async () => {
    let bytes = 0
    async function* endless() {
      for (;;) {
        bytes += 65_536
        yield Buffer.from('a\n'.repeat(32_768))
      }
    }
    const batches = inBatches(readLines(endless(), 'stdin'), 64, 50)
    for (let n = 0; n < 2000; n++) await batches.next()
    await batches.return(undefined)
    // 2000 batches are 128,000 lines: four chunks, and one more that was begun.
    expect(bytes).toBeLessThanOrEqual(5 * 65_536)
  })
})
