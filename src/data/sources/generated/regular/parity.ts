import { defineGenerator } from '../../../generating/define-generator.js'
import { regularSource } from './source.js'

export const parity = defineGenerator({
  name: 'parity',
  summary: 'Generated: whether the number of b in a text of a and b is even or odd.',
  equations: ['y = Σ_t [x_t = b] mod 2'],
  source: regularSource,
  lengthOf: 'symbols',
  options: {},
  build: () => (random, length) => {
    const source = Array.from({ length }, () => (random.below(2) === 0 ? 'a' : 'b'))
    const count = source.filter((symbol) => symbol === 'b').length
    return { source, target: count % 2 === 0 ? 'even' : 'odd' }
  },
})
