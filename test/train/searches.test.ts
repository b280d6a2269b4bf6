import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { runTrial } from '../../src/train/loop/trial.js'
import type { TrialSettings } from '../../src/train/types.js'
import { listen, reversals, toySettings } from './toy.js'

const dataset = reversals()
let engine: Engine
beforeAll(async () => {
  engine = await createEngine('compiled', { threads: 1 })
})
afterAll(() => engine.dispose())

const predictionsBy = async (decode: TrialSettings['decode']) =>
  (await runTrial({ ...toySettings, decode }, 1, dataset, engine, undefined, listen().ports)).predictions

test('a beam writes its n best, best first, into each prediction', async () => {
  const lines = await predictionsBy({ type: 'beam', width: 3, lengthNormalisation: 0, nBest: 2 })
  expect(lines).toHaveLength(dataset.dev.size + dataset.test.size)
  for (const { candidates = [], hypothesis, score } of lines) {
    expect(candidates).toHaveLength(2)
    expect(candidates[0]).toEqual({ tokens: hypothesis, score })
    expect(candidates[1]?.score).toBeLessThanOrEqual(score)
  }
})

test('sampling is the same for the same seed', async () => {
  const decode = { type: 'sample', temperature: 1 } as const
  expect(await predictionsBy(decode)).toEqual(await predictionsBy(decode))
})
