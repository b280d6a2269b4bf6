import { at } from '../../src/core/lists.js'
import type { Dataset } from '../../src/data/types.js'
import type { Engine } from '../../src/engine/types.js'
import { exportFunctions } from '../../src/inference/exported/functions.js'
import { runExported } from '../../src/inference/exported/run.js'
import { runParameters } from '../../src/inference/run-parameters.js'
import { initialise } from '../../src/model/initialise.js'
import { interpreted, runFunctions } from '../../src/playground/functions.js'
import type { Spec } from '../../src/spec/types.js'
import { modelSizes, rowLength } from '../../src/task/sizes.js'
import type { Prediction, RunPure } from '../../src/task/types.js'
import type { TrialFunctions } from '../../src/train/graph/trial-functions.js'
import { near } from './near.js'

const longest = 3

/**
 * The exported form gives what the compiled engine gives, at sizes that it was not traced at: the same outputs, scores and
 * alignments within 1e-5. The interpreter of pages gives what ONNX Runtime gives.
 */
export async function exportedAgrees(
  spec: Spec,
  { model }: TrialFunctions,
  dataset: Dataset,
  compiled: Engine,
): Promise<void> {
  const params = initialise(model.parameters, 2)
  const sizes = modelSizes(dataset)
  const functions = await exportFunctions({ spec, model, params, sizes })
  const exported = runExported(new Map(functions.map((each) => [each.name, each])))
  const page = runFunctions(new Map(functions.map((each) => [each.name, each])), (_, each) =>
    interpreted(each.model, () => new Float32Array(0)),
  )
  const traced = runParameters(compiled, params)
  try {
    for (const width of [1, 3]) {
      const { split, indices, shape } = examplesOf(model, dataset)
      const decode = { type: 'beam', width, lengthNormalisation: 0, nBest: 1 } as const
      const search = { decode, maxLength: longest, alignments: 99, seed: 1 }
      const expected = await model.predictor.predict(traced.run, { split, indices, shape }, search)
      const found = await model.predictor.predict(exported.run, { split, indices, shape }, search)
      expected.forEach((prediction, row) => {
        agree(at(found, row), prediction, 'the exported form')
      })
      const inPage = await model.predictor.predict(page.run, { split, indices, shape }, search)
      found.forEach((prediction, row) => {
        agree(at(inPage, row), prediction, 'the interpreter')
      })
      if (width > 1) continue
      const greedy = { ...search, decode: { type: 'greedy' }, rowsStep: 2 } as const
      const stepped = await model.predictor.predict(exported.run, { split, indices, shape }, greedy)
      stepped.forEach((prediction, row) => {
        same(prediction, at(found, row))
      })
    }
    await sameDistributions(model, dataset, exported.run, page.run)
  } finally {
    await exported.dispose()
    await traced.dispose()
  }
}

async function sameDistributions(model: TrialFunctions['model'], dataset: Dataset, exported: RunPure, page: RunPure) {
  const examples = examplesOf(model, dataset)
  const expected = (await model.predictor.distributions?.(exported, examples)) ?? []
  const found = (await model.predictor.distributions?.(page, examples)) ?? []
  expected.flat(2).forEach((value, place) => {
    near(at(found.flat(2), place), value, 1e-5, 'a log probability of the interpreter')
  })
}

/** Five examples, or the first where the model reads a split as one text. */
function examplesOf({ chunks }: TrialFunctions['model'], { train }: Dataset) {
  const indices = chunks === undefined ? [0, 1, 2, 3, 4].filter((index) => index < train.size) : [0]
  const source = Math.max(...indices.map((index) => rowLength(train.source.offsets, index)))
  return { split: train, indices, shape: { batch: Math.max(2, indices.length), source, target: 1 } }
}

/** Greedy search is a beam of one to the last bit. */
function same(greedy: Prediction, beam: Prediction): void {
  if (JSON.stringify(greedy) === JSON.stringify(beam)) return
  throw new Error(`exported: greedy search gives ${JSON.stringify(greedy)}, a beam of one ${JSON.stringify(beam)}`)
}

function agree(found: Prediction, expected: Prediction, by: string): void {
  if (JSON.stringify(found.ids) !== JSON.stringify(expected.ids)) {
    throw new Error(`${by}: ids ${found.ids} instead of ${expected.ids}`)
  }
  near(found.score, expected.score, 1e-5, `the score of ${by}`)
  expected.values?.forEach((value, place) => {
    near(at(found.values ?? [], place), value, 1e-5, `a value of ${by}`)
  })
  expected.alignment?.forEach((row, step) => {
    row.forEach((weight, place) => {
      near(at(at(found.alignment ?? [], step), place), weight, 1e-5, `an alignment of ${by}`)
    })
  })
}
