import {
  cell,
  defineCell,
  defineMetric,
  defineScorer,
  glorot,
  noOptions,
  ops,
  orthogonal,
  scorer,
  Type,
  undefinedBecause,
  zeroBias,
} from 'seqlab'
import { share } from './share.js'

const { add, expandDims, matMul, mul, squeeze, tanh } = ops

/** A bilinear product, divided. */
export const scaledGeneral = defineScorer({
  name: 'scaled-general',
  summary: 'A bilinear product divided by a temperature.',
  equations: ['e_ts = q_tᵀ W k_s / τ'],
  symbols: { W: ['Q', 'D'], q_t: ['Q'], k_s: ['D'] },
  source: { paper: 'test/own' },
  options: Type.Object({ temperature: Type.Number({ exclusiveMinimum: 0, default: 2, description: 'τ.' }) }),
  build: ({ temperature }, { query, key }) =>
    scorer({
      parameters: { kernel: glorot([query, key]) },
      score: (p, q, keys) => {
        const asked = expandDims(matMul(q, p.kernel), 2)
        return { scores: mul(squeeze(matMul(keys, asked), 2), 1 / temperature), residuals: {} }
      },
    }),
})

/** h' = (1 - z) h + z tanh(x W + b), one gate. */
export const leaky = defineCell({
  name: 'leaky',
  summary: 'A leaky integrator.',
  equations: ["h' = (1 − α) h + α tanh(x W + h U + b)"],
  symbols: { x: ['I'], h: ['H'], "h'": ['H'], W: ['I', 'H'], U: ['H', 'H'], b: ['H'] },
  source: { paper: 'Jaeger 2001' },
  options: Type.Object({
    alpha: Type.Number({ minimum: 0, maximum: 1, default: 0.5, description: 'α, the leaking rate.' }),
  }),
  build: ({ alpha }, { input, hidden }) =>
    cell({
      parameters: {
        kernel: glorot([input, hidden]),
        recurrentKernel: orthogonal([hidden, hidden]),
        bias: zeroBias(hidden),
      },
      state: { h: hidden },
      project: (p, x) => add(matMul(x, p.kernel), p.bias),
      step: (p, projected, { h }) => {
        const next = add(mul(h, 1 - alpha), mul(tanh(add(matMul(h, p.recurrentKernel), projected)), alpha))
        return { output: next, state: { h: next }, residuals: {} }
      },
    }),
})

export const firstRight = defineMetric({
  name: 'first-right',
  summary: 'Share of outputs whose first token is right.',
  equations: [],
  source: { paper: 'test/own' },
  options: noOptions,
  range: [0, 1],
  better: 'higher',
  unit: 'percent',
  tasks: ['transduce', 'generate'],
  build: () => ({
    statistics: ({ references, hypothesis }) => [references.some(([first]) => first === hypothesis[0]) ? 1 : 0, 1],
    value: ([right = 0, all = 0]) => share(right, all) ?? undefinedBecause('there are no examples'),
    isShare: true,
  }),
})
