import { SeqlabError } from '../../core/errors.js'
import type { PredictOptions, TrainedModel } from '../open-model.js'
import type { ModelOutput } from '../outputs.js'
import type { Source } from '../sources.js'
import { blocksOf, isBlocks } from './blocks.js'
import { csvLines } from './csv-lines.js'
import { type InputLine, inBatches, stopsAt } from './read-lines.js'
import { separatorOf } from './sides.js'
import { type InputFormat, type SourceReader, sourceReader } from './sources.js'

/** What became of a line of the input. */
export type LineResult =
  | { readonly number: number; readonly output: ModelOutput }
  | { readonly number: number; readonly skipped: string }

export interface LineOptions extends PredictOptions {
  readonly input: InputFormat
  /** The input's name, for messages. */
  readonly name: string
  /** Lines that are read before they are predicted together. */
  readonly batchSize: number
  readonly onError: 'fail' | 'skip'
}

/** How long a batch waits for more lines. */
const waitMs = 50

/**
 * A result for each line of the input, in order. A line's output depends on no other line, nor on how lines are put into
 * batches. Throws SeqlabError 'data' at the first line that cannot be read, after the results of those before it; with
 * `onError` skip, such a line's result is the reason, unless nothing after it can be read.
 */
export async function* predictLines(
  model: TrainedModel,
  lines: AsyncIterable<InputLine>,
  options: LineOptions,
): AsyncGenerator<LineResult> {
  const reader = sourceReader(options.input, model.spec, options.name)
  const sources = sourceLines(lines, model, options)
  for await (const batch of inBatches(sources, options.batchSize, waitMs)) {
    const read = batch.flatMap((line) => {
      const source = sourceOf(model, line, reader, options.name)
      return source === undefined ? [] : [{ number: line.number, source, stops: stopsAt(line, options) }]
    })
    const failed = read.findIndex(({ source, stops }) => stops && source instanceof Error)
    const taken = failed === -1 ? read : read.slice(0, failed)
    const good = taken.flatMap(({ source, number }) =>
      source instanceof Error ? [] : [{ source, stream: number - 1 }],
    )
    const streams = good.map(({ stream }) => stream)
    const outputs = await model.predict(
      good.map(({ source }) => source),
      { ...options, streams },
    )
    let next = 0
    for (const { number, source } of taken) {
      if (source instanceof Error) yield { number, skipped: source.message }
      else {
        const output = outputs[next++]
        if (output !== undefined) yield { number, output }
      }
    }
    const error = read[failed]?.source
    if (error instanceof Error) throw error
  }
}

/** Lines that are a source each, or several of them as one where a source may have more than one. */
function sourceLines(
  lines: AsyncIterable<InputLine>,
  { spec }: TrainedModel,
  { input, name }: LineOptions,
): AsyncIterable<InputLine> {
  if (input === 'csv') return csvLines(lines, separatorOf(spec), name)
  return isBlocks(input) ? blocksOf(lines) : lines
}

/** Undefined where the line is a header. */
function sourceOf(
  model: TrainedModel,
  line: InputLine,
  reader: SourceReader,
  name: string,
): Source | Error | undefined {
  if ('problem' in line) return line.problem
  try {
    const source = reader(line)
    const refused = source === undefined ? undefined : model.refuses(source)
    if (refused === undefined) return source
    return new SeqlabError('data', `${name}:${line.number}: ${refused}`)
  } catch (error) {
    if (error instanceof SeqlabError && error.code === 'data') return error
    throw error
  }
}
