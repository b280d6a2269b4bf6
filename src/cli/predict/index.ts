import { SeqlabError } from '../../core/errors.js'
import { findTrained } from '../../inference/find-trained.js'
import { forecastSeries } from '../../inference/lines/forecast-series.js'
import { type LineResult, predictLines } from '../../inference/lines/predict-lines.js'
import { readLines } from '../../inference/lines/read-lines.js'
import { inputFormatOf } from '../../inference/lines/sources.js'
import { forecastText, headOf, resultText } from '../../inference/lines/write-lines.js'
import { writeLines } from '../../inference/lines/written-lines.js'
import { openModels, type TrainedModel } from '../../inference/open-model.js'
import { symbolsRead } from '../../inference/outputs.js'
import { type Ending, endOnSignals } from '../signals.js'
import { input, printer } from '../streams.js'
import { printable } from '../text/printable.js'
import { type PredictFlags, refuseFormats, refuseForTask } from './flags.js'
import { searchOf } from './search.js'

/** Predicts for each line of a file, or writes lines, and prints the results as they come. */
export async function predictFile(name: string, file: string, flags: PredictFlags): Promise<void> {
  refuseFormats(flags)
  const ending = endOnSignals('stopped; every line that was printed is whole')
  const folders: string[] = []
  for (const run of [name, ...(flags.with ?? [])]) folders.push((await findTrained(run, flags.out)).directory)
  const model = await openModels(folders)
  try {
    refuseForTask(model, file, flags)
    await printAll(textsOf(model, file, flags), ending)
  } finally {
    // A pipe that goes on would keep the program alive.
    if (file === '-') process.stdin.destroy()
    await model.dispose()
    ending.release()
  }
}

/** Everything that is printed, in pieces. */
async function* textsOf(model: TrainedModel, file: string, flags: PredictFlags): AsyncGenerator<string> {
  const name = file === '-' ? 'stdin' : file
  const search = searchOf(model, flags)
  const format = flags.input ?? inputFormatOf(model.spec)
  const { batchSize, onError, alignments, replaceUnknown, scores: probabilities } = flags
  if (format === 'csv' && model.spec.task.type === 'forecast') {
    yield* forecastText(model, await forecastSeries(model, readLines(input(file), name), name), flags.output)
    return
  }
  const written = {
    format: flags.output,
    task: model.spec.task.type,
    joiners: model.description.joiners,
    scores: flags.scores,
  }
  yield headOf(written)
  const { prompt, lines = 1 } = flags
  const asked = {
    alignments,
    replaceUnknown,
    probabilities: probabilities && model.spec.task.type !== 'language-model',
  }
  const options = { ...search, ...asked, name, input: format, batchSize, onError }
  const results =
    prompt === undefined
      ? predictLines(model, readLines(input(file), name), options)
      : writeLines(model, prompt, lines, options)
  let count = 0
  for await (const result of results) {
    if (count++ === 0 || prompt === undefined)
      warn(result, prompt === undefined ? `${name}:${result.number}` : '--prompt')
    yield resultText(result, written)
  }
  if (count === 0) throw new SeqlabError('data', `${name} has no line`, { hint: 'Give one source a line.' })
}

function warn(result: LineResult, place: string): void {
  if ('skipped' in result) {
    process.stderr.write(`skipped: ${printable(result.skipped)}\n`)
    return
  }
  const { source, unknown, cut } = result.output
  if (source.length > 0 && unknown === symbolsRead(result.output))
    process.stderr.write(`${place}: the model knows none of its symbols\n`)
  if (cut > 0)
    process.stderr.write(
      `${place}: cut to ${source.length} of its ${source.length + cut} symbols, as sources were in training (data.sourceTokens.maxLength)\n`,
    )
}

async function printAll(texts: AsyncIterable<string>, ending: Ending): Promise<void> {
  const print = printer(ending)
  for await (const text of texts) if (!(await print(text))) return
}
