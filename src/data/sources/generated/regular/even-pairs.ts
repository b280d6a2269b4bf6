import { defineGenerator } from '../../../generating/define-generator.js'
import { regularSource } from './source.js'

export const evenPairs = defineGenerator({
  name: 'even-pairs',
  summary: 'Generated: whether the number of neighbours that differ (ab and ba) is even or odd.',
  equations: ['y = Σ_t [x_t ≠ x_{t+1}] mod 2'],
  source: regularSource,
  lengthOf: 'symbols',
  options: {},
  build: () => (random, length) => {
    const source = Array.from({ length }, () => (random.below(2) === 0 ? 'a' : 'b'))
    const count = source.filter((symbol, at) => at > 0 && symbol !== source[at - 1]).length
    return { source, target: count % 2 === 0 ? 'even' : 'odd' }
  },
})
