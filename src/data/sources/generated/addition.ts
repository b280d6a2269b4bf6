import Type from 'typebox'
import type { Random } from '../../../core/random.js'
import { type Link, possibleLinks } from '../../alignment.js'
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
      const [a = '', b = ''] = random.shuffle([digits(random, length), digits(random, shorter)])
      const [source, target] = [[...`${a}+${b}`], [...`${BigInt(a) + BigInt(b)}`]]
      const turned = {
        source: reverse === 'source' || reverse === 'both',
        target: reverse === 'target' || reverse === 'both',
      }
      const links = placeLinks(a.length, b.length, target.length).map(([from, to]): Link => {
        return [turned.source ? source.length - 1 - from : from, turned.target ? target.length - 1 - to : to]
      })
      return {
        source: turned.source ? source.toReversed() : source,
        target: turned.target ? target.toReversed() : target,
        alignment: possibleLinks(links, source.length, target.length),
      }
    },
})

/** Each digit of the sum with those of its own place; one that is carried beyond both numbers with their first. */
function placeLinks(a: number, b: number, sum: number): Link[] {
  return Array.from({ length: sum }, (_, to) => {
    const place = Math.min(sum - 1 - to, Math.max(a, b) - 1)
    return [place < a ? [a - 1 - place] : [], place < b ? [a + b - place] : []].flat().map((from): Link => [from, to])
  }).flat()
}

/** A number of as many digits, the first of them not 0 (but for the number 0 itself). */
function digits(random: Random, length: number): string {
  const first = length === 1 ? random.below(10) : 1 + random.below(9)
  return [first, ...Array.from({ length: length - 1 }, () => random.below(10))].join('')
}
