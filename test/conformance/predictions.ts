import { isDeepStrictEqual } from 'node:util'
import { subtree } from '../../src/core/tree.js'
import type { PlannedBatch } from '../../src/data/batching.js'
import { lengthsOf } from '../../src/data/encoding/columns.js'
import type { Dataset } from '../../src/data/types.js'
import type { Engine } from '../../src/engine/types.js'
import { initialise } from '../../src/model/initialise.js'
import { modelSizes } from '../../src/task/sizes.js'
import type { Prediction } from '../../src/task/types.js'
import { flatten } from '../../src/train/graph/layout.js'
import type { TrialFunctions } from '../../src/train/graph/trial-functions.js'
import { near } from './near.js'

const longest = 3

/** What an untrained model predicts has the right form: one prediction an example, ids of the vocabulary, alignments. */
export async function predictsInForm(
  { model, layout, runPure }: TrialFunctions,
  engine: Engine,
  dataset: Dataset,
  { indices, shape }: PlannedBatch,
): Promise<void> {
  const state = engine.createState(flatten(layout, initialise(model.parameters, 1)))
  const search = { decode: { type: 'greedy' }, maxLength: longest, alignments: 99, seed: 1 } as const
  // A language model's batches are chunks; it is asked about examples.
  const rows = model.chunks === undefined ? indices : [0]
  const examples = { split: dataset.train, indices: rows, shape }
  const found = await model.predictor.evaluate(runPure(state), examples, search)
  const alone = await model.predictor.predict(runPure(state), examples, search)
  state.dispose()
  if (found.length !== rows.length) throw new Error(`${found.length} predictions for ${rows.length} examples`)
  const lengths = alignedLengths(model, dataset, shape)
  const copies = 'copies' in subtree(model.inputs(shape), 'source')
  for (const [index, prediction] of found.entries()) {
    inForm(prediction, dataset, lengths[rows[index] ?? 0] ?? 0, copies)
    sameOutput(prediction, alone[index])
  }
}

/** Features that are positions of the source are aligned with too. */
function alignedLengths({ inputs }: TrialFunctions['model'], { train }: Dataset, shape: PlannedBatch['shape']) {
  const lengths = lengthsOf(train.source)
  if (train.features === undefined) return lengths
  const { ids, features = {} } = subtree(inputs(shape), 'source')
  const joined = isDeepStrictEqual(ids, 'ids' in features ? features.ids : undefined)
  const before = lengthsOf(train.features)
  return lengths.map((length, row) => length + (joined ? (before[row] ?? 0) : 0))
}

/** What is predicted of a source does not depend on whether its reference is there. */
function sameOutput({ ids, values }: Prediction, alone: Prediction | undefined): void {
  const [expected, found] = [
    { ids, values },
    { ids: alone?.ids, values: alone?.values },
  ]
  if (!isDeepStrictEqual(found, expected)) throw new Error('predict and evaluate give different outputs')
}

/** `copies`: ids beyond the target vocabulary are steps of the source. */
function inForm(
  { ids, values, score, alignment }: Prediction,
  dataset: Dataset,
  sourceLength: number,
  copies: boolean,
): void {
  const { target } = modelSizes(dataset)
  if (!Number.isFinite(score) || score > 0) throw new Error(`a prediction's score is ${score}`)
  const known = ('vocabulary' in target ? target.vocabulary : 0) + (copies ? sourceLength : 0)
  if (ids?.some((id) => !Number.isInteger(id) || id < 0 || id >= known)) throw new Error(`ids out of range: ${ids}`)
  if (values?.some((value) => !Number.isFinite(value))) throw new Error(`forecasts are not finite: ${values}`)
  for (const row of alignment ?? []) {
    if (row.length !== sourceLength) throw new Error(`an alignment over ${row.length} steps of ${sourceLength}`)
    near(
      row.reduce((sum, weight) => sum + weight, 0),
      1,
      1e-5,
      'the sum of an alignment over real steps',
    )
  }
}
