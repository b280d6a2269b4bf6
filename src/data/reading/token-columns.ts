import { dataError } from '../data-error.js'
import type { RawExample } from '../sources/types.js'

/** A line of a file with a token a line; without columns it is blank. */
interface Line {
  readonly number: number
  readonly text: string
  readonly columns: readonly string[]
}

/** Columns from 1: without a choice the first has the tokens, and the last the tags. */
export interface TokenColumns {
  readonly tokenColumn?: number
  readonly tagColumn?: number
  /** By name. */
  readonly factors?: Readonly<Record<string, number>>
}

/**
 * Sentences of a file with a token and its tag a line (CoNLL): blocks between blank lines, the tag in the last column or a
 * chosen one.
 * Columns are separated by tabs in a line that has tabs (tokens may then have spaces in them), else by spaces; every line
 * has as many. A line that begins with `#` and has another number of columns is a comment, and `-DOCSTART-` begins a
 * document: both are left out and counted. Throws SeqlabError 'data' with file and line.
 */
export function taggedSentences(lines: readonly string[], path: string, chosen: TokenColumns = {}): RawExample[] {
  const read = lines.map((text, index): Line => ({ number: index + 1, text, columns: columnsOf(text) }))
  const tabs = read.some(({ columns, text }) => columns.length > 1 && text.includes('\t'))
  const width = widthOf(read)
  const kinds = read.map((line) => kindOf(line, width, tabs))
  const tokens = read.filter((_, index) => kinds[index] === 'token')
  refuseNumbered(read, tokens, path, chosen)
  const places = placesOf(chosen, width, tokens[0], path)
  const examples: RawExample[] = []
  let sentence: Line[] = []
  const close = () => {
    if (sentence.length > 0) examples.push(exampleOf(sentence, path, places))
    sentence = []
  }
  for (const [index, line] of read.entries()) {
    const kind = kinds[index]
    if (kind === 'token') sentence.push(checked(line, width, path, places))
    else if (kind !== 'comment') close()
    if (kind === 'comment') examples.push(leftOut('comment line', line, path))
    if (kind === 'document') examples.push(leftOut('-DOCSTART- line', line, path))
  }
  close()
  return examples
}

/**
 * The tokens of one sentence's lines with their factors; the column of tags need not be there. Undefined where no line has a token.
 * Throws SeqlabError 'data' with file and line.
 */
export function sentenceTokens(
  texts: readonly string[],
  { file, line: first }: { readonly file: string; readonly line: number },
  { tokenColumn = 1, factors }: TokenColumns,
): (Pick<RawExample, 'factors'> & { readonly source: readonly string[] }) | undefined {
  const lines = texts.map((text, index): Line => ({ number: first + index, text, columns: columnsOf(text) }))
  const filled = lines.filter(({ columns }) => columns.length > 0 && columns[0] !== '-DOCSTART-')
  const { length: width } = (filled.find(({ text }) => !text.startsWith('#')) ?? filled[0])?.columns ?? []
  const sentence = filled.filter(({ text, columns }) => !text.startsWith('#') || columns.length === width)
  if (sentence.length === 0) return undefined
  const places = placesOf(
    { tokenColumn, tagColumn: tokenColumn, ...(factors && { factors }) },
    width,
    sentence[0],
    file,
  )
  for (const { columns, number, text } of sentence) {
    if (columns.length === width) continue
    throw dataError({ file, line: number }, 'the line has a wrong number of columns', {
      expected: `${width}, as the sentence's first line has`,
      received: `${columns.length} in ${JSON.stringify(text.slice(0, 60))}`,
    })
  }
  const { source, factors: read } = exampleOf(sentence, file, places)
  return { source: [source].flat(), ...(read && { factors: read }) }
}

/** Cells without the spaces around them; a token that is nothing but spaces stays. */
function columnsOf(text: string): readonly string[] {
  if (/^[ \t]*$/.test(text)) return []
  if (!text.includes('\t')) {
    const cells = text.split(' ')
    return cells.includes('') ? cells.filter((cell) => cell !== '') : cells
  }
  return text.split('\t').map((cell) => cell.replace(/^ +| +$/g, '') || cell)
}

/** Of token, tag and factors, from 0. */
interface Places {
  readonly token: number
  readonly tag: number
  readonly factors?: Readonly<Record<string, number>>
}

function placesOf(
  { tokenColumn = 1, tagColumn, factors }: TokenColumns,
  width: number,
  first: Line | undefined,
  path: string,
): Places {
  const most = Math.max(tokenColumn, tagColumn ?? 1, ...Object.values(factors ?? {}))
  if (most <= width) {
    const fromZero = Object.entries(factors ?? {}).map(([name, column]) => [name, column - 1] as const)
    const places = { token: tokenColumn - 1, tag: (tagColumn ?? width) - 1 }
    return factors === undefined ? places : { ...places, factors: Object.fromEntries(fromZero) }
  }
  throw dataError({ file: path, line: first?.number ?? 1 }, 'the lines have too few columns', {
    expected: `at least ${most}`,
    received: `${width}`,
  })
}

type Kind = 'token' | 'blank' | 'comment' | 'document'

