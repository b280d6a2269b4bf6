import { describe, expect, test } from 'vitest'
import { thinnedCurve } from '../../../../src/report/analysis/trial/curves.js'
import type { CurvePoint } from '../../../../src/stats/curve.js'

const curve = (...values: readonly number[]) => values.map((value, at): CurvePoint => [at + 1, value])

describe("a trial's curve", () => {
  test('that is too long has of each window the lowest and the highest, and its first and last point alone besides', () => {
    // 12 points, 8 allowed: 8 / 2 - 1 = 3 windows of 4. Neither the first nor the last point is an extreme of its window.
    const points = curve(5, 4, 6, 5, 1, 2, 3, 2, 7, 9, 8, 8)
    expect(thinnedCurve(points, 8)).toEqual({
      window: 4,
      points: [
        [1, 5],
        [2, 4],
        [3, 6],
        [5, 1],
        [7, 3],
        [9, 7],
        [10, 9],
        [12, 8],
      ],
    })
  })

  test('has a last window of what is left', () => {
    // 13 points, 9 allowed: 4 pairs, one of them for the ends: 3 windows of ceil(13 / 3) = 5, of which the last has 3 points.
    const points = curve(1, 1, 1, 1, 2, 1, 1, 3, 1, 1, 1, 4, 1)
    expect(thinnedCurve(points, 9)).toEqual({
      window: 5,
      points: [
        [1, 1],
        [5, 2],
        [6, 1],
        [8, 3],
        [11, 1],
        [12, 4],
        [13, 1],
      ],
    })
  })

  test('is one window where there is room for hardly any point', () => {
    const points = curve(5, 9, 1, 5)
    for (const limit of [0, 1, 2, 3]) expect(thinnedCurve(points, limit)).toEqual({ window: 4, points })
  })

  test('is whole where it has just as many points as are allowed', () => {
    const points = curve(5, 5, 5, 5)
    expect(thinnedCurve(points, 4)).toEqual({ window: 1, points })
    expect(thinnedCurve([...points, [5, 5]], 4).points).toEqual([
      [1, 5],
      [5, 5],
    ])
  })
})
