import Type, { type Static } from 'typebox'
import { sizeSchema } from '../../core/part.js'
import { type Tensor1D, type Tensor2D, tensor, tf } from '../../core/tf.js'
import type { Scorer } from '../types.js'
import { additiveFast } from './additive.fast.js'
import { denseSteps } from './shared.js'

const options = Type.Object({
  size: sizeSchema('Size of the hidden layer that compares query and key.', { default: 128 }),
})

export const additive: Scorer<typeof options, Static<typeof options>> = {
  name: 'additive',
  summary: 'A small tanh layer over query and key (Bahdanau attention).',
  equations: [
    'e_ts = vᵀ tanh(W_q q_t + W_k k_s + b)              (no coverage)',
    'e_ts = vᵀ tanh(W_q q_t + W_k k_s + w_c c_ts + b)   (coverage)',
  ],
  symbols: {
    v: ['A'],
    W_q: ['A', 'Q'],
    W_k: ['A', 'D'],
    w_c: ['A'],
    b: ['A'],
    q_t: ['Q'],
    k_s: ['D'],
  },
  source: {
    paper: 'Bahdanau et al. 2015, Neural Machine Translation by Jointly Learning to Align and Translate',
    equation: 'section A.1.2; a bias is added. With coverage: See et al. 2017, (11)',
    url: 'https://arxiv.org/abs/1409.0473',
  },
  options,
  parameters: ({ size }, { query, key, coverage }) => ({
    queryKernel: { shape: [query, size], init: { type: 'glorot' }, decay: true },
    keyKernel: { shape: [key, size], init: { type: 'glorot' }, decay: true },
    bias: { shape: [size], init: { type: 'zeros' }, decay: false },
    v: { shape: [size], init: { type: 'uniform', limit: Math.sqrt(3 / size) }, decay: true },
    ...(coverage === true ? { coverageKernel: { shape: [1, size], init: { type: 'glorot' }, decay: true } } : {}),
  }),
  takesCoverage: true,
  /** keys [B,S,D] -> W_k k + b, [B,S,A]. */
  prepare: (_, params, keys) => tf.add(denseSteps(keys, tensor<Tensor2D>(params, 'keyKernel')), tensor(params, 'bias')),
  /** query [B,Q], prepared keys [B,S,A], coverage [B,S] where used -> [B,S]. */
  score: (_, params, query, keys, coverage) => {
    const projected = tf.expandDims(tf.matMul(query, tensor<Tensor2D>(params, 'queryKernel')), 1)
    const sum = tf.add(keys, projected)
    const covered =
      coverage === undefined ? sum : tf.add(sum, tf.mul(tf.expandDims(coverage, 2), tensor(params, 'coverageKernel')))
    return tf.sum(tf.mul(tf.tanh(covered), tensor<Tensor1D>(params, 'v')), 2) as Tensor2D
  },
  fast: additiveFast,
}
