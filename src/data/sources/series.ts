import Type, { type Static } from 'typebox'
import type { Problem } from '../../core/errors.js'
import { sizeSchema } from '../../core/part.js'
import { type CsvRecord, csvRows, isBlank } from '../csv.js'
import { dataError, headerAlone } from '../data-error.js'
import { type ColumnChoice, columnSchema } from '../reading/columns.js'
import { decimal, notationOf } from '../reading/decimal.js'
import { withRightSource } from '../reading/file-kind.js'
import { readLines } from '../reading/files.js'
import { refuseSeparatorLine } from '../reading/separators.js'
import { seriesPlaces, seriesTable } from '../reading/series-table.js'
import { pathSchema } from './given-sets.js'
import { defineSeriesSource, type RawSeries } from './types.js'

const columnList = (description: string) =>
  Type.Optional(
    Type.Array(columnSchema(), { minItems: 1, description: `${description} By name, or by number from 1.` }),
  )

const options = Type.Object({
  file: Type.Optional(pathSchema('A CSV file, one step per line.')),
  values: Type.Optional(
    Type.Array(Type.Union([Type.Number(), Type.Array(Type.Number(), { minItems: 1 })]), {
      minItems: 1,
      description: 'Inline numbers: one per step, or a list per step for several series.',
    }),
  ),
  columns: columnList('Columns that are both read and forecast. Default: all.'),
  targets: columnList('Columns to forecast, which are read as well; other columns are `inputs` or `knownAhead`.'),
  inputs: columnList('Columns that are read and not forecast: covariates whose future is not known.'),
  knownAhead: columnList(
    'Covariates that are known in advance (hour, holiday, price): read in the window, and next to C for every step of the horizon. Steps at the end of the file without any target are those to forecast.',
  ),
  header: Type.Optional(
    Type.Boolean({ description: 'Whether the first line of the file is a header. Default: true.' }),
  ),
  separator: Type.Optional(
    Type.String({ minLength: 1, maxLength: 1, description: 'Column separator. Default: a comma.' }),
  ),
  decimal: Type.Optional(
    Type.Union([Type.Literal('.'), Type.Literal(',')], {
      description: 'What separates the decimals of a number: 1.5 or 1,5. Default: a point.',
    }),
  ),
  thousands: Type.Optional(
    Type.String({ minLength: 1, maxLength: 1, description: 'Separator of thousands: 1,234.5. Default: none.' }),
  ),
  missing: Type.Optional(
    Type.Array(Type.String({ maxLength: 40 }), {
      minItems: 1,
      description:
        'Cells that stand for a missing value, in upper or lower case. Default: empty cells and the usual marks (NA, NaN, null, ?, - and the like).',
    }),
  ),
  missingValues: Type.Optional(
    Type.Union([Type.Literal('refuse'), Type.Literal('carry')], {
      description:
        'What a missing value is: an error with its place (refuse), or the last number before it in its column (carry), which is counted. Default: refuse.',
    }),
  ),
  window: sizeSchema('Input window, in steps.'),
  horizon: sizeSchema('Forecast horizon, in steps.', { default: 1 }),
  stride: sizeSchema('Steps from one window to the next.', { default: 1 }),
  scale: Type.Union([Type.Literal('standard'), Type.Literal('minmax'), Type.Literal('none')], {
    default: 'standard',
    description:
      'Scaling of each series, fitted on its training part: to mean 0 and standard deviation 1, to 0..1, or none. Forecasts are scaled back.',
  }),
  season: sizeSchema('Seasonal period of the naive forecast that MASE compares with, in steps.', { default: 1 }),
})
type Options = Static<typeof options>

export const series = defineSeriesSource({
  name: 'series',
  summary:
    'One or several time series, cut into input windows and forecast horizons; split by time. Covariates are read and not forecast.',
  equations: [],
  source: { paper: 'Standard practice; RFC 4180 for CSV' },
  options,
  gives: 'series',
  build: (options) => {
    const { file = '', values, window, horizon, stride, scale, season, knownAhead } = options
    return {
      brings: { dev: false, test: false },
      problems: () => problemsOf(options),
      windows: { window, horizon, stride, scale, season },
      knownAhead: knownAhead?.length ?? 0,
      read: async ({ baseDir }) => (values === undefined ? fromFile(file, baseDir, options) : inline(values, options)),
    }
  },
})

function problemsOf(options: Options): Problem[] {
  const { file, values, header, separator, decimal, thousands, missing, missingValues } = options
  if ((file === undefined) === (values === undefined)) {
    return [{ path: '', message: 'exactly one of `file` and `values` must be given' }]
  }
  const fileOptions = { header, separator, decimal, thousands, missing, missingValues }
  return Object.entries(fileOptions)
    .filter(([, value]) => values !== undefined && value !== undefined)
    .map(([path]): Problem => ({ path, message: `\`${path}\` applies to a file, and the numbers are in \`values\`` }))
    .concat(notationProblems(options), columnProblems(options))
}

function notationProblems({ decimal = '.', thousands, missing, missingValues, knownAhead }: Options): Problem[] {
  const same = { path: 'thousands', message: `\`thousands\` and the decimal mark are both ${JSON.stringify(decimal)}` }
  const unused = {
    path: 'missing',
    message: '`missing` says which cells are missing values, and these are refused',
    hint: 'set missingValues: carry',
  }
  return [
    ...(thousands === decimal ? [same] : []),
    ...(missing !== undefined && missingValues !== 'carry' && knownAhead === undefined ? [unused] : []),
  ]
}

