import Type from 'typebox'
import { add, addN, expandDims, matMul, mul, neg, reshape, square, squeeze, sub, tanh } from '../../core/ops.js'
import { sizeSchema } from '../../core/part.js'
import type { Tensor1D, Tensor2D, Tensor3D } from '../../core/tf.js'
import { units } from '../axes.js'
import { backpropInput, productOverRows } from '../gradients/series.js'
import { glorot, uniformVector, zeroBias } from '../parameters.js'
import { denseSteps } from './shared.js'
import { defineScorer, type ScorerSteps, scorer } from './types.js'

export const additive = defineScorer({
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
  options: Type.Object({
    size: sizeSchema('Size of the hidden layer that compares query and key.', { default: 128 }),
  }),
  build: ({ size }, { query, key, coverage }) => {
    const compared = units('A', size)
    const parameters = {
      queryKernel: glorot([query, compared]),
      keyKernel: glorot([key, compared]),
      bias: zeroBias(compared),
      v: uniformVector(compared, Math.sqrt(3 / size)),
    }
    /** keys [B,S,D] -> W_k k + b, [B,S,A]. */
    const prepare = (p: Pick<Parameters, 'keyKernel' | 'bias'>, keys: Tensor3D) =>
      add(denseSteps(keys, p.keyKernel), p.bias)
    if (!coverage) return scorer({ parameters, prepare, score: (p, ...at) => scoreSum(p, summed(p, ...at)), backward })
    return scorer({
      parameters: { ...parameters, coverageKernel: glorot([units('1', 1), compared]) },
      prepare,
      score: (p, ...at) => scoreSum(p, summed(p, ...at)),
      scoreCovered: (p, query, keys, covered) =>
        scoreSum(p, add(summed(p, query, keys), mul(expandDims(covered, 2), p.coverageKernel))),
    })
  },
})

interface Parameters {
  readonly queryKernel: Tensor2D
  readonly keyKernel: Tensor2D
  readonly bias: Tensor1D
  readonly v: Tensor1D
}
type Used = Pick<Parameters, 'queryKernel' | 'v'>

/** W_q q + (W_k k + b): query [B,Q], prepared keys [B,S,A] -> [B,S,A]. */
function summed({ queryKernel }: Used, query: Tensor2D, keys: Tensor3D): Tensor3D {
  return add(keys, expandDims(matMul(query, queryKernel), 1))
}

/** vᵀ tanh(x): [B,S,A] -> [B,S]. */
function scoreSum({ v }: Used, x: Tensor3D) {
  const [batch, steps] = x.shape
  const compared = tanh(x)
  return {
    scores: reshape(matMul(flat(compared), reshape(v, [-1, 1])), [batch, steps]),
    residuals: { compared },
  }
}

type Residuals = {
  /** U = tanh(..), [B,S,A]. */
  readonly compared: Tensor3D
}
type Extras = {
  /** p = Σ_s de_s U_s², [B,A]. */
  readonly projected: Tensor2D
}

/**
 * e = U v, U = tanh(K + q W). With de summing to zero over S and p = Σ_s de_s U_s²: dq = p (−W v)ᵀ, v along W's columns, and
 * over all steps dK = v ⊙ (Σ_t de_t − Σ_t de_t U_t²), dv = Σ de U, dW = −(Σ_t q_tᵀ p_t) v.
 */
const backward = {
  uses: ['queryKernel', 'v'] as const,
  step: (p: Used, _: Tensor3D, { compared }: Residuals, gradient: Tensor2D) => {
    const projected = squeeze(matMul(expandDims(gradient, 1), square(compared)), 1)
    return { query: backpropInput(projected, timesMinusV(p, p.queryKernel)), extras: { projected } }
  },
  parameters: (p: Used, { steps, queries, extras }: ScorerSteps<Residuals, Extras>) => {
    const squares = addN(steps.map(({ residuals, gradient }) => scaled(square(residuals.compared), gradient)))
    const total = expandDims(addN(steps.map(({ gradient }) => gradient)), 2)
    const perStep = steps.map(({ residuals, gradient }) => matMul(reshape(gradient, [1, -1]), flat(residuals.compared)))
    return {
      keys: mul(sub(total, squares), p.v),
      params: {
        queryKernel: timesMinusV(p, productOverRows(queries, extras.projected)),
        v: reshape(addN(perStep), p.v.shape),
      },
    }
  },
}

/** Columns [..,A] times −v. */
function timesMinusV({ v }: Used, columns: Tensor2D): Tensor2D {
  return mul(columns, neg(v))
}

/** [B,S,A] -> [B*S,A]. */
function flat(x: Tensor3D): Tensor2D {
  return reshape(x, [-1, x.shape[2]])
}

/** [B,S,A] times one number a place, [B,S]. */
function scaled(x: Tensor3D, places: Tensor2D): Tensor3D {
  return mul(x, expandDims(places, 2))
}
