import { sizeSchema } from '../../../../core/part.js'
import { defineGenerator } from '../../../generating/define-generator.js'
import { regularSource } from './source.js'

const moves = { stay: 0, forward: 1, back: -1 } as const

export const cycleNavigation = defineGenerator({
  name: 'cycle-navigation',
  summary: 'Generated: where on a circle one stands, from place 0 on, after steps forward, steps back and pauses.',
  equations: ['y = Σ_t step(x_t) mod n'],
  source: regularSource,
  lengthOf: 'moves',
  options: { places: sizeSchema('Places of the circle.', { default: 5 }) },
  build:
    ({ places }) =>
    (random, length) => {
      const names = ['stay', 'forward', 'back'] as const
      const source = Array.from({ length }, () => names[random.below(names.length)] ?? 'stay')
      const sum = source.reduce((total, name) => total + moves[name], 0)
      return { source, target: `${((sum % places) + places) % places}` }
    },
})
