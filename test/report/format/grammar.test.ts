import { describe, expect, it } from 'vitest'
import { metricTitle } from '../../../src/report/analysis/metrics.js'
import { agree, article, capitalised, counted, listed, withArticle } from '../../../src/report/format/grammar.js'

describe('article', () => {
  it('follows the sound, not the letter', () => {
    const words = ['accuracy', 'exact-match', 'perplexity', 'unigram', 'one', 'hour', 'honest reader', 'cross-entropy']
    expect(words.map(article)).toEqual(['an', 'an', 'a', 'a', 'a', 'an', 'an', 'a'])
  })

  it('spells abbreviations out, unless they are spoken as words', () => {
    const names = ['mae', 'rmse', 'mase', 'ser', 'per', 'wer', 'cer', 'bleu', 'slot-f1', 'macro-f1']
    expect(names.map(metricTitle).map(withArticle)).toEqual([
      'an MAE',
      'an RMSE',
      'a MASE',
      'an SER',
      'a PER',
      'a WER',
      'a CER',
      'a BLEU',
      'a slot-f1',
      'a macro-f1',
    ])
    expect(article('F1')).toBe('an')
    expect(withArticle('f1 (average: micro)')).toBe('an f1 (average: micro)')
    expect(article('p5')).toBe('a')
  })
})

describe('number', () => {
  it('is singular for one alone', () => {
    expect([0, 1, 2, 1200].map((number) => counted(number, 'seed'))).toEqual([
      '0 seeds',
      '1 seed',
      '2 seeds',
      '1,200 seeds',
    ])
    expect(counted(2, 'analysis', 'analyses')).toBe('2 analyses')
    expect([1, 2].map((number) => agree(number, 'has', 'have'))).toEqual(['has', 'have'])
  })
})

describe('listed and capitalised', () => {
  it('join with commas and one "and", and begin a sentence', () => {
    expect(listed(['a=1, b=2', 'a=2, b=1'])).toBe('a=1, b=2; and a=2, b=1')
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed)).toEqual(['', 'a', 'a and b', 'a, b and c'])
    expect(capitalised('lower is better')).toBe('Lower is better')
  })
})
