import Type, { type Static } from 'typebox'
import { sizeSchema } from '../../core/part.js'
import { dense, denseParameters } from './dense.js'
import type { VectorMap } from './types.js'

const options = Type.Object({ size: sizeSchema('Size of the result.', { default: 128 }) })

export const linear: VectorMap<typeof options, Static<typeof options>> = {
  name: 'linear',
  summary: 'A linear map with a bias.',
  equations: ['y = x W + b'],
  symbols: {
    x: ['I'],
    y: ['O'],
    W: ['I', 'O'],
    b: ['O'],
  },
  source: { paper: 'Standard practice' },
  options,
  size: ({ size }) => size,
  parameters: ({ size }, input) => denseParameters(input, size),
  apply: (_, params, x) => dense(params, x),
}
