import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { train } from '../../src/index.js'
import { exportRun } from '../../src/inference/export.js'
import { openModel } from '../../src/inference/open-model.js'
import { expectSamePredictions } from '../support/exported-predictions.js'
import { pythonWith } from '../support/python.js'

// A trial runs in a process of the built program (`npm test` builds first).
const folder = mkdtempSync(join(tmpdir(), 'seqlab-characters-'))
let engine: Engine
let directory = ''

async function trained(...set: readonly string[]) {
  const few = ['train.steps=15', 'train.validate.every=15', 'data.limit.dev=10', 'data.limit.test=10', ...set]
  const { directory: study, records } = await train('configs/tagging-conllu.yaml', { out: folder, set: few }).outcome
  return { record: records[0], directory: join(study, records[0]?.trialId ?? '') }
}

beforeAll(async () => {
  engine = await createEngine('tfjs-cpu', { threads: 1 })
  directory = (await trained()).directory
})
afterAll(async () => {
  await engine.dispose()
  rmSync(folder, { recursive: true })
})

const sources = [
  'the glukable kravonous krins vasked .',
  // Unknown words, one of a character that training does not have, one longer than any that it has.
  'pavened',
  'pavenly 😀',
  `${'z'.repeat(40)}ing is`,
]

const python = pythonWith('numpy, onnxruntime')

describe('a model that reads the characters inside words', () => {
  it('predicts in its exported form what the reference engine predicts, each source by itself', async () => {
    const [exported, traced] = [await openModel(directory), await openModel(directory, { engine })]
    await expectSamePredictions(exported, traced, sources, 2)
    // Words that are all unknown are told apart.
    const [one, other] = await exported.predict(['pavened', 'pavenly'])
    expect(one?.unknown).toBe(1)
    expect(other?.score).not.toBe(one?.score)
    await exported.dispose()
    await traced.dispose()
  })

  it.skipIf(python === undefined)("predicts the same by predict.py, in Python's ONNX Runtime", async () => {
    const onnx = join(folder, 'onnx')
    await exportRun(directory, onnx)
    const input = `${sources.join('\n')}\n`
    const ran = spawnSync(python ?? '', [join(onnx, 'predict.py')], { input, encoding: 'utf8' })
    expect(ran.stderr).toBe('')
    const model = await openModel(directory)
    const outputs = await model.predict(sources)
    await model.dispose()
    expect(ran.stdout.split('\n').slice(0, -1)).toEqual(outputs.map(({ text }) => text))
  })

  it('starts from another whose words and characters are others', async () => {
    const from = `train.init.from=${directory}`
    const { record } = await trained(from, 'data.limit.train=30', 'train.steps=1', 'train.validate.every=1')
    expect(record?.status).toBe('completed')
    expect(record?.sizes?.attributes?.characters?.vocabulary).toBeGreaterThan(10)
  })
})
