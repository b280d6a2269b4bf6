import { expect, test } from 'vitest'
import { curvesOf } from '../../../../src/report/analysis/comparison/lines.js'
import type { MetricsLine } from '../../../../src/train/types.js'

const train = (step: number, tokens?: number): MetricsLine => ({
  ...{ kind: 'train', step, epoch: 0, loss: 1, gradientNorm: 1, learningRate: 0.1 },
  ...(tokens !== undefined && { tokens }),
})

test('a trial was trained on the tokens of all its steps, where that was recorded', () => {
  expect(curvesOf([train(10, 5), train(20, 7), train(30, 9)]).tokens).toBe(5 + 7 + 9)
  expect(curvesOf([train(10, 5)]).tokens).toBe(5)
  expect('tokens' in curvesOf([train(10, 5), train(20)])).toBe(false)
  expect('tokens' in curvesOf([])).toBe(false)
})
