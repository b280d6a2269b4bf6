import { floats, type HostTensor } from '../../core/tensors.js'
import type { Tree } from '../../core/tree.js'
import { BOS, EOS, type Split } from '../../data/types.js'
import type { BatchShape } from '../../model/noise.js'
import { maskOf, padIds } from '../batches/collate.js'
import { rowLength } from '../sizes.js'
import type { Predictor, RunPure, ScoredPrediction, TaskModel } from '../types.js'
import { rowOf, sum } from './labels.js'
import type { NextSymbol } from './next-symbol.js'
import { writer } from './writer.js'

/** A language model that reads each example by itself: bos + y in, y + eos out. */
export function byExamples(next: NextSymbol): TaskModel {
  return {
    parameters: next.parameters,
    outline: next.outline,
    inputs: ({ batch, source }) => next.inputs(batch, source + 1),
    collate,
    noise: ({ batch, source }) => next.noise(batch, source + 1),
    loss: (params, batch, noise, settings) => next.loss(params, batch, noise, settings, {}),
    carry: () => ({}),
    predictor: predictorOf(next),
  }
}

/** What is predicted at a place is what follows the true symbols before it: so the references are the sources. */
function predictorOf(next: NextSymbol): Predictor {
  const read = (run: RunPure, batch: Tree<HostTensor>) =>
    run('next-symbol', (params, inputs) => next.predict(params, inputs, {}).found, batch)
  const evaluate: Predictor['predict'] & Predictor['evaluate'] = async (run, { split, indices, shape }) => {
    const outputs = await read(run, collate(split, indices, shape))
    return indices.map((index, row) => evaluated(outputs, row, rowLength(split.source.offsets, index)))
  }
  return {
    ...{ predict: evaluate, evaluate, evaluateExported: evaluate, ...writer(next) },
    score: async (run, { split, indices, shape }) => {
      const outputs = await read(run, collate(split, indices, shape))
      return indices.map((index, row) => {
        return {
          logProbs: rowOf(outputs, 'nats', row, rowLength(split.source.offsets, index) + 1).map((nats) => -nats),
        }
      })
    },
  }
}

function collate(
  split: Pick<Split, 'source'>,
  rows: readonly number[],
  { batch, source }: BatchShape,
): Tree<HostTensor> {
  const size = [batch, source + 1] as const
  const mask = maskOf(split.source, rows, size, 1)
  return {
    source: { ids: padIds(split.source, rows, size, { before: BOS }), mask },
    target: { labels: padIds(split.source, rows, size, { after: EOS }), mask },
    continues: floats([0], []),
  }
}

/** The most probable symbol at each place of an example (its end left out), and what the example itself costs. */
function evaluated(outputs: Tree<HostTensor>, row: number, length: number): ScoredPrediction {
  const nats = rowOf(outputs, 'nats', row, length + 1)
  return {
    ids: rowOf(outputs, 'ids', row, length),
    score: sum(rowOf(outputs, 'logProbs', row, length + 1)),
    sourceScores: nats.map((cost) => -cost),
    crossEntropyNats: sum(nats),
    crossEntropyTokens: length + 1,
  }
}
