import { type Tensor, type Tensor2D, tensor, tf } from '../core/tf.js'
import { leaf, subtree, type Tree } from '../core/tree.js'
import { BOS, EOS, PAD } from '../data/types.js'
import { encode } from '../decode/encode.js'
import { searchMethods } from '../decode/index.js'
import type { Decoded } from '../decode/types.js'
import type { Params, Transducer } from '../model/types.js'
import { rowLength } from './sizes.js'
import type { Predictor, TaskModel } from './types.js'

const specials = { pad: PAD, bos: BOS, eos: EOS }

/** Predicts a sequence for each source by the spec's search, and what its reference costs under teacher forcing. */
export function sequencePredictor(transducer: Transducer, collate: TaskModel['collate']): Predictor {
  return {
    predict: async (run, split, indices, shape, decode, settings) => {
      const batch = collate(split, indices, shape)
      const encoded = await encode(run, transducer, subtree(batch, 'source'))
      const found = await searchMethods.build(decode)(run, transducer, encoded, indices, { ...settings, specials })
      const { memory, state } = encoded
      const given = { memory, state, target: subtree(batch, 'target') }
      const costs = await run('cross-entropy', (...of) => crossEntropies(transducer, ...of), given)
      return indices.map((index, row) => ({
        ...withoutPadding(found[row], rowLength(split.source.offsets, index)),
        crossEntropyNats: leaf(costs, 'nats').data[row] ?? Number.NaN,
        crossEntropyTokens: leaf(costs, 'tokens').data[row] ?? Number.NaN,
      }))
    },
  }
}

/** Of each example: the cross-entropy of its reference and the tokens that it is over, [B] each. */
function crossEntropies(transducer: Transducer, params: Params, given: Tree<Tensor>): Tree<Tensor> {
  const target = subtree(given, 'target')
  const mask = tensor<Tensor2D>(target, 'mask')
  const labels = { input: tensor<Tensor2D>(target, 'input'), output: tensor<Tensor2D>(target, 'output'), mask }
  const settings = { labelSmoothing: 0, teacherForcing: 1, perExample: true }
  const started = { memory: subtree(given, 'memory'), state: subtree(given, 'state') }
  const { perExample } = transducer.lossFrom(params, started, labels, undefined, settings)
  if (perExample === undefined) throw new RangeError('The model gives no cross-entropy by example')
  return { nats: perExample, tokens: tf.sum(mask, 1) }
}

/** Cuts an alignment's columns to the source's own steps. */
function withoutPadding(decoded: Decoded | undefined, steps: number): Decoded {
  if (decoded === undefined) throw new RangeError('The search gave no result for an example')
  const { alignment, ...rest } = decoded
  return alignment === undefined ? rest : { ...rest, alignment: alignment.map((row) => row.slice(0, steps)) }
}
