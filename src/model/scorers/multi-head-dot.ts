import Type from 'typebox'
import { expandDims, matMul, mul, reshape, sum, transpose } from '../../core/ops.js'
import { sizeSchema } from '../../core/part.js'
import { times, units } from '../axes.js'
import { glorot } from '../parameters.js'
import { denseSteps, usual } from './shared.js'
import { defineScorer, scorer } from './types.js'

export const multiHeadDot = defineScorer({
  name: 'multi-head-dot',
  summary: 'Several scaled dot products, each on its own learned projection of query, keys and values.',
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
  options: Type.Object({
    heads: sizeSchema("Heads; they share the encoder's output size equally.", { default: 4 }),
  }),
  refuse: ({ heads }, { key, called = usual }) =>
    key.size % heads === 0 ? undefined : `${heads} heads cannot share ${called.key} ${key.size} equally`,
  build: ({ heads }, { query, key }) => {
    const size = key.size / heads
    const all = times(heads, units('d', size))
    return scorer({
      parameters: {
        queryKernel: glorot([query, all]),
        keyKernel: glorot([key, all]),
        valueKernel: glorot([key, all]),
      },
      /** keys [B,S,D] -> W_k k / √d, [B,S,D], heads side by side. */
      prepare: (p, keys) => mul(denseSteps(keys, p.keyKernel), Math.sqrt(1 / size)),
      /** values [B,S,D] -> W_v k, [B,S,D], heads side by side. */
      prepareValues: (p, values) => denseSteps(values, p.valueKernel),
      /** query [B,Q], prepared keys [B,S,D] -> [B,N,S]. */
      score: (p, query, keys) => {
        const [batch, steps] = keys.shape
        const products = mul(keys, expandDims(matMul(query, p.queryKernel), 1))
        const perHead = sum(reshape(products, [batch, steps, heads, size]), 3)
        return { scores: transpose(perHead, [0, 2, 1]), residuals: {} }
      },
    })
  },
})
