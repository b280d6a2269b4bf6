import { expect, test } from 'vitest'
import { mutantsOf } from '../../scripts/mutation/mutants.js'
import { identify } from '../../scripts/mutation/report.js'
import { withScores } from '../../scripts/mutation/table.js'

const changed = (text: string) =>
  mutantsOf(text).map(({ start, end, replacement }) => text.slice(0, start) + replacement + text.slice(end))

test.each([
  ['a < b', ['a <= b', 'a >= b', ';']],
  ['x = a ?? 1', ['x = a && 1', 'x = a ?? 2', ';']],
  ['if (a) b()', ['if (true) b()', 'if (false) b()', 'if (a) ;']],
  ['const a = b.filter(c)', ['const a = b']],
  ['const a = Math.min(b, c)', ['const a = Math.max(b, c)']],
  ['const a = b.toString()', []],
  ["const a = 'b' + c", []],
  ['const a = { summary: [1], b: [c] }', ['const a = { summary: [1], b: [] }']],
])('%s', (text, others) => {
  expect(changed(text).toSorted()).toEqual(others.toSorted())
})

test('a change keeps its id where lines move, and has another one on another line, place or in another file', () => {
  const id = (text: string, at = text.indexOf('<'), file = 'a.ts') =>
    identify(file, text, { start: at, end: at + 1, replacement: '<=' }).id
  expect(id('x\n  a < b\n')).toBe(id('a < b\n'))
  const others = [id('a < c\n'), id('a < b\n', undefined, 'b.ts'), id('a < b < c', 6), id('a < b < c', 2)]
  expect(new Set([...others, id('a < b\n')]).size).toBe(5)
})

test('the table of scores goes between its marks', () => {
  const survivor = (reason: string | null) => ({ id: '', at: '', original: '', replacement: '', reason })
  const record = {
    ...{ area: 'data', date: '2026-11-28', mutants: 1000, noticed: 996, score: 0.996, files: {} },
    survivors: [survivor('equivalent: x'), survivor('equivalent: y'), survivor('left: z'), survivor(null)],
  }
  const text = (table: string) => `a\n<!-- scores: npm run test:mutation -->\n${table}<!-- /scores -->\nb\n`
  expect(withScores(text('old\n'), [record])).toBe(
    text(
      [
        ...['', '| Area       | Changes | Noticed | Equivalent | Left | Without a reason |'],
        '| ---------- | ------- | ------- | ---------- | ---- | ---------------- |',
        ...['| `src/data` | 1000    | 99.6 %  | 2          | 1    | 1                |', '', ''],
      ].join('\n'),
    ),
  )
  expect(() => withScores('a', [record])).toThrow('CONTRIBUTING.md lacks')
})
