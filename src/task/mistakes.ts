import type { PlannedBatch } from '../data/batching.js'
import type { Split } from '../data/types.js'
import { nearest } from '../metrics/distance.js'
import type { EvaluatedExample, Evaluation, Evaluator } from './evaluate.js'
import type { EvaluatedData } from './examples.js'
import { sampledOf, trueAlignmentOf, worstOf } from './kept.js'
import type { Prediction, RunPure } from './types.js'

/**
 * The same evaluation with the alignments of its worst mistakes: by the fewest edits to a reference. They are evaluated once
 * more, as before in batches of the same shapes: what is predicted does not depend on its neighbours.
 */
export async function withMistakes<Data extends EvaluatedData>(
  { model: { predictor }, maxLength, decode, seed }: Evaluator<Data>,
  split: Split,
  batches: readonly PlannedBatch[],
  run: RunPure,
  evaluation: Evaluation,
): Promise<Evaluation> {
  const { examples } = evaluation
  if (!examples.some(({ alignment }) => alignment !== undefined)) return evaluation
  const mistakes = worstOf(examples.map(editsTo), sampledOf(split.size))
  const again = new Map<number, Prediction>()
  for (const { indices, shape } of batches) {
    const chosen = indices.filter((index) => mistakes.has(index))
    if (chosen.length === 0) continue
    const search = { decode, maxLength, alignments: mistakes, seed }
    const predicted = await predictor.evaluate(run, { split, indices: chosen, shape }, search)
    for (const [row, prediction] of predicted.entries()) again.set(chosen[row] ?? -1, prediction)
  }
  return { ...evaluation, examples: examples.map((example) => withAlignment(example, split, again.get(example.index))) }
}

function editsTo({ hypothesis, references }: EvaluatedExample): number {
  const [edits] = nearest(hypothesis, references)
  return edits
}

function withAlignment(example: EvaluatedExample, split: Split, prediction: Prediction | undefined): EvaluatedExample {
  if (prediction?.alignment === undefined) return example
  return { ...example, kept: 'mistake', alignment: prediction.alignment, ...trueAlignmentOf(split, example.index) }
}