/** Each column has one use; covariates are there for something that is forecast. */
function columnProblems({ columns, targets, inputs, knownAhead }: Options): Problem[] {
  const lists = Object.entries({ columns, targets, inputs, knownAhead }).flatMap(([list, choices = []]) =>
    choices.map((choice, at) => ({ choice, list, path: `${list}.${at}` })),
  )
  const twins = lists.flatMap(({ choice, list, path }, index): Problem[] => {
    const first = lists.findIndex((other) => other.choice === choice)
    if (first >= index) return []
    const other = lists[first]?.list
    const where = other === list ? 'the list twice' : `\`${other}\` too`
    return [{ path, message: `\`${choice}\` is in ${where}` }]
  })
  return [...rolesProblems({ columns, targets, inputs, knownAhead }), ...twins]
}

type Lists = Readonly<Record<'columns' | 'targets' | 'inputs' | 'knownAhead', readonly ColumnChoice[] | undefined>>

function rolesProblems({ columns, targets, inputs, knownAhead }: Lists): Problem[] {
  const hint = '`columns` are read and forecast alike; with covariates name `targets`, `inputs` and `knownAhead`'
  if (columns !== undefined && targets !== undefined)
    return [{ path: 'columns', message: '`columns` and `targets` exclude each other', hint }]
  if (targets !== undefined || columns !== undefined) return []
  const covariates = inputs === undefined ? (knownAhead === undefined ? undefined : 'knownAhead') : 'inputs'
  if (covariates === undefined) return []
  return [
    {
      path: covariates,
      message: 'there are covariates, and nothing to forecast is named',
      hint: 'name the columns to forecast in `targets`',
    },
  ]
}

async function fromFile(file: string, baseDir: string, options: Options): Promise<RawSeries> {
  const lines = await readLines(file, baseDir)
  try {
    return seriesOf(csvRows(lines.join('\n'), file, options.separator ?? ',', 1), file, options)
  } catch (error) {
    throw await withRightSource(error, 'series', file, baseDir)
  }
}

function inline(values: NonNullable<Options['values']>, options: Options): RawSeries {
  const steps = values.map((step) => (typeof step === 'number' ? [step] : step))
  const width = steps[0]?.length ?? 0
  const odd = steps.findIndex((step) => step.length !== width)
  if (odd >= 0) {
    throw dataError(`values, step ${odd + 1}`, 'the steps differ in how many numbers they have', {
      expected: `${width}, as in step 1`,
      received: `${steps[odd]?.length}`,
    })
  }
  const all = Array.from({ length: width }, (_, index) => `series ${index + 1}`)
  const { names, places, widths } = seriesPlaces(options, all, { file: 'data.source.values' })
  return { names, widths, steps: steps.map((step) => places.map((at) => step[at] ?? 0)) }
}

function seriesOf(rows: readonly CsvRecord[], path: string, options: Options): RawSeries {
  const { header = true } = options
  const records = rows.filter((row) => !isBlank(row))
  const [first = { line: 1, cells: [] }, second] = records
  refuseSeparatorLine(first, options.separator ?? ',', path)
  const all = header ? first.cells : first.cells.map((_, index) => `${index + 1}`)
  const found = seriesPlaces(options, all, { file: path, line: first.line })
  if (header && second === undefined) throw headerAlone(path, 'step')
  if (second !== undefined) refuseNumbersAsNames(first, second, path, options)
  const carried: Record<string, number> = {}
  const table = seriesTable(found, options, { file: path, count: all.length, line: first.line }, (name) => {
    carried[name] = (carried[name] ?? 0) + 1
  })
  const from = header ? second : first
  const ofSteps = rows.filter(({ line }) => from !== undefined && line >= from.line)
  const last = ofSteps.findLastIndex((row) => !isBlank(row) && !table.isAhead(row))
  const steps: (readonly number[])[] = []
  for (const row of ofSteps.slice(0, last + 1)) steps.push(table.step(row, steps.at(-1)))
  const { names, widths } = found
  return { names, widths, steps, carried, ahead: ofSteps.slice(last + 1).filter((row) => !isBlank(row)).length }
}

/**
 * A first line like the second one, number by number, is the first step of a file without a header. Columns that are called 0,
 * 1, 2 and so on are none. Throws SeqlabError 'data' where the author did not say whether there is one, and names no column.
 */
function refuseNumbersAsNames(first: CsvRecord, second: CsvRecord, file: string, options: Options): void {
  const { header, columns, targets = columns, inputs, knownAhead } = options
  const isNamed = [targets, inputs, knownAhead].some((list) => list?.some((choice) => typeof choice === 'string'))
  if (header !== undefined || isNamed || first.cells.length !== second.cells.length) return
  const notation = notationOf(options)
  const numbersIn = ({ cells }: CsvRecord) => cells.map((cell) => decimal(cell, notation))
  const [names, below] = [numbersIn(first), numbersIn(second)]
  const isAlike = names.every((name, at) => (name === undefined) === (below[at] === undefined))
  const numbers = names.filter((name) => name !== undefined)
  if (numbers.length === 0 || !isAlike || isNumbering(numbers)) return
  throw dataError({ file, line: first.line }, 'the first line has numbers where a header has names', {
    expected: 'names of columns',
    received: first.cells.slice(0, 6).join(', '),
    hint: 'set header: false where the first line is a step, or header: true where these are names',
  })
}

/** One after the other: 0, 1, 2, or a year each. */
function isNumbering([first = 0, ...others]: readonly number[]): boolean {
  if (others.length === 0) return first === 0 || first === 1
  return Number.isInteger(first) && others.every((number, at) => number === first + at + 1)
}
