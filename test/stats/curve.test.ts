import { describe, expect, it } from 'vitest'
import { extremes, meanOver, sharedRange } from '../../src/stats/curve.js'

// 100 steps at (4 + 2)/2 = 3 and 200 steps at (2 + 1)/2 = 1.5 are an area of 600.
const curve = [
  [100, 4],
  [200, 2],
  [400, 1],
] as const

describe('meanOver', () => {
  it('is the area under the straight lines, divided by the span', () => {
    expect(meanOver(curve, 100, 400)).toBe(2)
    // Not the mean of the values, (4 + 2 + 1) / 3: points that lie close together weigh less.
  })

  it('begins and ends between points on their line', () => {
    // From (150, 3): 50 · 2.5 = 125; to (300, 1.5): 100 · 1.75 = 175; 300 / 150.
    expect(meanOver(curve, 150, 300)).toBe(2)
    // Within one piece: (3.5 + 2.5) / 2.
    expect(meanOver(curve, 125, 175)).toBe(3)
  })

  it('is the value where there is one step alone', () => {
    expect(meanOver(curve, 200, 200)).toBe(2)
    expect(meanOver([[7, 3]], 7, 7)).toBe(3)
  })

  it('reaches nowhere that the curve does not', () => {
    expect(() => meanOver(curve, 50, 200)).toThrow('The curve has no value at 50')
    expect(() => meanOver(curve, 200, 500)).toThrow('The curve has no value at 500')
    expect(() => meanOver([], 1, 1)).toThrow(RangeError)
  })
})

describe('sharedRange', () => {
  it('is where all curves have values', () => {
    const shorter = [
      [150, 1],
      [300, 1],
    ] as const
    expect(sharedRange([curve, shorter])).toEqual({ from: 150, to: 300 })
    expect(sharedRange([curve, [[400, 1]]])).toEqual({ from: 400, to: 400 })
    expect(sharedRange([curve, [[500, 1]]])).toBeUndefined()
    expect(sharedRange([curve, []])).toBeUndefined()
    expect(sharedRange([])).toBeUndefined()
  })
})

describe('extremes', () => {
  it('are the lowest and the highest point in their order, of equals the first', () => {
    expect(extremes([...curve, [500, 1], [600, 4]])).toEqual([
      [100, 4],
      [400, 1],
    ])
    expect(
      extremes([
        [1, 2],
        [2, 1],
        [3, 3],
      ]),
    ).toEqual([
      [2, 1],
      [3, 3],
    ])
  })

  it('are one point where all are equal, and none of none', () => {
    expect(
      extremes([
        [1, 2],
        [2, 2],
      ]),
    ).toEqual([[1, 2]])
    expect(extremes([])).toEqual([])
  })
})
