import { add, concat, div, exp, matMul, maximum, mul, ones, splitSizes, sub, sum, zeros } from '../../core/ops.js'
import { noOptions } from '../../core/part.js'
import { units } from '../axes.js'
import { glorot, uniformVector } from '../parameters.js'
import { cell, defineCell } from './types.js'

// In the place of minus infinity: e^(m₀ − m) is exactly 0 in float32, and 0 · m₀ (a masked step) stays a number.
const FAR_BELOW = -1e30

/** The softmax over all steps so far as a recurrence: numerator a, denominator c, and the largest score m. */
export const aaren = defineCell({
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
  build: (_, { input, hidden }) =>
    cell({
      parameters: {
        query: uniformVector(hidden, Math.sqrt(3 / hidden.size)),
        keyKernel: glorot([input, hidden]),
        valueKernel: glorot([input, hidden]),
      },
      state: { a: hidden, c: units('1', 1), m: units('1', 1) },
      initialState: { m: FAR_BELOW },
      /** The score s [N,1] and the value x W_v [N,H], side by side. */
      project: (p, x) => {
        const score = sum(mul(matMul(x, p.keyKernel), p.query), 1, true)
        return concat([score, matMul(x, p.valueKernel)], 1)
      },
      /** a [B,H], c and m [B,1]. */
      step: (_, projected, { a, c, m }) => {
        const [score, value] = splitSizes(projected, [1, hidden.size], 1)
        const largest = maximum(m, score)
        const before = exp(sub(m, largest))
        const added = exp(sub(score, largest))
        const numerator = add(mul(a, before), mul(value, added))
        const denominator = add(mul(c, before), added)
        const state = { a: numerator, c: denominator, m: largest }
        return { output: div(numerator, denominator), state, residuals: {} }
      },
      /** As if one step had been read whose value is the vector and whose score is 0. */
      stateFrom: (vector) => ({ a: vector, c: ones([vector.shape[0], 1]), m: zeros([vector.shape[0], 1]) }),
    }),
})
