import { SeqlabError } from '../../core/errors.js'
import { type CsvRecord, csvRecords } from '../../data/csv.js'
import { dataError } from '../../data/data-error.js'
import { decimal } from '../../data/reading/decimal.js'
import { columnOf, numberOf } from '../../data/sources/series.js'
import type { TrainedModel } from '../open-model.js'
import type { ModelOutput } from '../outputs.js'
import type { InputLine } from './read-lines.js'

/**
 * The forecast of what follows the series of a CSV file, from its last window of steps; no more than these are kept. Throws
 * SeqlabError 'data', with the line, where a column is missing, a cell is no number, or there are too few steps.
 */
export async function forecastSeries(
  model: TrainedModel,
  lines: AsyncIterable<InputLine>,
  file: string,
): Promise<ModelOutput> {
  const { longestSource: window } = model.description.sizes
  const last: (readonly number[])[] = []
  for await (const step of stepsOf(model, lines, file)) {
    last.push(step)
    if (last.length > window) last.shift()
  }
  if (last.length < window) {
    const received = `${last.length} in ${file}`
    throw new SeqlabError('data', `The model forecasts from ${window} steps: expected that many, received ${received}`)
  }
  const [output] = await model.predict([last])
  if (output === undefined) throw new RangeError('The model gave no forecast')
  return output
}

/** A step's numbers, in the order of the model's series. */
async function* stepsOf(model: TrainedModel, lines: AsyncIterable<InputLine>, file: string) {
  let columns: Columns | undefined
  for await (const line of lines) {
    if ('problem' in line) throw line.problem
    const [record] = csvRecords(line.text, file, separatorOf(model), line.number)
    if (record === undefined) continue
    if (columns === undefined) {
      columns = columnsOf(model, record, file)
      if (columns.header) continue
    }
    yield stepOf(record, columns, file)
  }
}

interface Columns {
  /** Of each series. */
  readonly places: readonly number[]
  readonly count: number
  readonly line: number
  /** Whether the first record has their names. */
  readonly header: boolean
}

function seriesOf({ spec }: TrainedModel) {
  const { source } = spec.data
  return source.type === 'series' ? source : undefined
}

function separatorOf(model: TrainedModel): string {
  return seriesOf(model)?.separator ?? ','
}

/**
 * Columns by name; where the run's own data have no header, by number. Where they had no file, so that names are not the
 * author's: one after the other if there is no header, and a single column whatever its name.
 */
function columnsOf(model: TrainedModel, { line, cells }: CsvRecord, file: string): Columns {
  const names = (model.description.scaling ?? []).map(({ name }) => name)
  const series = seriesOf(model)
  const numbers = cells.every((cell) => decimal(cell) !== undefined)
  const inOrder = series?.values !== undefined && cells.length === names.length && (numbers || names.length === 1)
  const header = series?.header !== false && !(inOrder && numbers)
  const all = header ? cells : cells.map((_, index) => `${index + 1}`)
  const places = inOrder ? names.map((_, index) => index) : names.map((name) => columnOf(name, all, { file, line }))
  return { places, count: cells.length, line, header }
}

function stepOf({ line, cells }: CsvRecord, { places, count, line: first }: Columns, file: string): readonly number[] {
  const place = { file, line }
  if (cells.length !== count) {
    const expected = `${count}, as in line ${first}`
    throw dataError(place, 'the line has a wrong number of columns', { expected, received: `${cells.length}` })
  }
  return places.map((column) => numberOf(cells[column] ?? '', { ...place, column: column + 1 }))
}
