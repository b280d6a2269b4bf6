import Type, { type Static } from 'typebox'
import { csvRows, isBlank } from '../csv.js'
import { dataError, headerAlone } from '../data-error.js'
import {
  columnOptions,
  columnsOf,
  headerProblems,
  isNamed,
  neededCells,
  type Record,
  sidesOf,
} from '../reading/columns.js'
import { readLines } from '../reading/files.js'
import { headerDoubt } from '../reading/header-doubt.js'
import { ofOneColumn, refuseSeparatorLine } from '../reading/separators.js'
import { factorNameProblems, noSeparators } from './factor-options.js'
import { brings, givenSets, pathsSchema, readFiles, setProblems } from './given-sets.js'
import { defineExampleSource, type RawExample } from './types.js'

const options = Type.Object({
  file: Type.Optional(pathsSchema('One set, split by seed.')),
  ...givenSets(pathsSchema),
  ...columnOptions('true'),
  separator: Type.String({ minLength: 1, maxLength: 1, default: ',', description: 'Separator of columns.' }),
})
type Options = Static<typeof options>

export const csv = defineExampleSource({
  name: 'csv',
  summary:
    'Columns by name or number, one example per record; cells in double quotes may hold separators and line ends. Blank lines are skipped and counted (as an empty source).',
  equations: [],
  source: { paper: 'RFC 4180', url: 'https://www.rfc-editor.org/rfc/rfc4180' },
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
    read: async ({ baseDir }) => {
      const doubts: [file: string, doubt: string][] = []
      const sets = await readFiles('csv', options, options.file, baseDir, async (path) => {
        const rows = csvRows(`${(await readLines(path, baseDir)).join('\n')}\n`, path, options.separator, 1)
        const records = rows.filter((row) => !isBlank(row))
        const doubt = isByDefault(options) ? headerDoubt(records, columnsRead(options)) : undefined
        if (doubt !== undefined) doubts.push([path, doubt])
        return examplesOf(rows, records[0], path, options)
      })
      return doubts.length === 0 ? sets : { ...sets, otherKind: { ...Object.fromEntries(doubts), ...sets.otherKind } }
    },
  }),
})

/** Whether the first record is taken as the header though nothing says that it is one. */
function isByDefault(options: Options): boolean {
  return options.header === undefined && !isNamed(options)
}

/** Columns of the sides, from 0. */
function columnsRead({ sourceColumn, targetColumn }: Options): number[] {
  return [sourceColumn, targetColumn].flatMap((column) => (typeof column === 'number' ? [column - 1] : []))
}

function setSeparator(mark: string): string {
  return mark === '"\\t"'
    ? 'Then the source `tsv` reads them, or `csv` with `separator: "\\t"`'
    : `Set \`separator: ${mark}\``
}

/** Blank lines are examples without a source, so that they are counted. */
function examplesOf(rows: readonly Record[], first: Record | undefined, path: string, options: Options): RawExample[] {
  if (first === undefined) throw dataError(path, 'the file has no record')
  refuseSeparatorLine(first, options.separator, path)
  const ofOne = ofOneColumn(first, options.separator, setSeparator)
  const columns = columnsOf(options, first, path, ofOne)
  const [count, needed] = [first.cells.length, neededCells(columns)]
  const isHeader = (row: Record) => row === first && options.header !== false
  if (rows.every(isHeader)) throw headerAlone(path)
  return rows.flatMap((record) => {
    if (isHeader(record)) return []
    const where = `${path}:${record.line}`
    if (isBlank(record)) return [{ source: '', target: '', where }]
    if (record.cells.length !== count || record.cells.length < needed) {
      throw wrongCount(record, path, count, needed, options.separator)
    }
    const place = { file: path, line: record.line }
    return [{ ...sidesOf(record.cells, columns, place), where }]
  })
}

function wrongCount({ line, cells }: Record, path: string, count: number, needed: number, separator: string): Error {
  const ofOne = ofOneColumn({ cells }, separator, () => 'Set `separator`')
  const tooFew = cells.length < needed
  return dataError({ file: path, line }, 'the record has a wrong number of columns', {
    expected: tooFew ? `at least ${needed}` : `${count}, as in the first record`,
    received: `${cells.length} in ${JSON.stringify(cells.join(separator).slice(0, 60))}`,
    hint: ofOne ?? 'a cell that has the separator in it stands in double quotes',
  })
}
