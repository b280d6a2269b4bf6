import { expect } from 'vitest'
import type { TrainedModel } from '../../src/inference/open-model.js'

type Sources = Parameters<TrainedModel['predict']>[0]

/**
 * Expects a model in its exported form to predict what the reference engine predicts of it, and the first `alone` sources by
 * themselves as among the others. Gives the predictions.
 */
export async function expectSamePredictions(
  exported: TrainedModel,
  traced: TrainedModel,
  sources: Sources,
  alone = sources.length,
) {
  const found = await exported.predict(sources)
  const wanted = await traced.predict(sources)
  found.forEach((output, at) => {
    expect(output.text).toBe(wanted[at]?.text)
    expect(output.score).toBeCloseTo(wanted[at]?.score ?? Number.NaN, 4)
  })
  for (const [at, source] of [...sources.entries()].slice(0, alone))
    expect(await exported.predict([source])).toEqual([found[at]])
  return found
}
