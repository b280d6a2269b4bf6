import { unclosedQuote } from '../../data/csv.js'
import { dataError } from '../../data/data-error.js'
import { isQuoteOpen } from '../../data/reading/open-quote.js'
import { type InputLine, longestLineBytes } from './read-lines.js'

interface Begun {
  readonly number: number
  readonly texts: string[]
  length: number
}

/**
 * Lines of a CSV file, those of one record as one (a cell in double quotes may hold line ends), with the number of the first. A
 * quote that is not closed is one problem, and so is a line that cannot be read while a quote is open: where that record ends,
 * and with it all that follows, nobody knows.
 */
export async function* csvLines(
  lines: AsyncIterable<InputLine>,
  separator: string,
  file: string,
): AsyncGenerator<InputLine> {
  let begun: Begun | undefined
  for await (const line of lines) {
    if ('problem' in line) {
      yield begun === undefined ? line : { ...line, stops: true }
      if (begun !== undefined) return
      continue
    }
    const isOpen = isQuoteOpen(line.text, separator, begun !== undefined)
    if (begun === undefined && !isOpen) {
      yield line
      continue
    }
    begun ??= { number: line.number, texts: [], length: 0 }
    begun.texts.push(line.text)
    begun.length += line.text.length + 1
    if (begun.length > longestLineBytes) {
      yield tooLong(begun, file)
      return
    }
    if (isOpen) continue
    yield { number: begun.number, text: begun.texts.join('\n') }
    begun = undefined
  }
  if (begun !== undefined) yield unclosed(begun, separator, file)
}

function unclosed({ number, texts: [first = ''] }: Begun, separator: string, file: string): InputLine {
  return { number, problem: unclosedQuote({ file, line: number }, first, separator), stops: true }
}

function tooLong({ number }: Begun, file: string): InputLine {
  const problem = dataError({ file, line: number }, 'the record is too long', {
    expected: `at most ${longestLineBytes} characters`,
    hint: 'is a double quote not closed? Inside a quoted cell, it is written twice: ""',
  })
  return { number, problem, stops: true }
}
