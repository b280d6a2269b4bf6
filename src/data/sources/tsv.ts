import Type, { type Static } from 'typebox'
import type { Place } from '../../core/errors.js'
import { dataError, headerAlone } from '../data-error.js'
import { columnOptions, columnsOf, headerProblems, isNamed, neededCells, sidesOf } from '../reading/columns.js'
import { readLines } from '../reading/files.js'
import { ofOneColumn } from '../reading/separators.js'
import { factorNameProblems, noSeparators } from './factor-options.js'
import { brings, givenSets, pathsSchema, readFiles, setProblems } from './given-sets.js'
import { defineExampleSource, type RawExample } from './types.js'

const options = Type.Object({
  file: Type.Optional(pathsSchema('One set, split by seed.')),
  ...givenSets(pathsSchema),
  ...columnOptions('true where a column is chosen by its name, else false'),
})
type Options = Static<typeof options>

export const tsv = defineExampleSource({
  name: 'tsv',
  summary: 'Tab-separated columns, one example per line. Blank lines are skipped and counted (as an empty source).',
  equations: [],
  source: { paper: 'IANA media type text/tab-separated-values' },
  options,
  gives: 'pairs',
  build: (options) => ({
    brings: brings(options),
    hasFeatures: options.featuresColumn !== undefined,
    ...(options.factors && { factors: noSeparators(options.factors) }),
    problems: () => [
      ...setProblems(options, 'file', options.file),
      ...headerProblems(options),
      ...factorNameProblems(options.factors),
    ],
    read: ({ baseDir }) =>
      readFiles('tsv', options, options.file, baseDir, async (path) =>
        examplesOf(await readLines(path, baseDir), path, options),
      ),
  }),
})

const notTabs = 'the columns of `tsv` are separated by tabs'

/** What a line without the right columns looks like. */
function hintFor(line: string): { hint?: string } {
  if (/^\s*[[{]/.test(line)) return { hint: `is this JSON? ${notTabs}` }
  if (line.split('"').length % 2 === 0) {
    return { hint: 'a line end within quotes? An example of `tsv` is one line, and quotes are part of its text' }
  }
  if (!line.includes('\t') && /[,;|]/.test(line))
    return { hint: `are these columns separated otherwise? ${notTabs}; the source \`csv\` reads others` }
  return {}
}

/**
 * Whether quotes open in one cell and close in a later one: `"a`, `b"`. With no more cells than are needed these may well be
 * quotes of two texts: the example is read, and doubted.
 */
function hasQuotedTab(cells: readonly string[]): boolean {
  const isOdd = (cell: string) => (cell.split('"').length - 1) % 2 === 1
  const opening = cells.findIndex((cell) => cell.startsWith('"') && isOdd(cell))
  return opening !== -1 && cells.slice(opening + 1).some((cell) => cell.endsWith('"') && isOdd(cell))
}

function quotedTab(place: Place, line: string) {
  return dataError(place, 'the line has a tab within quotes', {
    received: JSON.stringify(line.slice(0, 60)),
    hint: 'every tab of `tsv` ends a column, and quotes are part of its text: the source `csv` with `separator: "\\t"` reads quoted cells; or replace tabs within cells, by spaces say',
  })
}

/** Every line must have as many columns as the first. */
function examplesOf(lines: readonly string[], path: string, options: Options): RawExample[] {
  const at = lines.findIndex((line) => line !== '')
  const first = { line: at + 1, cells: lines[at]?.split('\t') ?? [] }
  const ofOne = ofOneColumn(first, '\t', (mark) => `\`csv\` reads them, with separator: ${mark}`)
  const columns = columnsOf(options, first, path, ofOne)
  const [count, needed] = [first.cells.length, neededCells(columns)]
  const header = options.header ?? isNamed(options)
  const isHeader = (index: number) => index === at && header
  if (lines.every((_, index) => isHeader(index))) throw headerAlone(path)
  return lines.flatMap((line, index) => {
    if (isHeader(index)) return []
    const place = { file: path, line: index + 1 }
    const where = `${path}:${index + 1}`
    if (line === '') return [{ source: '', target: '', where }]
    const cells = line.split('\t')
    if (cells.length > needed && hasQuotedTab(cells)) throw quotedTab(place, line)
    if (cells.length < needed || cells.length !== count) {
      throw dataError(place, 'the line has a wrong number of columns', {
        expected: cells.length < needed ? `at least ${needed}` : `${count}, as in the first line`,
        received: `${cells.length} in ${JSON.stringify(line.slice(0, 60))}`,
        ...hintFor(line),
      })
    }
    const doubt = hasQuotedTab(cells) ? { doubt: 'tab between quotes' } : {}
    return [{ ...sidesOf(cells, columns, place), where, ...doubt }]
  })
}
