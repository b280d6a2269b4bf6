import { describe, expect, it } from 'vitest'
import { type Cell, table, widthOf } from '../../src/cli/text/table.js'
import { clipped, columnsOf, shortened } from '../../src/cli/text/width.js'

describe('columnsOf', () => {
  it.each([
    ['ascii', 5],
    ['机器学习', 8],
    ['ｆｕｌｌ', 8],
    ['한국어', 6],
    ['한', 2],
    ['e\u0301', 1],
    ['ก็', 1],
    ['\u200b', 0],
    ['👍', 2],
    ['👩‍👩‍👧', 2],
    ['❤️', 2],
    ['\u001b[31mred\u001b[39m', 3],
  ])('%j takes %i', (text, columns) => {
    expect(columnsOf(text)).toBe(columns)
  })
})

describe('shortened', () => {
  it.each([
    ['runs/attention-additive/3f2a', 11, 'runs/…/3f2a'],
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'ab…ef'],
    // A wide character that does not fit leaves a column free; it is not cut in two.
    ['机器学习模型', 6, '机…型'],
    ['e\u0301e\u0301e\u0301e\u0301', 3, 'e\u0301…e\u0301'],
    ['\u001b[31mabcdef\u001b[39m', 5, '\u001b[31mab…ef\u001b[39m'],
  ])('%j to %i columns', (text, width, short) => {
    expect(shortened(text, width)).toBe(short)
    expect(columnsOf(short)).toBeLessThanOrEqual(width)
  })
})

describe('clipped', () => {
  it('cuts the end, and never a colour code', () => {
    expect(clipped('\u001b[32mabc\u001b[39mdef', 5)).toBe('\u001b[32mabc\u001b[39md…')
    expect(clipped('\u001b[32mabcdef\u001b[39m', 4)).toBe('\u001b[32mabc\u001b[39m…')
    expect(clipped('机器学习', 6)).toBe('机器…')
  })
})

const rows: readonly (readonly Cell[])[] = [
  ['run', 'variant', 'seed', 'main metric (95 %)'],
  [{ text: 'runs/a-study-with-a-long-name/3f2a9e54450e85df' }, { text: 'additive' }, '1', 'per 8.8 % (8.1 to 9.5)'],
  [{ text: 'runs/机器翻译机器翻译/91bc' }, { text: 'général' }, '10', 'per 12.0 % (11.1 to 13.0)'],
]
const numbers = ['8.8 % (8.1 to 9.5)', '12.0 % (11.1 to 13.0)']
const shown = (width?: number) => table(rows, { head: true, width })

describe('a table', () => {
  it.each([40, 80, 200])('fits %i columns, and its numbers are whole', (width) => {
    const text = shown(width)
    for (const line of text.split('\n')) expect(columnsOf(line)).toBeLessThanOrEqual(width)
    for (const number of numbers) expect(text).toContain(number)
  })

  it('shortens the longest text alone', () => {
    expect(shown(80)).toBe(
      [
        'run                                     variant  seed         main metric (95 %)',
        'runs/a-study-with-…e/3f2a9e54450e85df  additive     1     per 8.8 % (8.1 to 9.5)',
        'runs/机器翻译机器翻译/91bc              général    10  per 12.0 % (11.1 to 13.0)',
      ].join('\n'),
    )
  })

  it('becomes a block of lines for each row where its numbers alone are too wide', () => {
    expect(shown(40)).toBe(
      [
        'runs/a-study-with-a-…me/3f2a9e54450e85df',
        '  variant             additive',
        '  seed                1',
        '  main metric (95 %)',
        '    per 8.8 % (8.1 to 9.5)',
        'runs/机器翻译机器翻译/91bc',
        '  variant             général',
        '  seed                10',
        '  main metric (95 %)',
        '    per 12.0 % (11.1 to 13.0)',
      ].join('\n'),
    )
  })

  it('has whole lines where there is no terminal', () => {
    expect(widthOf({ columns: 80, write: () => {} })).toBeUndefined()
    expect(widthOf({ isTTY: true, columns: 80, write: () => {} })).toBe(80)
    expect(shown()).toBe(shown(200))
    expect(shown()).toContain('runs/a-study-with-a-long-name/3f2a9e54450e85df')
  })
})
