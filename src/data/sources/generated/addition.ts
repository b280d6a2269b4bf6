import Type from 'typebox'
import type { Random } from '../../../core/random.js'
import { defineGenerator } from '../../generating/define-generator.js'

export const addition = defineGenerator({
  name: 'addition',
  summary: 'Generated: the sum of two whole numbers, digit by digit: 5 3 5 + 6 1 is 5 9 6.',
  equations: ['y = digits(a + b)'],
  source: {
    paper: 'Zaremba & Sutskever 2014, Learning to Execute; the addition example of Keras',
    url: 'https://arxiv.org/abs/1410.4615',
  },
  lengthOf: 'digits of the longer number',
  options: {
    reverse: Type.Union([Type.Literal('none'), Type.Literal('source'), Type.Literal('target'), Type.Literal('both')], {
      default: 'none',
      description:
        'What is written from its end: the source (the whole line, as Keras does), the sum (its last digit first, as one adds by hand), or both.',
    }),
  },
  build:
    ({ reverse }) =>
    (random, length) => {
      const shorter = 1 + random.below(length)
      const [a, b] = random.shuffle([digits(random, length), digits(random, shorter)])
      const sum = `${BigInt(a ?? 0) + BigInt(b ?? 0)}`
      const [source, target] = [[...`${a}+${b}`], [...sum]]
      return {
        source: reverse === 'source' || reverse === 'both' ? source.toReversed() : source,
        target: reverse === 'target' || reverse === 'both' ? target.toReversed() : target,
      }
    },
})

/** A number of as many digits, the first of them not 0 (but for the number 0 itself). */
function digits(random: Random, length: number): string {
  const first = length === 1 ? random.below(10) : 1 + random.below(9)
  return [first, ...Array.from({ length: length - 1 }, () => random.below(10))].join('')
}
