import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openJournal } from '../../scripts/mutation/journal.js'
import { mutantsOf } from '../../scripts/mutation/mutants.js'
import { identify } from '../../scripts/mutation/report.js'
import { sampleOf } from '../../scripts/mutation/sample.js'
import { portionOf, settle } from '../../scripts/mutation/settle.js'
import { withScores } from '../../scripts/mutation/table.js'
import { changesOf, exits } from '../../scripts/mutation/work.js'

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
  expect(withScores(text(''), [{ ...record, every: 5, of: 5020 }])).toContain('| `src/data` | 1000 of 5020 | 99.6 %  |')
})

describe('what a process that has ended leaves', () => {
  const changes = [0, 1, 2, 3].map((id) => ({ id, path: 'a.ts', start: 0, end: 1, replacement: '' }))
  const [, second, third, fourth] = changes
  const seen = { id: 1, noticed: true }
  const doubted: ReadonlySet<number> = new Set()
  /** The first change is settled, the second answered since. */
  const ended = { settled: 1, pending: [seen], trying: false, checkEach: false, code: 0 }

  test('the change that it ends in the middle of is noticed, and the next process goes on after it', () => {
    const left = { answers: [seen, { id: 2, noticed: true }], left: [fourth], doubted }
    expect(settle(changes, doubted, { ...ended, trying: true, code: 1 })).toEqual(left)
    // A heap that is full ends a process by a signal.
    expect(settle(changes, doubted, { ...ended, trying: true, code: null })).toEqual(left)
  })

  test('a thread that ended with the last answer leaves the next change to another process', () => {
    expect(settle(changes, doubted, { ...ended, code: exits.spent })).toEqual({
      answers: [seen],
      left: [third, fourth],
      doubted,
    })
  })

  test('where the tests fail unchanged, what was answered since they passed is tried again, one by one', () => {
    const again = settle(changes, doubted, { ...ended, code: exits.stained })
    expect(again).toEqual({ answers: [], left: [second, third, fourth], doubted: new Set([1]) })
    expect(portionOf(again.left, again.doubted)).toEqual({ changes: [second], checkEach: true })
    expect(
      portionOf(
        [third, fourth].flatMap((each) => each ?? []),
        again.doubted,
      ),
    ).toEqual({ changes: [third, fourth], checkEach: false })
    // Now it is known which change leaves something: what it was answered itself holds.
    const alone = { ...ended, settled: 0, checkEach: true, code: exits.stained }
    expect(settle(again.left, again.doubted, alone)).toEqual({
      answers: [seen],
      left: [third, fourth],
      doubted: again.doubted,
    })
  })

  test('a process that ends while the tests run unchanged is followed by another, unless it was the first thing that it did', () => {
    expect(settle(changes, doubted, { ...ended, code: null })).toEqual({
      answers: [seen],
      left: [third, fourth],
      doubted,
    })
    expect(() => settle(changes, doubted, { ...ended, settled: 0, pending: [], code: null })).toThrow(
      'without any change',
    )
  })
})

test('a run that was stopped knows its answers, but for a torn line and files that changed since; a sample has every file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seqlab-mutation-test-'))
  try {
    const [a, b] = ['a.ts', 'b.ts'].map((name) => join(folder, name))
    writeFileSync(a ?? '', Array.from({ length: 40 }, (_, at) => `const x${at} = y < ${at}\n`).join(''))
    writeFileSync(b ?? '', 'export const c = a < 2\n')
    const all = () => changesOf([a ?? '', b ?? ''])
    // Of each line: `<=`, `>=` and the number.
    expect(all()).toHaveLength(3 * 41)
    const sample = sampleOf(all(), 10)
    expect(new Set(sample.map(({ path }) => path))).toEqual(new Set([a, b]))
    expect(sample.length).toBeGreaterThan(2)
    expect(sample.length).toBeLessThan(40)
    const answers = (goesOn: boolean) => {
      const journal = openJournal(folder, 'area', all(), goesOn)
      return [0, 1, 2, 120].map((id) => all()[id]).map((change) => change && journal.answerOf('first', change))
    }
    const journal = openJournal(folder, 'area', all(), false)
    for (const [id, noticed] of [
      [0, true],
      [1, false],
      [120, true],
    ] as const)
      journal.append('first', { id, noticed })
    appendFileSync(join(folder, 'area.jsonl'), '{"stage":"fir')
    expect(answers(true)).toEqual([true, false, undefined, true])
    journal.append('first', { id: 2, noticed: false })
    expect(answers(true)).toEqual([true, false, false, true])
    writeFileSync(b ?? '', `${readFileSync(b ?? '', 'utf8')}\n`)
    expect(answers(true)).toEqual([true, false, false, undefined])
    expect(answers(false)).toEqual([undefined, undefined, undefined, undefined])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
