import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMember } from '../../src/inference/member.js'
import { modelOf, openModels, type TrainedModel } from '../../src/inference/open-model.js'
import { readPair, scorePairs } from '../../src/inference/score/score-model.js'
import { sealJson } from '../../src/store/sealed-json.js'
import { withExportedForm } from '../support/exported-model.js'

let folder = ''
let model: TrainedModel

beforeAll(async () => {
  folder = await withExportedForm('language-model')
  model = await openModels([folder])
})
afterAll(async () => {
  await model.dispose()
  rmSync(folder, { recursive: true })
})

const total = (scores: readonly number[] = []) => scores.reduce((sum, score) => sum + score, 0)

describe('text of a language model', () => {
  it.each(['', 'a', 'bad'])(
    'goes on from %j, and its score is what the model says of what it wrote',
    async (prompt) => {
      const texts = await model.write(prompt, [0, 1, 2, 3], { maxLength: 30 })
      for (const { text, tokens, score } of texts) {
        expect(text.startsWith(prompt)).toBe(true)
        if (tokens.length === 0 || tokens.length >= 30) continue
        const [read] = await model.predict([text])
        expect(score).toBeCloseTo(total(read?.sourceScores?.slice(prompt.length)), 4)
      }
      expect(new Set(texts.map(({ text }) => text)).size).toBeGreaterThan(1)
    },
  )

  it('is the same whatever it is written together with, and another with another seed', async () => {
    const all = await model.write('a', [0, 1, 2, 3, 4], { seed: 5 })
    const [third] = await model.write('a', [2], { seed: 5 })
    expect(third).toEqual(all[2])
    expect(await model.write('a', [0, 1, 2, 3, 4], { seed: 6 })).not.toEqual(all)
  })

  it('is searched for as it is asked: the most probable that a wide beam finds', async () => {
    const decode = { type: 'beam', width: 200, lengthNormalisation: 0, nBest: 1 } as const
    const [best] = await model.write('', [0], { decode, maxLength: 3 })
    const letters = ['a', 'b', 'c', 'd']
    const texts = letters.flatMap((one) => [
      one,
      ...letters.flatMap((two) => [one + two, ...letters.map((x) => one + two + x)]),
    ])
    const read = await model.predict(texts)
    const scores = read.map(({ sourceScores }) => total(sourceScores))
    // A text of three symbols may be cut there: then its end is not counted.
    const cut = read.map(({ sourceScores, source }) =>
      source.length === 3 ? total(sourceScores?.slice(0, 3)) : -Infinity,
    )
    expect(best?.score).toBeCloseTo(Math.max(...scores, ...cut), 4)
  })
})

/** The same model as if it had read its data as one text, some symbols at a time. */
async function withChunks<T>(task: object, use: (folder: string) => Promise<T>): Promise<T> {
  const chunked = mkdtempSync(join(tmpdir(), 'seqlab-chunks-'))
  try {
    cpSync(fileURLToPath(new URL('../goldens/models/language-model', import.meta.url)), chunked, { recursive: true })
    const { seal: _, ...description } = JSON.parse(readFileSync(join(chunked, 'model.json'), 'utf8'))
    const spec = { ...description.spec, task: { type: 'language-model', ...task } }
    writeFileSync(join(chunked, 'model.json'), sealJson({ ...description, spec }))
    return await use(chunked)
  } finally {
    rmSync(chunked, { recursive: true })
  }
}

describe.each([{ chunk: 3 }, { chunk: 3, carryState: false }])(
  'a model that reads its data as one text, %o',
  (task) => {
    it('reads a line as a text of its own, whatever lines are around it', async () => {
      await withChunks(task, async (chunked) => {
        const member = openMember(chunked)
        const own = await openModels([chunked])
        const alone = (await Promise.all(['abc', 'dab', 'cab'].map((text) => own.predict([text])))).flat()
        expect(await own.predict(['abc', 'dab', 'cab'])).toEqual(alone)
        const pairs = ['abc', 'dab', 'cab'].map((text) =>
          readPair(member.parts, { source: text, target: text, where: '' }),
        )
        const scores = await scorePairs(member, pairs, { alignments: false })
        expect(scores.map(({ logProbs }) => logProbs)).toEqual(alone.map(({ sourceScores }) => sourceScores))
        await member.dispose()
        await own.dispose()
      })
    })
  },
)

it('a model with weights of its own for each step is refused in one sentence: it has none for the steps after', async () => {
  const member = openMember(folder)
  const unrolled = { type: 'untied', length: 9, merge: 'none' } as const
  const { begin: _, ...predictor } = member.parts.model.predictor
  const { spec, model } = member.parts
  const encoder = spec.model.encoder && { ...spec.model.encoder, unroll: unrolled }
  const written = { ...spec, model: { ...spec.model, ...(encoder && { encoder }) } }
  const untied = { ...member, parts: { ...member.parts, spec: written, model: { ...model, predictor } } }
  const refused = modelOf([untied]).write('a', [0])
  await expect(refused).rejects.toThrow('a copy of its weights for each step of a text (model.encoder.unroll: untied)')
  await member.dispose()
})