function kindOf({ columns, text }: Line, width: number, tabs: boolean): Kind {
  if (columns.length === 0) return 'blank'
  if (columns[0] === '-DOCSTART-') return 'document'
  const whole = columns.length === width && (!tabs || text.includes('\t'))
  return text.startsWith('#') && !whole ? 'comment' : 'token'
}

/** The number of columns that most lines have, comments and documents' beginnings not counted (of equal ones the first). */
function widthOf(lines: readonly Line[]): number {
  const counts = new Map<number, number>()
  const candidates = lines.filter(({ columns }) => columns.length > 1 && columns[0] !== '-DOCSTART-')
  const uncommented = candidates.filter(({ text }) => text[0] !== '#')
  const counted = uncommented.length > 0 ? uncommented : candidates
  for (const { columns } of counted) counts.set(columns.length, (counts.get(columns.length) ?? 0) + 1)
  const [width = 2] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? []
  return width
}

function checked(line: Line, width: number, path: string, { token, tag, factors }: Places): Line {
  const { columns, number, text } = line
  const place = { file: path, line: number }
  if (columns.length < 2) {
    const received = JSON.stringify(text.slice(0, 60))
    throw dataError(place, 'the line has no tag', {
      expected: 'a token and its tag, or a blank line',
      received,
      ...unusualSpace(text),
    })
  }
  if (columns.length !== width) {
    throw dataError(place, 'the line has a wrong number of columns', {
      expected: `${width}, as most lines have`,
      received: `${columns.length} in ${JSON.stringify(text.slice(0, 60))}`,
      hint: 'columns are separated by tabs in lines that have tabs, else by spaces; with tabs, tokens may have spaces in them',
    })
  }
  const emptyFactor = Object.entries(factors ?? {}).find(([, at]) => columns[at] === '')?.[0]
  const empty = columns[token] === '' ? 'token' : columns[tag] === '' ? 'tag' : emptyFactor
  if (empty === undefined) return line
  throw dataError(place, `the ${empty} is empty`, { received: JSON.stringify(text.slice(0, 60)) })
}

/** A space that separates nothing and looks as if it did. */
function unusualSpace(text: string): { hint?: string } {
  const [space] = /(?!\t| )[\s\u200b]/u.exec(text) ?? []
  if (space === undefined) return {}
  const code = space.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')
  const name = space === '\u00a0' ? 'a no-break space (U+00A0)' : `U+${code}`
  return {
    hint: `what looks like a space in it is ${name}, which is part of a token: columns are separated by tabs or spaces`,
  }
}

function exampleOf(sentence: readonly Line[], path: string, { token, tag, factors }: Places): RawExample {
  return {
    source: sentence.map(({ columns }) => columns[token] ?? ''),
    target: sentence.map(({ columns }) => columns[tag] ?? ''),
    ...(factors && {
      factors: Object.fromEntries(
        Object.entries(factors).map(([name, at]) => [name, sentence.map(({ columns }) => columns[at] ?? '')] as const),
      ),
    }),
    where: `${path}:${sentence[0]?.number}`,
  }
}

function leftOut(why: string, { number }: Line, path: string): RawExample {
  return { source: '', target: '', where: `${path}:${number}`, leftOut: why }
}

/** Refuses CoNLL-U and its kin, whose first column counts the tokens of a sentence: 1, 2, 3 (2-3 and 2.1 between them). */
function refuseNumbered(lines: readonly Line[], tokens: readonly Line[], path: string, chosen: TokenColumns): void {
  if (chosen.tokenColumn !== undefined) return
  const numbered = tokens.filter(({ columns }) => /^\d+([-.]\d+)?$/.test(columns[0] ?? '') && columns.length > 2)
  const [first] = tokens
  if (first === undefined || numbered.length < tokens.length || !countsUp(tokens)) return
  const isUniversal = first.columns.length === 10 && first.text.includes('\t')
  const isKin = lines.some(({ text }) => /^#\s*(sent_id|text|global\.columns)\s*=/.test(text))
  const place = { file: path, line: first.number }
  const received = JSON.stringify(first.text.slice(0, 60))
  if (!isUniversal) {
    throw dataError(place, 'the first column numbers the tokens of each sentence', {
      expected: 'the token in the first column, and its tag in the last',
      received,
      hint:
        isKin && first.columns.length >= 4
          ? 'of columns like those of CoNLL-U, tokenColumn: 2 is FORM and tagColumn: 4 UPOS'
          : 'choose the column of the token: tokenColumn: 2',
    })
  }
  throw dataError(place, 'this is a CoNLL-U file, which the source `tagged` does not read', {
    expected: 'a token and its tag a line',
    received,
    hint: 'use the source `conllu`: it reads FORM and UPOS unless told otherwise',
  })
}

/** Whether numbers begin with 1 (or 0) and rise by one, or begin again. */
function countsUp(tokens: readonly Line[]): boolean {
  const numbers = tokens.map(({ columns }) => columns[0] ?? '').filter((cell) => /^\d+$/.test(cell))
  return (
    numbers.some((cell) => Number(cell) === 2) &&
    numbers.every((cell, index) => {
      const [before, own] = [Number(numbers[index - 1] ?? -1), Number(cell)]
      return own === 1 || own === 0 || own === before + 1
    })
  )
}
