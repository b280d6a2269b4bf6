import type { HostTensor } from '../../core/tensors.js'
import type { Tensor } from '../../core/tf.js'
import { leaf, subtree, type Tree } from '../../core/tree.js'
import type { Column } from '../../data/types.js'
import { logConditionals, logMarginals, logPartition, nats } from '../../decode/chain/sums.js'
import type { Chain } from '../../decode/chain/types.js'
import { bestPaths } from '../../decode/chain/viterbi.js'
import type { RunPure } from '../../decode/types.js'
import type { Params } from '../../model/parameters.js'
import { rowLength } from '../sizes.js'
import type { Examples, Prediction, Predictor } from '../types.js'
import type { SourceInputs, Sources } from './source-inputs.js'

/** What is asked of a chain. */
export interface ChainRequest {
  /** How many of the best paths, which are the candidates; absent: the best alone. */
  readonly nBest?: number | undefined
  /** Whether the probability of every label at every step. */
  readonly distributions: boolean
}

/**
 * Predicts labels that are chosen together: the function that runs gives their potentials, and the rest is computed from
 * these, in float64. `potentials`: of a batch's source, emissions [B,S,V] and what else a chain has.
 */
export function chainPredictor(
  inputs: SourceInputs,
  potentials: (params: Params, batch: Tree<Tensor>) => Tree<Tensor>,
): Predictor {
  const chains = async (run: RunPure, { split, indices, shape }: Examples<Sources>): Promise<readonly Chain[]> => {
    const results = await run('tag', potentials, { source: inputs.batch(split, indices, shape) })
    const shared = sharedOf(results)
    return indices.map((index, row) => ({
      ...shared,
      ...emissionsOf(results, row, rowLength(split.source.offsets, index)),
    }))
  }
  const evaluate: Predictor['evaluate'] = async (run, examples, { nBest }) => {
    const found = await chains(run, examples)
    return found.map((chain, row) => {
      const ids = labelsIn(examples.split.target, examples.indices[row] ?? 0)
      return {
        ...chainPrediction(chain, { nBest, distributions: false }),
        crossEntropyNats: nats(chain, ids),
        crossEntropyTokens: ids.filter((id) => id >= 0).length,
      }
    })
  }
  return {
    chains,
    predict: async (run, examples, { nBest }) => {
      const found = await chains(run, examples)
      return found.map((chain) => chainPrediction(chain, { nBest, distributions: false }))
    },
    distributions: async (run, examples) => (await chains(run, examples)).map(logMarginals),
    evaluate,
    evaluateExported: evaluate,
    score: async (run, examples) => {
      const found = await chains(run, examples)
      return found.map((chain, row) => {
        return { logProbs: logConditionals(chain, labelsIn(examples.split.target, examples.indices[row] ?? 0)) }
      })
    },
  }
}

/** The best path: its score is its log probability, each label's its log marginal probability. */
export function chainPrediction(chain: Chain, { nBest, distributions }: ChainRequest): Prediction {
  const partition = logPartition(chain)
  const candidates = bestPaths(chain, nBest ?? 1).map(({ ids, potential }) => {
    return { ids, score: Math.min(0, potential - partition) }
  })
  const [best = { ids: [], score: Number.NaN }] = candidates
  const marginals = logMarginals(chain)
  return {
    ...best,
    tokenScores: best.ids.map((id, step) => marginals[step]?.[id] ?? Number.NaN),
    ...(nBest !== undefined && { candidates }),
    ...(distributions && { distributions: marginals }),
  }
}

/** Row `row` of a batch's emissions, its first `steps`. */
function emissionsOf(results: Tree<HostTensor>, row: number, steps: number) {
  const emissions = leaf(results, 'emissions')
  const [, width = 0, labels = 0] = emissions.shape
  const from = row * width * labels
  return { steps, labels, emissions: emissions.data.subarray(from, from + steps * labels) }
}

/** What all chains of a batch have. */
function sharedOf(results: Tree<HostTensor>): Pick<Chain, 'transitions' | 'start' | 'end' | 'allowed'> {
  const floats = (tree: Tree<HostTensor>, name: string) => Float32Array.from(leaf(tree, name).data)
  const between = (tree: Tree<HostTensor>) => {
    return { transitions: floats(tree, 'transitions'), start: floats(tree, 'start'), end: floats(tree, 'end') }
  }
  return { ...between(results), ...('allowed' in results && { allowed: between(subtree(results, 'allowed')) }) }
}

/** A row's labels; below 0: one that training never saw. */
function labelsIn({ data, offsets }: Column, row: number): number[] {
  return Array.from(data.subarray(offsets[row], offsets[row + 1]))
}
