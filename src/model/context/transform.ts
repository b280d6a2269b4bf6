import Type from 'typebox'
import { MapChoice, maps } from '../maps/index.js'
import { lastOf } from './last-state.js'
import { context, defineContext } from './types.js'

/** A learned map of the last state. Where it enters as the initial state, it replaces the copy of that state. */
export const transform = defineContext({
  name: 'transform',
  summary: "C is a learned map of the encoder's last output (before padding).",
  equations: ['C = f(h_S)'],
  symbols: {
    C: ['C'],
    h_S: ['D'],
  },
  source: {
    paper: 'Cho et al. 2014, Learning Phrase Representations using RNN Encoder-Decoder',
    equation: 'appendix A.1.1 (with the map tanh)',
    url: 'https://arxiv.org/abs/1406.1078',
  },
  options: Type.Object({ map: MapChoice }),
  needsLast: true,
  build: (options, { outputs }) => {
    const map = maps.build(options.map, outputs)
    const { parameters, output } = map
    return context({ parameters, output, form: (p, encoded) => map.apply(p, lastOf(encoded)) })
  },
})
