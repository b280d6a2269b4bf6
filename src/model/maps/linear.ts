import Type from 'typebox'
import { sizeSchema } from '../../core/part.js'
import { units } from '../axes.js'
import { dense, denseParameters } from './dense.js'
import { defineMap, vectorMap } from './types.js'

export const linear = defineMap({
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
  options: Type.Object({ size: sizeSchema('Size of the result.', { default: 128 }) }),
  build: ({ size }, input) => {
    const output = units('O', size)
    return vectorMap({ parameters: denseParameters(input, output), output, apply: dense })
  },
})
