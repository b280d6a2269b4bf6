import Type from 'typebox'
import { sumAll } from '../../core/ops.js'
import { glorot, parameter, uniformVector, zeroBias } from '../parameters.js'
import { chainNats } from './chain-nats.js'
import { logitsOf } from './output-layer.js'
import { allowedTags } from './tag-constraints.js'
import { defineHead, head } from './types.js'

const options = Type.Object({
  constraints: Type.Union([Type.Literal('scheme'), Type.Literal('none')], {
    default: 'scheme',
    description:
      'Which transitions a prediction never has: those that the scheme of the training tags forbids (`scheme`: IOB1, IOB2, IOBES, BILOU or BMES, found by their prefixes as slot-f1 finds it; none where tags follow no scheme), or none. Probabilities are of all tag sequences either way.',
  }),
})

/** Transitions start uniform in ± this. */
const LIMIT = 0.1

export const crf = defineHead({
  name: 'crf',
  summary:
    'A linear-chain conditional random field: tags are chosen together, by scores of each tag and of each pair of neighbours (task tag).',
  equations: [
    'e_s = x_s W + b',
    'ψ(y) = a[y_1] + Σ_s e_s[y_s] + Σ_{s>1} A[y_{s−1}, y_s] + z[y_S]',
    'ln p(y | x) = ψ(y) − ln Σ_y′ exp ψ(y′)',
    'L = −ln p(y | x)',
    'ŷ = argmax_y ψ(y), by Viterbi; the n best by list Viterbi',
  ],
  symbols: { x_s: ['R'], e_s: ['V'], W: ['R', 'V'], b: ['V'], a: ['V'], A: ['V', 'V'], z: ['V'] },
  source: {
    paper: 'Lample et al. 2016, Neural Architectures for Named Entity Recognition',
    equation:
      'section 2.2; the sums over all sequences scaled as in Rabiner 1989, V.A; n best: Seshadri & Sundberg 1994',
    url: 'https://aclanthology.org/N16-1030/',
  },
  options,
  smooths: false,
  exactSearch: 'Viterbi',
  refuse: (_, { decoder, series }) => {
    if (decoder) return 'it chooses all labels together, and a decoder gives one symbol after another: use task: tag'
    return series ? undefined : 'it scores neighbouring labels, and here each label stands by itself: use softmax'
  },
  build: ({ constraints }, { input, symbols, names }) => {
    const allowed = constraints === 'scheme' && names !== undefined ? allowedTags(names) : undefined
    return head({
      parameters: {
        kernel: glorot([input, symbols]),
        bias: zeroBias(symbols),
        transitions: parameter([symbols, symbols], { type: 'uniform', limit: LIMIT }),
        start: uniformVector(symbols, LIMIT),
        end: uniformVector(symbols, LIMIT),
      },
      ...(allowed && { allowed }),
      loss: ({ kernel, bias, ...chain }, series, { ids }, { perExample }) => {
        const emissions = logitsOf({ kernel, bias, transposed: false }, series.readout)
        const nats = chainNats({ emissions, ...chain }, ids, series)
        const crossEntropy = sumAll(nats)
        return { objective: crossEntropy, crossEntropy, ...(perExample === true && { perExample: nats }) }
      },
      potentials: ({ kernel, bias, ...chain }, { readout }) => {
        return { emissions: logitsOf({ kernel, bias, transposed: false }, readout), ...chain }
      },
    })
  },
})
