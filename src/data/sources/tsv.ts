import Type, { type Static } from 'typebox'
import type { Place } from '../../core/errors.js'
import { dataError } from '../data-error.js'
import { readLines } from '../reading/files.js'
import { brings, givenSets, pathSchema, readSets, setProblems } from './given-sets.js'
import { defineExampleSource, type RawExample } from './types.js'

const column = (side: string, fallback: number) =>
  Type.Integer({ minimum: 1, maximum: 10_000, default: fallback, description: `Column of the ${side}, from 1.` })

const options = Type.Object({
  file: Type.Optional(pathSchema('One file, split by seed.')),
  ...givenSets(pathSchema),
  sourceColumn: column('source', 1),
  targetColumn: column('target', 2),
  featuresColumn: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 10_000,
      description: "Column of the features (an inflection's tags), from 1; data.features sets how they are separated.",
    }),
  ),
  header: Type.Boolean({ default: false, description: 'Whether the first line of each file names the columns.' }),
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
    problems: () => setProblems(options, 'file', options.file),
    read: ({ baseDir }) =>
      readSets(options, options.file, async (path) => examplesOf(await readLines(path, baseDir), path, options)),
  }),
})

const notTabs = 'the columns of `tsv` are separated by tabs'

/** What a line without the right columns looks like. */
function hintFor(line: string): { hint?: string } {
  if (/^\s*[[{]/.test(line)) return { hint: `is this JSON? ${notTabs}` }
  if (line.split('"').length % 2 === 0) {
    return { hint: 'a line end within quotes? An example of `tsv` is one line, and quotes are part of its text' }
  }
  if (!line.includes('\t') && /[,;|]/.test(line)) return { hint: `are these columns separated otherwise? ${notTabs}` }
  return {}
}

/**
 * Whether quotes open in one cell and close in a later one: `"a`, `b"`. With no more cells than are needed these are
 * quotes of two texts.
 */
function hasQuotedTab(cells: readonly string[]): boolean {
  const isOdd = (cell: string) => (cell.split('"').length - 1) % 2 === 1
  const opening = cells.findIndex((cell) => cell.startsWith('"') && isOdd(cell))
  return opening !== -1 && cells.slice(opening + 1).some((cell) => cell.endsWith('"') && isOdd(cell))
}

function quotedTab(place: Place, line: string) {
  return dataError(place, 'the line has a tab within quotes', {
    received: JSON.stringify(line.slice(0, 60)),
    hint: 'Every tab of `tsv` ends a column, and quotes are part of its text: replace tabs within cells, by spaces say',
  })
}

/** Every line must have as many columns as the first. */
function examplesOf(lines: readonly string[], path: string, options: Options): RawExample[] {
  const columns = lines.find((line) => line !== '')?.split('\t').length ?? 0
  const { featuresColumn } = options
  const needed = Math.max(options.sourceColumn, options.targetColumn, featuresColumn ?? 1)
  return lines.flatMap((line, index) => {
    if (index === 0 && options.header) return []
    const place = { file: path, line: index + 1 }
    if (line === '') return [{ source: '', target: '', where: `${path}:${index + 1}` }]
    const cells = line.split('\t')
    if (cells.length > needed && hasQuotedTab(cells)) throw quotedTab(place, line)
    if (cells.length < needed || cells.length !== columns) {
      throw dataError(place, 'the line has a wrong number of columns', {
        expected: cells.length < needed ? `at least ${needed}` : `${columns}, as in the first line`,
        received: `${cells.length} in ${JSON.stringify(line.slice(0, 60))}`,
        ...hintFor(line),
      })
    }
    const source = cells[options.sourceColumn - 1] ?? ''
    const target = cells[options.targetColumn - 1] ?? ''
    const features = featuresColumn === undefined ? {} : { features: cells[featuresColumn - 1] ?? '' }
    return [{ source, target, ...features, where: `${path}:${index + 1}` }]
  })
}
