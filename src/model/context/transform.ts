import Type, { type Static } from 'typebox'
import { MapChoice, maps } from '../maps/index.js'
import type { VectorMap } from '../maps/types.js'
import type { ContextFormer } from '../types.js'
import { lastState } from './last-state.js'

const options = Type.Object({ map: MapChoice })
type Options = Static<typeof options>

/** The last state through a learned map. Where it enters as the initial state, it replaces the copy of that state. */
export const transform: ContextFormer<typeof options, Options> = {
  name: 'transform',
  summary: "C is a learned map of the encoder's last real output.",
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
  options,
  needsLast: true,
  size: ({ map }, { outputs }) => mapOf(map).size(map, outputs),
  parameters: ({ map }, { outputs }) => mapOf(map).parameters(map, outputs),
  form: ({ map }, params, encoded) => ({
    vector: mapOf(map).apply(map, params, lastState.form({}, {}, encoded).vector),
  }),
}

function mapOf(choice: Options['map']): VectorMap {
  return maps.parts[choice.type]
}
