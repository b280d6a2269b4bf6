import { expect, test } from 'vitest'
import { formatError, formatProblems } from '../../src/cli/text/errors.js'
import { colorsFor } from '../../src/cli/text/terminal.js'
import { toPlainError } from '../../src/core/errors.js'
import { dataError } from '../../src/data/data-error.js'

const plain = colorsFor({ write: () => {} })

test('what errors quote of specs and data reaches a terminal without control characters', () => {
  const place = { file: 'a\u001b[31m.csv', line: 1 }
  const error = dataError(place, 'there is no column "v"; did you mean `\0v`?', {
    expected: '\u0007bell',
    received: '\u009b2J',
    hint: 'rename it\nor \u007f',
  })
  const problems = formatProblems([...error.problems, { path: 'a\u0008', message: 'm' }], plain)
  for (const text of [formatError(toPlainError(error), plain), problems]) {
    expect(text).not.toMatch(/[^\P{Cc}\n]/u)
    expect(text).toContain('did you mean `\ufffdv`?')
    expect(text).toContain('rename it\nor \ufffd')
  }
  expect(problems).toContain('a\ufffd[31m.csv:1: data: ')
  expect(problems).toContain('expected \ufffdbell\n    received \ufffd2J\n')
})
