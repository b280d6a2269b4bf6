import { SeqlabError } from '../../core/errors.js'
import { type CsvRecord, csvRows, isBlank } from '../../data/csv.js'
import { dataError } from '../../data/data-error.js'
import type { ColumnChoice } from '../../data/reading/columns.js'
import { decimal } from '../../data/reading/decimal.js'
import {
  type SeriesPlaces,
  type SeriesTable,
  type SeriesTableOptions,
  seriesPlaces,
  seriesTable,
} from '../../data/reading/series-table.js'
import { aheadScaling, inputScaling, targetScaling } from '../../data/scaling.js'
import type { TrainedModel } from '../open-model.js'
import type { ModelOutput } from '../outputs.js'
import type { Window } from '../sources.js'
import { csvLines } from './csv-lines.js'
import type { InputLine } from './read-lines.js'
import { separatorOf } from './sides.js'

/**
 * The forecast of what follows the series of a CSV file, from its last window of steps; no more than these are kept. Where
 * the model knows something ahead, the last steps have no target and are those to forecast. Throws SeqlabError 'data', with
 * the line, where a column is missing, a cell is no number, or there are too few steps.
 */
export async function forecastSeries(
  model: TrainedModel,
  lines: AsyncIterable<InputLine>,
  file: string,
): Promise<ModelOutput> {
  const { window: last, ahead } = await readSteps(model, lines, file)
  const { longestSource: window, longestTarget: horizon } = model.description.sizes
  if (last.length < window) {
    const received = `${last.length} in ${file}`
    throw new SeqlabError('data', `The model forecasts from ${window} steps: expected that many, received ${received}`)
  }
  const known = aheadScaling(model.description.scaling ?? [])
  if (known.length > 0 && ahead.length < horizon) throw tooFewAhead(model, file, ahead.length)
  const [output] = await model.predict([known.length > 0 ? { window: last, ahead: ahead.slice(0, horizon) } : last])
  if (output === undefined) throw new RangeError('The model gave no forecast')
  return output
}

function tooFewAhead({ description: { scaling = [], sizes } }: TrainedModel, file: string, received: number): Error {
  const names = (of: typeof scaling) => of.map(({ name }) => name).join(', ')
  const steps = sizes.longestTarget === 1 ? 'step' : 'steps'
  return dataError(file, 'what is known ahead of the steps to forecast is not there', {
    expected: `${sizes.longestTarget} ${steps} at the end of the file with ${names(aheadScaling(scaling))}`,
    received: `${received}`,
    hint: `leave ${names(targetScaling(scaling))} of these steps empty (or NA)`,
  })
}

/** The last steps that have targets, and the steps after them. */
async function readSteps(model: TrainedModel, lines: AsyncIterable<InputLine>, file: string) {
  const { longestSource, longestTarget } = model.description.sizes
  let table: SeriesTable | undefined
  const window: (readonly number[])[] = []
  let open: CsvRecord[] = []
  const add = (record: CsvRecord) => {
    const step = table?.step(record, window.at(-1))
    if (step === undefined) return
    window.push(step)
    if (window.length > longestSource) window.shift()
  }
  const separator = separatorOf(model.spec)
  for await (const line of csvLines(lines, separator, file)) {
    if ('problem' in line) throw line.problem
    const [record = { line: line.number, cells: [''] }] = csvRows(line.text, file, separator, line.number)
    if (isBlank(record)) {
      // Before the first step and after the last one it is none.
      if (window.length > 0) open.push(record)
      continue
    }
    if (table === undefined) {
      const columns = columnsOf(model, record, file)
      const form = { file, count: record.cells.length, line: record.line, isTrained: true }
      table = seriesTable(columns, seriesOf(model) ?? {}, form)
      if (columns.header) continue
    }
    if (table.isAhead(record)) {
      open.push(record)
      continue
    }
    // Steps before others that have targets are a gap, whatever is known of them.
    for (const each of open) add(each)
    open = []
    add(record)
  }
  const known = open.filter((record) => !isBlank(record)).slice(0, longestTarget)
  return { window, ahead: aheadOf(table, known, window.at(-1)) }
}

function aheadOf(table: SeriesTable | undefined, records: readonly CsvRecord[], last: readonly number[] | undefined) {
  const ahead: (readonly number[])[] = []
  const known = table === undefined ? 0 : table.widths.targets + table.widths.inputs
  for (const record of records) {
    const before = ahead.at(-1) ?? last?.slice(known)
    const step = table?.ahead(record, before)
    if (step !== undefined) ahead.push(step)
  }
  return ahead satisfies Window
}

interface Columns extends SeriesPlaces {
  /** Whether the first record has their names. */
  readonly header: boolean
}

function seriesOf({ spec }: TrainedModel) {
  const { source } = spec.data
  return source.type === 'series' ? source : undefined
}

/**
 * Columns by the names that the run's own data have, or by the numbers that its spec has. Where the data had no file, so that
 * names are not the author's: one after the other if there is no header, and a single column whatever its name.
 */
function columnsOf(model: TrainedModel, { line, cells }: CsvRecord, file: string): Columns {
  const series = seriesOf(model)
  const [step = 0] = series?.values ?? []
  const width = typeof step === 'number' ? 1 : step.length
  const areNumbers = cells.every((cell) => decimal(cell) !== undefined)
  const inOrder = series?.values !== undefined && cells.length === width && (areNumbers || width === 1)
  const header = series?.header !== false && !(inOrder && areNumbers)
  const numbers = cells.map((_, index) => `${index + 1}`)
  const all = inOrder ? numbers.map((number) => `series ${number}`) : header ? cells : numbers
  return { ...seriesPlaces(choicesOf(model), all, { file, line }), header }
}

function choicesOf(model: TrainedModel): SeriesTableOptions {
  const { scaling = [] } = model.description
  const { targets, columns, inputs, knownAhead } = seriesOf(model) ?? {}
  const choices = (series: typeof scaling, written: readonly ColumnChoice[] = []) =>
    series.map(({ name }, at) => (typeof written[at] === 'number' ? written[at] : name))
  return {
    targets: choices(targetScaling(scaling), targets ?? columns),
    inputs: choices(inputScaling(scaling), inputs),
    knownAhead: choices(aheadScaling(scaling), knownAhead),
  }
}
