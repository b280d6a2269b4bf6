import Type from 'typebox'
import { concat } from '../../core/ops.js'
import { sizeSchema } from '../../core/part.js'
import { renamed, times, units } from '../axes.js'
import { lstm } from '../cells/lstm.js'
import { runLayer } from '../encoder/layer.js'
import type { Direction } from '../encoder/types.js'
import { characterEmbedding, embeddingSize } from './embedding.js'
import { characterReader, defineCharacterReader } from './types.js'

const options = Type.Object({
  embedding: embeddingSize,
  hidden: sizeSchema("Size of the hidden state, of each direction; a word's vector is twice as long.", { default: 25 }),
})

export const bilstm = defineCharacterReader({
  name: 'bilstm',
  summary: "A bidirectional LSTM reads a word's characters; its two final states are the word's vector.",
  equations: [
    'e_i = W[c_i]',
    'f_i = LSTM(e_i, f_i−1), forwards',
    'b_i = LSTM(e_i, b_i+1), backwards',
    'x = [w; f_n; b_1], w the vector of the word',
  ],
  symbols: { e_i: ['I'], W: ['V', 'I'], f_i: ['H'], b_i: ['H'], x: ['E'] },
  source: {
    paper: 'Lample et al. 2016, Neural Architectures for Named Entity Recognition',
    equation: 'section 4.1',
    url: 'https://arxiv.org/abs/1603.01360',
  },
  options,
  build: ({ embedding, hidden }, side) => {
    const characters = characterEmbedding(embedding, side)
    const state = units('H', hidden)
    const cell = lstm.build({ forgetBias: 1 }, { input: characters.output, hidden: state })
    return characterReader({
      parameters: { embedding: characters.parameters, forward: cell.parameters, backward: cell.parameters },
      output: renamed(times(2, state), 'K'),
      read: (params, { ids, mask }) => {
        const xs = characters.embed(params.embedding, { ids, mask })
        const last = (direction: Direction) =>
          runLayer({ cell, params: params[direction], untied: false, xs, mask, direction, initial: undefined }).last
        return concat([last('forward'), last('backward')], 1)
      },
    })
  },
})
