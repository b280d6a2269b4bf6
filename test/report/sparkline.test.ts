import { describe, expect, it } from 'vitest'
import { sparkline } from '../../src/report/render/sparkline.js'

describe('sparkline', () => {
  it('goes from the lowest to the highest, averaged to its width', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█')
    expect(sparkline([0, 0, 7, 7], 2)).toBe('▁█')
    expect(sparkline([3, 3], 8)).toBe('▁▁')
    expect(sparkline([], 8)).toBe('')
  })
})
