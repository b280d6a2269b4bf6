import { matrix, sum } from '../core/ops.js'
import type { HostTensor } from '../core/tensors.js'
import type { Tensor } from '../core/tf.js'
import { leaf, subtree, type Tree } from '../core/tree.js'
import { BOS, EOS, PAD, type Split } from '../data/types.js'
import { encode } from '../decode/encode.js'
import { type ForcedOutput, forceOutputs } from '../decode/forced.js'
import { searchMethods } from '../decode/index.js'
import type { Candidate, Decoded, Encoded, RunPure, SearchMember } from '../decode/types.js'
import type { Transducer } from '../model/decoder/types.js'
import type { BatchShape } from '../model/noise.js'
import type { Params } from '../model/parameters.js'
import type { Sources } from './models/source-inputs.js'
import { rowLength } from './sizes.js'
import type { Examples, Predictor, ReferenceCost, SearchRequest } from './types.js'

const specials = { pad: PAD, bos: BOS, eos: EOS }

/** Makes one side of a padded batch. */
type Collate<S = Split> = (split: S, rows: readonly number[], shape: BatchShape) => Tree<HostTensor>

/** Predicts a sequence for each source by the chosen search, and what its reference costs under teacher forcing. */
export function sequencePredictor(transducer: Transducer, sources: Collate<Sources>, targets: Collate): Predictor {
  const begin = async (run: RunPure, { split, indices, shape }: Examples<Sources>) => {
    return { run, transducer, encoded: await encode(run, transducer, sources(split, indices, shape)) }
  }
  return {
    begin,
    predict: async (run, examples, request) => searchTogether([await begin(run, examples)], examples, request),
    evaluate: async (run, examples, request) => {
      const member = await begin(run, examples)
      const predictions = await searchTogether([member], examples, request)
      const { split, indices, shape } = examples
      const costs = await costsOf(run, transducer, member.encoded, targets(split, indices, shape))
      return predictions.map((prediction, row) => ({
        ...prediction,
        crossEntropyNats: leaf(costs, 'nats').data[row] ?? Number.NaN,
        crossEntropyTokens: leaf(costs, 'tokens').data[row] ?? Number.NaN,
      }))
    },
    evaluateExported: async (run, examples, request) => {
      const member = await begin(run, examples)
      const predictions = await searchTogether([member], examples, request)
      const forced = await force(member, examples, targets, false)
      return predictions.map((prediction, row) => ({ ...prediction, ...costOf(forced[row]) }))
    },
    score: async (run, examples, alignments) => {
      const member = await begin(run, examples)
      const forced = await force(member, examples, targets, alignments)
      return forced.map((output, row) => cut(output, member.encoded.lengths[row] ?? 0))
    },
  }
}

/** The references by forced decoding, whatever their lengths. */
function force(
  member: SearchMember,
  { split, indices, shape }: Examples,
  targets: Collate,
  alignments: boolean,
): Promise<readonly ForcedOutput[]> {
  const longest = Math.max(...indices.map((index) => rowLength(split.target.offsets, index)))
  const target = targets(split, indices, { ...shape, target: longest })
  return forceOutputs(member, target, indices.length, { alignments, specials })
}

function costOf(forced: ForcedOutput | undefined): ReferenceCost {
  if (forced === undefined) throw new RangeError('An example has no cost')
  const { logProbs } = forced
  return { crossEntropyNats: -total(logProbs), crossEntropyTokens: logProbs.length }
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/** An output for each example, by all the models that have read it. `firstSymbol`: what the search's first step reads, if not bos. */
export async function searchTogether(
  members: readonly SearchMember[],
  { indices }: Pick<Examples, 'indices'>,
  { decode, streams, ...settings }: SearchRequest,
  firstSymbol?: number,
): Promise<readonly Decoded[]> {
  const named = indices.map((index) => streams?.[index] ?? index)
  const request = { ...settings, specials, ...(firstSymbol === undefined ? {} : { first: firstSymbol }) }
  const found = await searchMethods.build(decode)(members, named, request)
  const [first] = members
  return indices.map((_, row) => withoutPadding(found[row], first?.encoded.lengths[row] ?? 0))
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
  return { ...cut(best, steps), ...(candidates && { candidates: candidates.map((one) => cut(one, steps)) }) }
}

function cut<Output extends Pick<Candidate, 'alignment'>>(output: Output, steps: number): Output {
  const { alignment } = output
  return alignment === undefined ? output : { ...output, alignment: alignment.map((row) => row.slice(0, steps)) }
}
