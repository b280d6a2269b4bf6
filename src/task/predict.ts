import { matrix, sum } from '../core/ops.js'
import type { HostTensor } from '../core/tensors.js'
import type { Tensor } from '../core/tf.js'
import { leaf, subtree, type Tree } from '../core/tree.js'
import { BOS, EOS, PAD, type Split } from '../data/types.js'
import { encode } from '../decode/encode.js'
import { searchMethods } from '../decode/index.js'
import type { Candidate, Decoded, Encoded, RunPure } from '../decode/types.js'
import type { Transducer } from '../model/decoder/types.js'
import type { BatchShape } from '../model/noise.js'
import type { Params } from '../model/parameters.js'
import { rowLength } from './sizes.js'
import type { Examples, Predictor, SearchRequest } from './types.js'

const specials = { pad: PAD, bos: BOS, eos: EOS }

/** Makes one side of a padded batch. */
type Collate<S = Split> = (split: S, rows: readonly number[], shape: BatchShape) => Tree<HostTensor>

/** Predicts a sequence for each source by the chosen search, and what its reference costs under teacher forcing. */
export function sequencePredictor(
  transducer: Transducer,
  sources: Collate<Pick<Split, 'source'>>,
  targets: Collate,
): Predictor {
  return {
    predict: async (run, examples, request) => {
      const { split, indices, shape } = examples
      const encoded = await encode(run, transducer, sources(split, indices, shape))
      return search(run, transducer, encoded, examples, request)
    },
    evaluate: async (run, examples, request) => {
      const { split, indices, shape } = examples
      const encoded = await encode(run, transducer, sources(split, indices, shape))
      const predictions = await search(run, transducer, encoded, examples, request)
      const costs = await costsOf(run, transducer, encoded, targets(split, indices, shape))
      return predictions.map((prediction, row) => ({
        ...prediction,
        crossEntropyNats: leaf(costs, 'nats').data[row] ?? Number.NaN,
        crossEntropyTokens: leaf(costs, 'tokens').data[row] ?? Number.NaN,
      }))
    },
  }
}

async function search(
  run: RunPure,
  transducer: Transducer,
  encoded: Encoded,
  { split, indices }: Examples<Pick<Split, 'source'>>,
  { decode, ...settings }: SearchRequest,
): Promise<readonly Decoded[]> {
  const members = [{ run, transducer, encoded }]
  const found = await searchMethods.build(decode)(members, indices, { ...settings, specials })
  return indices.map((index, row) => withoutPadding(found[row], rowLength(split.source.offsets, index)))
}

/** Of each example: the cross-entropy of its reference and the tokens that it is over, [B] each. */
function costsOf(run: RunPure, transducer: Transducer, { memory, state }: Encoded, target: Tree<HostTensor>) {
  return run('cross-entropy', (...of) => crossEntropies(transducer, ...of), { memory, state, target })
}

function crossEntropies(transducer: Transducer, params: Params, inputs: Tree<Tensor>): Tree<Tensor> {
  const target = subtree(inputs, 'target')
  const mask = matrix(target, 'mask')
  const labels = { input: matrix(target, 'input'), output: matrix(target, 'output'), mask }
  const settings = { labelSmoothing: 0, teacherForcing: 1, perExample: true }
  const started = { memory: subtree(inputs, 'memory'), state: subtree(inputs, 'state') }
  const { perExample } = transducer.lossFrom(params, started, labels, undefined, settings)
  if (perExample === undefined) throw new RangeError('The model gives no cross-entropy by example')
  return { nats: perExample, tokens: sum(mask, 1) }
}

/** Cuts alignments' columns to the source's own steps. */
function withoutPadding(decoded: Decoded | undefined, steps: number): Decoded {
  if (decoded === undefined) throw new RangeError('The search gave no result for an example')
  const { candidates, ...best } = decoded
  const cut = <Output extends Candidate>({ alignment, ...rest }: Output) =>
    alignment === undefined ? rest : { ...rest, alignment: alignment.map((row) => row.slice(0, steps)) }
  return { ...cut(best), ...(candidates && { candidates: candidates.map(cut) }) }
}
