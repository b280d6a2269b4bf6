import type { Static } from 'typebox'
import { noOptions } from '../../core/part.js'
import { type Tensor2D, tensor, tf } from '../../core/tf.js'
import type { Cell } from '../types.js'

// Stands for minus infinity: e^(m₀ − m) is exactly 0 in float32, and 0 · m₀ (a masked step) stays a number.
const FAR_BELOW = -1e30

/** The softmax over all steps so far as a recurrence: numerator a, denominator c, and the largest score m. */
export const aaren: Cell<typeof noOptions, Static<typeof noOptions>> = {
  name: 'aaren',
  summary: 'Attention as a recurrence: a learned query attends to all steps so far, in constant memory.',
  equations: [
    's = q · (x W_k)',
    "m' = max(m, s)",
    "a' = e^(m − m') a + e^(s − m') x W_v",
    "c' = e^(m − m') c + e^(s − m')",
    "output = a' / c'",
  ],
  symbols: {
    q: ['H'],
    x: ['I'],
    W_k: ['I', 'H'],
    W_v: ['I', 'H'],
    a: ['H'],
    "a'": ['H'],
    output: ['H'],
  },
  source: {
    paper: 'Feng et al. 2024, Attention as an RNN',
    equation: 'section 3.1 (the recurrence for a, c, m) and 3.3 (a learned query in each layer); one head, no bias',
    url: 'https://arxiv.org/abs/2405.13956',
  },
  options: noOptions,
  parameters: (_, { input, hidden }) => ({
    query: { shape: [hidden], init: { type: 'uniform', limit: Math.sqrt(3 / hidden) }, decay: true },
    keyKernel: { shape: [input, hidden], init: { type: 'glorot' }, decay: true },
    valueKernel: { shape: [input, hidden], init: { type: 'glorot' }, decay: true },
  }),
  stateSizes: (_, { hidden }) => ({ a: hidden, c: 1, m: 1 }),
  initialState: { a: 0, c: 0, m: FAR_BELOW },
  /** x [B,I], a [B,H], c and m [B,1], all float32 -> output a' / c' [B,H]. */
  step: (_, params, x, state) => {
    const key = tf.matMul(x, tensor<Tensor2D>(params, 'keyKernel'))
    const score = tf.sum(tf.mul(key, tensor(params, 'query')), 1, true)
    const value = tf.matMul(x, tensor<Tensor2D>(params, 'valueKernel'))
    const before = tensor(state, 'm')
    const m = tf.maximum(before, score) as Tensor2D
    const kept = tf.exp(tf.sub(before, m))
    const added = tf.exp(tf.sub(score, m))
    const a = tf.add(tf.mul(kept, tensor(state, 'a')), tf.mul(added, value)) as Tensor2D
    const c = tf.add(tf.mul(kept, tensor(state, 'c')), added) as Tensor2D
    return { output: tf.div(a, c) as Tensor2D, state: { a, c, m } }
  },
  /** As if one step had been read whose value is the vector and whose score is 0. */
  stateFrom: (_, vector) => {
    const [batch] = vector.shape
    return { a: vector, c: tf.ones([batch, 1]), m: tf.zeros([batch, 1]) }
  },
}
