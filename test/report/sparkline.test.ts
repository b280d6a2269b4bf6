import { describe, expect, it } from 'vitest'
import { sparkline } from '../../src/report/render/sparkline.js'

describe('sparkline', () => {
  it('goes from the lowest to the highest, at most as wide as given', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█')
    expect(sparkline([0, 0, 7, 7], 2)).toBe('▁█')
    expect(sparkline([3, 3], 8)).toBe('▁▁')
    expect(sparkline([], 8)).toBe('')
    expect(sparkline([1e308, 1e308], 1)).toBe('▁')
  })

  it('keeps a peak, up or down, however many neighbours it has', () => {
    const flat = Array<number>(480).fill(1)
    expect(sparkline(flat.with(100, 8), 48)).toBe(`${'▁'.repeat(10)}█${'▁'.repeat(37)}`)
    expect(sparkline(flat.with(100, -6), 48)).toBe(`${'█'.repeat(10)}▁${'█'.repeat(37)}`)
  })
})
