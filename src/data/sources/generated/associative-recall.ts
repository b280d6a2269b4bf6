import { sizeSchema } from '../../../core/part.js'
import { sureLinks } from '../../alignment.js'
import { defineGenerator } from '../../generating/define-generator.js'

export const associativeRecall = defineGenerator({
  name: 'associative-recall',
  summary: 'Generated: pairs of key and value, then one of the keys; the target is its value: a 3 b 7 c 3 ? b is 7.',
  equations: ['x = k_1 v_1 ... k_n v_n ? k_i', 'y = v_i'],
  source: {
    paper:
      'Ba et al. 2016, Using Fast Weights to Attend to the Recent Past, section 4.1; Graves et al. 2014, section 4.3',
    url: 'https://arxiv.org/abs/1610.06258',
  },
  lengthOf: 'pairs of key and value',
  options: {
    keys: sizeSchema('Number of different keys (k0, k1, ...), each at most once in a source.', { default: 26 }),
    values: sizeSchema('Number of different values (0, 1, ...).', { default: 10 }),
  },
  problems: ({ keys }, _sides, longest) =>
    longest <= keys
      ? []
      : [
          {
            path: 'keys',
            message: 'a source has no key twice',
            expected: `at least ${longest}, the largest length`,
            received: `${keys}`,
          },
        ],
  build:
    ({ keys, values }) =>
    (random, length) => {
      const names = Array.from({ length: keys }, (_, key) => `k${key}`)
      const pairs = random
        .shuffle(names)
        .slice(0, length)
        .map((key) => [key, `${random.below(values)}`] as const)
      const asked = random.below(pairs.length)
      const [key, value] = pairs[asked] ?? ['', '']
      const source = [...pairs.flat(), '?', key]
      return { source, target: value, alignment: sureLinks([2 * asked + 1], source.length) }
    },
})
