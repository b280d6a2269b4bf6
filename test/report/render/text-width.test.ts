import { describe, expect, it } from 'vitest'
import { lineCount, textWidth, truncate, wrapped } from '../../../src/report/render/charts/base/text-width.js'

// Names next to an axis: 7.2 pixels a character, 12 of East Asian ones.
const characters = (count: number) => count * 7.2 + 0.1

describe('a name that is wider than its room', () => {
  it('breaks where a word or an option ends, never before a comma', () => {
    expect(wrapped('untied(length=16, merge=mean)', characters(14), 8)).toBe('untied(\nlength=16,\nmerge=mean)')
    expect(wrapped('multi-head-dot(heads=4)', characters(15), 8)).toBe('multi-head-dot(\nheads=4)')
    expect(wrapped('location(maxLength=40)', characters(13), 8)).toBe('location(\nmaxLength=40)')
    expect(wrapped('multi-head-dot', characters(10), 8)).toBe('multi-\nhead-dot')
    expect(wrapped('dot', characters(13), 8)).toBe('dot')
  })

  it('breaks inside a word only where that alone is wider', () => {
    expect(wrapped('a bidirectional one', characters(6), 8)).toBe('a bidi\nrectio\nnal\none')
    expect(wrapped('双向编码器', 36.1, 8)).toBe('双向编\n码器')
  })

  it('has as many lines as are counted for it, none wider than the room', () => {
    const names = [
      'untied(length=16, merge=mean)',
      'multi-head-dot(heads=4)',
      'elman, bidirectional=true',
      'x'.repeat(40),
    ]
    for (const name of names)
      for (let room = 5; room < 30; room++) {
        const lines = wrapped(name, characters(room), 99).split('\n')
        expect(lines.length).toBe(lineCount([name], characters(room), 99))
        expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(characters(room))
        expect(lines.join('').replaceAll(' ', '')).toBe(name.replaceAll(' ', ''))
      }
  })

  it('ends with an ellipsis after the lines that it may have', () => {
    expect(wrapped('one two three four five', characters(9), 2)).toBe('one two\nthree f…')
    expect(truncate('eight characters', characters(6))).toBe('eigh…')
  })
})
