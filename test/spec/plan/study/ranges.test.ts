import { expect, test } from 'vitest'
import { rangeProblems, widthProblems } from '../../../../src/spec/plan/study/ranges.js'

const hintOf = (metric: string, difference: number) => widthProblems('x', metric, difference)[0]?.hint

test('a difference is below the width of what its metric can be', () => {
  expect(widthProblems('x', 'smape', 1.99)).toEqual([])
  expect(widthProblems('x', 'smape', 2)).toEqual([
    {
      path: 'x',
      message: '2 is not below the width of what smape can be, 0 to 2',
      expected: 'below 2',
      received: '2',
    },
  ])
  // Nothing is too large without an end of the range.
  for (const metric of ['ser', 'perplexity', 'skill']) expect(widthProblems('x', metric, 1e9)).toEqual([])
})

test('what may be points is named in the metric itself, of those that are shares', () => {
  expect(hintOf('f1', 1)).toBeUndefined()
  expect(hintOf('f1', 1.5)).toBe("In the metric's own scale 1.5 points are 0.015.")
  expect(hintOf('f1', 99)).toBe("In the metric's own scale 99 points are 0.99.")
  // 100 points are as wide as the range themselves.
  expect(hintOf('f1', 100)).toBeUndefined()
  expect(hintOf('f1', 101)).toBeUndefined()
  expect(hintOf('bleu', 150)).toBeUndefined()
})

test('a value is one that its metric can have', () => {
  const expectedOf = (metric: string, value: number) => rangeProblems('x', metric, value)[0]?.expected
  expect(expectedOf('perplexity', 0.5)).toBe('1 or more')
  expect(expectedOf('skill', 1.5)).toBe('1 or less')
  expect(expectedOf('smape', 2.5)).toBe('0 to 2')
  for (const value of [-7, 0, 1]) expect(rangeProblems('x', 'skill', value)).toEqual([])
})
