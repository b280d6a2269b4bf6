import type { Split } from '../../data/types.js'
import { metrics as metricParts } from '../../metrics/index.js'
import { buildMetrics } from '../../metrics/score.js'
import type { TrainingFacts } from '../../metrics/types.js'
import type { Spec } from '../../spec/types.js'
import { evaluate } from '../../task/evaluate.js'
import type { Predictor } from '../../task/types.js'
import { planBatches } from '../batches.js'
import { refuseUnlike } from '../differences.js'
import { refuseLongest } from '../long-sources.js'
import type { Member } from '../member.js'
import { batchingOf, commonParts, firstOf, searchSettings } from '../predict.js'
import { predictTogether } from '../predict-together.js'
import { evaluatedData, type ModelEvaluation, outcomeOf } from './evaluate-model.js'

/**
 * Evaluates several trained models that predict together, as `predict --with` does: their outputs alone, so metrics that read
 * what references cost, or the attention to them, are left out. Throws SeqlabError as `evaluateModel`, and 'run' where the
 * models are not alike.
 */
export async function evaluateTogether(
  members: readonly Member[],
  split: Split,
  { decode, metrics }: Pick<Spec, 'decode' | 'metrics'>,
  training: TrainingFacts,
): Promise<ModelEvaluation> {
  refuseUnlike(members)
  const { description } = firstOf(members).parts
  const { alignments: _, rowsStep: __, ...search } = searchSettings(members, {}, decode)
  const ofOutputs = metrics.filter(({ type }) => metricParts.get(type).reads === undefined)
  const built = buildMetrics(ofOutputs, training)
  const evaluator = {
    model: { predictor: { evaluate: outputsOf(members) } },
    dataset: evaluatedData(description),
    ...{ ...search, metrics: built },
  }
  for (const { parts } of members) refuseLongest(parts, split)
  const batches = planBatches(commonParts(members), split, batchingOf(members))
  // Each member has functions of its own: none is given for all.
  const { examples } = await evaluate(evaluator, 'the test set', split, batches, firstOf(members).run)
  return { decode, metrics: ofOutputs, ...outcomeOf(built, examples) }
}

/** What references cost is not of several models: it is over no token, so nothing can be made of it. */
function outputsOf(members: readonly Member[]): Predictor['evaluate'] {
  return async (_, { split, ...batch }, search) => {
    const { rowsStep } = searchSettings(members, {}, search.decode)
    const request = { ...search, alignments: 0, ...(rowsStep !== undefined && { rowsStep }) }
    const splits = members.map(() => split)
    const predictions = await predictTogether(members, splits, batch, request, { distributions: false })
    return predictions.map((prediction) => ({ ...prediction, crossEntropyNats: 0, crossEntropyTokens: 0 }))
  }
}
