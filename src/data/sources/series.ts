import Type, { type Static } from 'typebox'
import type { Place, Problem } from '../../core/errors.js'
import { sizeSchema } from '../../core/part.js'
import { type CsvRecord, csvRecords } from '../csv.js'
import { dataError } from '../data-error.js'
import { decimal, notDecimal } from '../reading/decimal.js'
import { readLines } from '../reading/files.js'
import { pathSchema } from './given-sets.js'
import { defineSeriesSource, type RawSeries } from './types.js'

const options = Type.Object({
  file: Type.Optional(pathSchema('A CSV file, one step per line.')),
  values: Type.Optional(
    Type.Array(Type.Union([Type.Number(), Type.Array(Type.Number(), { minItems: 1 })]), {
      minItems: 1,
      description: 'Inline numbers: one per step, or a list per step for several series.',
    }),
  ),
  columns: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      description: 'Columns of the file, by name (by number from 1 without a header). Default: all.',
    }),
  ),
  header: Type.Optional(
    Type.Boolean({ description: 'Whether the first line of the file is a header. Default: true.' }),
  ),
  separator: Type.Optional(
    Type.String({ minLength: 1, maxLength: 1, description: 'Column separator. Default: a comma.' }),
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
  summary: 'One or several time series, cut into input windows and forecast horizons; split by time.',
  equations: [],
  source: { paper: 'Standard practice; RFC 4180 for CSV' },
  options,
  gives: 'series',
  build: (options) => {
    const { file = '', values, window, horizon, stride, scale, season } = options
    return {
      brings: { dev: false, test: false },
      problems: () => problemsOf(options),
      windows: { window, horizon, stride, scale, season },
      read: async ({ baseDir }) => (values === undefined ? fromFile(file, baseDir, options) : inline(values)),
    }
  },
})

function problemsOf({ file, values, columns, header, separator }: Options): Problem[] {
  if ((file === undefined) === (values === undefined)) {
    return [{ path: '', message: 'exactly one of `file` and `values` must be given' }]
  }
  const fileOptions = { columns, header, separator }
  return Object.entries(fileOptions)
    .filter(([, value]) => values !== undefined && value !== undefined)
    .map(([path]) => ({ path, message: `\`${path}\` applies to a file, and the numbers are in \`values\`` }))
    .concat(twinProblems(columns ?? []))
}

function twinProblems(columns: readonly string[]): Problem[] {
  return columns.flatMap((name, index) =>
    columns.indexOf(name) < index ? [{ path: `columns.${index}`, message: `\`${name}\` is in the list twice` }] : [],
  )
}

async function fromFile(file: string, baseDir: string, options: Options): Promise<RawSeries> {
  const lines = await readLines(file, baseDir)
  return seriesOf(csvRecords(lines.join('\n'), file, options.separator ?? ','), file, options)
}

function inline(values: NonNullable<Options['values']>): RawSeries {
  const steps = values.map((step) => (typeof step === 'number' ? [step] : step))
  const width = steps[0]?.length ?? 0
  const odd = steps.findIndex((step) => step.length !== width)
  if (odd >= 0) {
    throw dataError(`values, step ${odd + 1}`, 'the steps differ in how many numbers they have', {
      expected: `${width}, as in step 1`,
      received: `${steps[odd]?.length}`,
    })
  }
  return { names: Array.from({ length: width }, (_, index) => `series ${index + 1}`), steps }
}

function seriesOf(records: readonly CsvRecord[], path: string, { columns, header = true }: Options): RawSeries {
  const first = records[0] ?? { line: 1, cells: [] }
  const all = header ? first.cells : first.cells.map((_, index) => `${index + 1}`)
  const names = columns ?? all
  const places = names.map((name) => columnOf(name, all, { file: path, line: first.line }))
  const steps = (header ? records.slice(1) : records).map(({ line, cells }) => {
    const place = { file: path, line }
    if (cells.length !== all.length) {
      throw dataError(place, 'the line has a wrong number of columns', {
        expected: `${all.length}, as in line ${first.line}`,
        received: `${cells.length}`,
        hint: 'commas in numbers (decimal commas, separators of thousands) count as separators of columns: write 1234.5',
      })
    }
    return places.map((column) => numberOf(cells[column] ?? '', { ...place, column: column + 1 }))
  })
  return { names, steps }
}

/** Where a column of that name is, from 0. Throws SeqlabError 'data' where there is none, or two. */
export function columnOf(name: string, all: readonly string[], place: Place): number {
  const positions = all.flatMap((other, index) => (other.normalize('NFC') === name.normalize('NFC') ? [index] : []))
  const [position, twin] = positions
  if (position === undefined) {
    const hint = all.length === 1 ? { hint: 'is the separator of columns another one? (`separator`)' } : {}
    throw dataError(place, `there is no column ${JSON.stringify(name)}`, { expected: all.join(', '), ...hint })
  }
  if (twin === undefined) return position
  throw dataError({ ...place, column: twin + 1 }, `two columns are called ${JSON.stringify(name)}`, {
    expected: 'a name of its own for each column that is read',
    received: `${all.join(', ')}`,
  })
}

/** A cell's number. Throws SeqlabError 'data', with the reason, where it is none. */
export function numberOf(cell: string, place: Place): number {
  const value = decimal(cell)
  if (value !== undefined) return value
  const { why, hint } = notDecimal(cell)
  throw dataError(place, `this is not a number${why}`, {
    expected: 'a finite number',
    received: JSON.stringify(cell),
    hint,
  })
}
