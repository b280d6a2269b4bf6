import { defineGenerator } from '../../../generating/define-generator.js'
import { evenOrOdd } from './letters.js'
import { regularSource } from './source.js'

export const evenPairs = defineGenerator({
  name: 'even-pairs',
  summary: 'Generated: whether the number of neighbours that differ (ab and ba) is even or odd.',
  equations: ['y = Σ_t [x_t ≠ x_{t+1}] mod 2'],
  source: regularSource,
  ...evenOrOdd((letters) => letters.filter((letter, at) => at > 0 && letter !== letters[at - 1]).length),
})
