import { describe, expect, it } from 'vitest'
import { seenSourcesText } from '../../src/report/analysis/seen-sources.js'

describe('seenSourcesText', () => {
  it('counts test sources that are in training too, and says nothing where none is', () => {
    const text = (seen: number, examples: number) => seenSourcesText({ split: 'test', seen, examples })
    expect(text(0, 100)).toBeUndefined()
    expect(text(12, 100)).toBe('12 of 100 test sources are also in training')
    expect(text(1, 2)).toBe('1 of 2 test sources is also in training')
    expect(text(30, 30)).toBe('All 30 test sources are also in training: nothing is held out')
    expect(text(1, 1)).toBe('The only test source is also in training: nothing is held out')
  })
})
