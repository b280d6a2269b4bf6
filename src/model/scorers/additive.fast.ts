import { type Tensor, type Tensor2D, type Tensor3D, tensor, tf } from '../../core/tf.js'
import type { Tree } from '../../core/tree.js'
import { productOverRows, through } from '../gradients/series.js'
import type { FastScorer } from '../gradients/types.js'

/**
 * e = U v, U = tanh(K + q W). With de summing to zero over S (softmax) and p = Σ_s de_s U_s²: dq = p (−W v)ᵀ, v along W's
 * columns, and over all steps dK = v ⊙ (Σ_t de_t − Σ_t de_t U_t²), dv = Σ de U, dW = −(Σ_t q_tᵀ p_t) v.
 */
export const additiveFast: FastScorer = {
  scoring: () => ['queryKernel', 'v'],
  score: (_, params, query, keys) => {
    const [batch, steps] = keys.shape
    const projected = tf.matMul(query, tensor<Tensor2D>(params, 'queryKernel'))
    const compared = tf.tanh(tf.add(keys, tf.expandDims(projected, 1))) as Tensor3D
    const v = tf.reshape(tensor(params, 'v'), [-1, 1]) as Tensor2D
    return { scores: tf.reshape(tf.matMul(flat(compared), v), [batch, steps]), kept: [compared] }
  },
  back: (_, params, __, [compared], gradient) => {
    const weighted = tf.matMul(tf.expandDims(gradient, 1) as Tensor3D, tf.square(compared as Tensor3D))
    const projected = tf.squeeze(weighted, [1]) as Tensor2D
    return {
      query: through(projected, timesMinusV(params, tensor<Tensor2D>(params, 'queryKernel'))),
      more: { projected },
    }
  },
  gradients: (_, params, __, steps, { query, more }) => {
    const v = tensor(params, 'v')
    const squares = tf.addN(steps.map(({ kept, gradient }) => scaled(tf.square(kept[0] as Tensor3D), gradient)))
    const total = tf.expandDims(tf.addN(steps.map(({ gradient }) => gradient)), 2)
    const perStep = steps.map(({ kept, gradient }) =>
      tf.matMul(tf.reshape(gradient, [1, -1]), flat(kept[0] as Tensor3D)),
    )
    return {
      keys: tf.mul(tf.sub(total, squares), v),
      params: [
        timesMinusV(params, productOverRows(query, more.projected as Tensor2D)),
        tf.reshape(tf.addN(perStep), v.shape),
      ],
    }
  },
}

/** Columns [..,A] times −v. */
function timesMinusV(params: Tree<Tensor>, columns: Tensor2D): Tensor2D {
  return tf.mul(columns, tf.neg(tensor(params, 'v')))
}

/** [B,S,A] -> [B*S,A]. */
function flat(x: Tensor3D): Tensor2D {
  return tf.reshape(x, [-1, x.shape[2]])
}

/** [B,S,A] times one number a place, [B,S]. */
function scaled(x: Tensor, places: Tensor2D): Tensor {
  return tf.mul(x, tf.expandDims(places, 2))
}
