import { sizeSchema } from '../../../core/part.js'
import { sureLinks } from '../../alignment.js'
import { defineGenerator } from '../../generating/define-generator.js'

/** What stands between the symbols to copy. */
const blank = '.'

export const selectiveCopying = defineGenerator({
  name: 'selective-copying',
  summary: 'Generated: symbols at random places among blanks; the target has the symbols alone, in their order.',
  equations: ['y = x without blanks'],
  source: {
    paper: 'Gu & Dao 2023, Mamba, section 3.1 (after Jing et al. 2019)',
    url: 'https://arxiv.org/abs/2312.00752',
  },
  lengthOf: 'steps, blanks included',
  options: {
    symbols: sizeSchema('Number of different symbols (0, 1, ...), the blank not counted.', { default: 16 }),
    keep: sizeSchema('Number of symbols to copy; fewer where an example is shorter.', { default: 16 }),
  },
  build:
    ({ symbols, keep }) =>
    (random, length) => {
      const steps = Array.from({ length }, (_, step) => step)
      const places = new Set(random.shuffle(steps).slice(0, keep))
      const kept = steps.filter((step) => places.has(step))
      const source = steps.map((step) => (places.has(step) ? `${random.below(symbols)}` : blank))
      return { source, target: kept.map((step) => source[step] ?? ''), alignment: sureLinks(kept, length) }
    },
})
