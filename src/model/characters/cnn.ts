import Type from 'typebox'
import { add, addN, expandDims, matMul, mul, pad, reshape, slice, split, tanh } from '../../core/ops.js'
import { sizeSchema } from '../../core/part.js'
import type { Tensor2D, Tensor3D } from '../../core/tf.js'
import { times, units } from '../axes.js'
import { paddingBias } from '../masks.js'
import { glorot, zeroBias } from '../parameters.js'
import { characterEmbedding, embeddingSize } from './embedding.js'
import { maxOverTime } from './max-over-time.js'
import { characterReader, defineCharacterReader } from './types.js'

const options = Type.Object({
  embedding: embeddingSize,
  filters: sizeSchema("Number of filters: the size of a word's vector.", { default: 30 }),
  width: Type.Integer({
    minimum: 1,
    maximum: 16,
    default: 3,
    description: 'Characters that a filter sees at once; beyond the ends of a word it sees zeros.',
  }),
})

export const cnn = defineCharacterReader({
  name: 'cnn',
  summary: "Filters over each window of a word's characters, and of each filter its largest value in the word.",
  equations: [
    'e_i = W[c_i]',
    'y_i = Σ_k e_i+k−h U_k, k = 0..width − 1, h = ⌊(width − 1) / 2⌋',
    'm = tanh(max_i y_i + b)',
    'x = [w; m], w the vector of the word',
  ],
  symbols: { e_i: ['I'], W: ['V', 'I'], U_k: ['I', 'K'], y_i: ['K'], m: ['K'], b: ['K'], x: ['E'] },
  source: {
    paper: 'Ma & Hovy 2016, End-to-end Sequence Labeling via Bi-directional LSTM-CNNs-CRF',
    equation: 'section 2.1; the largest value before tanh, which is the same as after it',
    url: 'https://arxiv.org/abs/1603.01354',
  },
  options,
  build: ({ embedding, filters, width }, side) => {
    const characters = characterEmbedding(embedding, side)
    const output = units('K', filters)
    return characterReader({
      parameters: {
        embedding: characters.parameters,
        kernel: glorot([characters.output, times(width, output)], { blocks: width }),
        bias: zeroBias(output),
      },
      output,
      read: (params, { ids, mask }) => {
        const embedded = characters.embed(params.embedding, { ids, mask })
        const windows = filtered(embedded, mask, params.kernel, width)
        const real = add(windows, expandDims(paddingBias(mask), 2))
        return tanh(add(maxOverTime(real), params.bias))
      },
    })
  },
})

/** Σ_k of each character's product with U_k, k − h characters further on: embedded [N,C,I], kernel [I,width·K] -> [N,C,K]. */
function filtered(embedded: Tensor3D, mask: Tensor2D, kernel: Tensor2D, width: number): Tensor3D {
  const [words, places, input] = embedded.shape
  const size = kernel.shape[1] / width
  const products = matMul(reshape(embedded, [words * places, input]), kernel)
  const masked = mul(reshape(products, [words, places, width * size]), expandDims(mask, 2))
  const before = Math.floor((width - 1) / 2)
  // TF.js's gradient of split fails where there is only one piece.
  const parts = width === 1 ? [masked] : split(masked, width, 2)
  const shifted = parts.map((part, k) => {
    const around = pad(part, [
      [0, 0],
      [before, width - 1 - before],
      [0, 0],
    ])
    return slice(around, [0, k, 0], [words, places, size])
  })
  return addN(shifted)
}
