import { defineGenerator } from '../../../generating/define-generator.js'
import { evenOrOdd } from './letters.js'
import { regularSource } from './source.js'

export const parity = defineGenerator({
  name: 'parity',
  summary: 'Generated: whether the number of b in a text of a and b is even or odd.',
  equations: ['y = Σ_t [x_t = b] mod 2'],
  source: regularSource,
  ...evenOrOdd((letters) => letters.filter((letter) => letter === 'b').length),
})
