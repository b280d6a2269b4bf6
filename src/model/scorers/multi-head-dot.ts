import Type, { type Static } from 'typebox'
import { sizeSchema } from '../../core/part.js'
import { type Tensor2D, type Tensor3D, tensor, tf } from '../../core/tf.js'
import type { ParameterSpec, Scorer } from '../types.js'
import { denseSteps } from './shared.js'

const options = Type.Object({
  heads: sizeSchema("Heads; they share the encoder's output size equally.", { default: 4 }),
})

export const multiHeadDot: Scorer<typeof options, Static<typeof options>> = {
  name: 'multi-head-dot',
  summary: 'Several scaled dots, each on its own learned part of query, keys and values.',
  equations: [
    'e_tsn = (W_q,n q_t)ᵀ (W_k,n k_s) / √d, d = D / N',
    'C_t = [Σ_s α_ts1 W_v,1 k_s; ...; Σ_s α_tsN W_v,N k_s]',
  ],
  symbols: {
    'W_q,n': ['d', 'Q'],
    'W_k,n': ['d', 'D'],
    'W_v,1': ['d', 'D'],
    'W_v,N': ['d', 'D'],
    q_t: ['Q'],
    k_s: ['D'],
    C_t: ['D'],
  },
  source: {
    paper: 'Vaswani et al. 2017, Attention Is All You Need',
    equation: 'section 3.2.2; no output matrix W_O, since C enters a matrix product anyway',
    url: 'https://arxiv.org/abs/1706.03762',
  },
  options,
  parameters: (_, { query, key }) => ({
    queryKernel: square(query, key),
    keyKernel: square(key, key),
    valueKernel: square(key, key),
  }),
  refuse: ({ heads }, { key }) =>
    key % heads === 0 ? undefined : `${heads} heads cannot share the encoder's output size ${key} equally`,
  /** keys [B,S,D] -> W_k k / √d, [B,S,D], heads side by side. */
  prepare: ({ heads }, params, keys) => {
    const scale = Math.sqrt(heads / keys.shape[2])
    return tf.mul(denseSteps(keys, tensor<Tensor2D>(params, 'keyKernel')), scale)
  },
  /** values [B,S,D] -> W_v k, [B,S,D], heads side by side. */
  prepareValues: (_, params, values) => denseSteps(values, tensor<Tensor2D>(params, 'valueKernel')),
  /** query [B,Q], prepared keys [B,S,D] -> [B,N,S]. */
  score: ({ heads }, params, query, keys) => {
    const [batch, steps, size] = keys.shape
    const projected = tf.expandDims(tf.matMul(query, tensor<Tensor2D>(params, 'queryKernel')), 1)
    const products = tf.reshape(tf.mul(keys, projected), [batch, steps, heads, size / heads])
    return tf.transpose(tf.sum(products, 3), [0, 2, 1]) as Tensor3D
  },
}

function square(rows: number, columns: number): ParameterSpec {
  return { shape: [rows, columns], init: { type: 'glorot' }, decay: true }
}
