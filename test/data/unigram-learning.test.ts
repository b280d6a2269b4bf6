import { expect, test } from 'vitest'
import { learnUnigram } from '../../src/data/tokenizers/subwords/learn-unigram.js'
import { portableLog } from '../../src/data/tokenizers/subwords/logarithm.js'

const learn = (texts: readonly string[], vocabularySize?: number) => {
  const { pieces, scores } = learnUnigram(
    { byteFallback: false, ...(vocabularySize !== undefined && { vocabularySize }) },
    texts,
    'place',
  )
  return Object.fromEntries(pieces.map((piece, at) => [piece, scores?.[at]]))
}

test('logarithms are those of Math.log but for the last bits', () => {
  expect(portableLog(1)).toBe(0)
  for (let exponent = -300; exponent < 300; exponent += 7) {
    for (const mantissa of [1, 1.1, 1.41, 1.42, 1.5, 1.999]) {
      const x = mantissa * 2 ** exponent
      const exact = Math.log(x)
      expect(Math.abs(portableLog(x) - exact)).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(exact)))
    }
  }
})

test('two rounds of expectation maximisation, as one works them out by hand', () => {
  // Twice the word ▁a: the pieces ▁, a and ▁a are in it twice each, so that they begin with 1/3.
  // 1. ▁a as one piece: (1/3) / (1/3 + 1/9) = 3/4 of 2 words, 1.5; ▁ and a: 0.5 each. Weights count - 1/2 + 1/(24 count):
  //    1.027778, 0.083333, 0.083333; probabilities 0.860465, 0.069767, 0.069767.
  // 2. ▁a: 2 * 0.860465 / (0.860465 + 0.069767²) = 1.98875, weight 1.509701; ▁ and a are expected less than 0.5 times
  //    each, and stay with 0.001, since they are characters. ln(1.509701 / 1.511701) = -0.001324, ln(0.001 / 1.511701) = -7.320991.
  expect(learn(['a', 'a'])).toEqual({ a: -7.320991, '▁': -7.320991, '▁a': -0.001324 })
})

test('pieces that the texts miss least are pruned, characters never', () => {
  const texts = ['ab', 'ab', 'ab', 'ab', 'cd', 'cd']
  expect(Object.keys(learn(texts)).filter((piece) => piece.length > 1)).toEqual(['▁ab', '▁cd'])
  expect(Object.keys(learn(texts, 6))).toEqual(['a', 'b', 'c', 'd', '▁', '▁ab'])
  expect(Object.keys(learn(texts, 7)).slice(5)).toEqual(['▁ab', '▁cd'])
})
