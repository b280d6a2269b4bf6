import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { train } from '../../src/index.js'
import { answerTo } from '../../src/inference/answer.js'
import { sourceReader } from '../../src/inference/lines/sources.js'
import { openMember } from '../../src/inference/member.js'
import { openModel } from '../../src/inference/open-model.js'
import { expectSamePredictions } from '../support/exported-predictions.js'

// A trial runs in a process of the built program (`npm test` builds first).
const folder = mkdtempSync(join(tmpdir(), 'seqlab-features-'))
let engine: Engine
let directory = ''

beforeAll(async () => {
  engine = await createEngine('tfjs-cpu', { threads: 1 })
  const set = ['train.steps=20', 'train.validate.every=20', 'data.limit.dev=10', 'data.limit.test=10']
  const { directory: study, records, pages } = await train('configs/inflection.yaml', { out: folder, set }).outcome
  expect(pages).toHaveLength(1)
  directory = join(study, records[0]?.trialId ?? '')
})
afterAll(async () => {
  await engine.dispose()
  rmSync(folder, { recursive: true })
})

const sources = [
  { source: 'okul', features: 'N;LOC;PL' },
  { source: 'okul', features: ['N', 'GEN', 'SG'] },
  { source: 'kedi', features: '' },
  // More than any example of training has, one of them unknown.
  { source: 'ev', features: 'N;LOC;PL;GEN;DU' },
]

describe('a model that reads features', () => {
  it('predicts in its exported form what the reference engine predicts, each source by itself', async () => {
    const [exported, traced] = [await openModel(directory), await openModel(directory, { engine })]
    const found = await expectSamePredictions(exported, traced, sources)
    expect(found.map(({ features, unknown }) => ({ features, unknown }))).toEqual([
      { features: ['N', 'LOC', 'PL'], unknown: 0 },
      { features: ['N', 'GEN', 'SG'], unknown: 0 },
      { features: [], unknown: 0 },
      { features: ['N', 'LOC', 'PL', 'GEN', 'DU'], unknown: 1 },
    ])
    await exported.dispose()
    await traced.dispose()
  })

  it('refuses a source without them, with a sentence', async () => {
    const model = await openModel(directory)
    expect(model.refuses('okul')).toBe(
      'it cannot be read: expected text and features: the model was trained with some, received text alone',
    )
    const read = (text: string, format: 'text' | 'tsv' | 'jsonl') =>
      sourceReader(format, model.spec, 'lines')({ number: 1, text })
    expect(() => read('okul', 'text')).toThrow(/features next to each source/)
    expect(read('okul\t\tN;LOC;PL', 'tsv')).toEqual(sources[0])
    expect(read('{"source":"okul","features":["N","GEN","SG"]}', 'jsonl')).toEqual(sources[1])
    expect(() => read('{"source":"okul"}', 'jsonl')).toThrow(/there is no "features"/)
    expect(() => read('okul\tx', 'tsv')).toThrow(/too few columns/)
    await model.dispose()
  })

  it('answers what is typed: a source, a space, its features', async () => {
    const member = openMember(directory)
    const typed = await answerTo(member, 'okul N;LOC;PL', 2)
    expect(typeof typed === 'string' ? typed : typed.output.features).toEqual(['N', 'LOC', 'PL'])
    await member.dispose()
  })
})
