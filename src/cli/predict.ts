import { SeqlabError } from '../core/errors.js'
import type { DecodeOptions } from '../decode/index.js'
import { predictLines } from '../inference/lines/predict-lines.js'
import { readLines } from '../inference/lines/read-lines.js'
import { type InputFormat, inputFormatOf } from '../inference/lines/sources.js'
import { headOf, type OutputFormat, resultText } from '../inference/lines/write-lines.js'
import { openModel, type TrainedModel } from '../inference/open-model.js'
import { findModel } from '../store/index.js'
import { tasks } from '../task/index.js'
import { input, printer } from './streams.js'

/** The options of `seqlab predict`. */
interface PredictFlags {
  readonly out: string
  readonly input?: InputFormat | undefined
  readonly output: OutputFormat
  readonly onError: 'fail' | 'skip'
  readonly beam?: number | undefined
  readonly nbest?: number | undefined
  readonly lengthNormalisation?: number | undefined
  readonly sample: boolean
  readonly temperature?: number | undefined
  readonly seed?: number | undefined
  readonly maxLength?: number | undefined
  readonly alignments: boolean
  readonly batchSize: number
}

/** Predicts for each line of a file and prints the results as they come. */
export async function predictFile(name: string, file: string, flags: PredictFlags): Promise<void> {
  refuseFormats(flags)
  const model = await openModel(await findModel(name, flags.out))
  try {
    const { output: format } = flags
    const written = { format, joiner: model.description.joiners.target }
    const options = {
      ...searchOf(model, flags),
      input: flags.input ?? inputFormatOf(model.spec),
      name: file === '-' ? 'stdin' : file,
      batchSize: flags.batchSize,
      onError: flags.onError,
      alignments: flags.alignments,
    }
    const lines = readLines(input(file), options.name)
    const print = printer()
    if (!(await print(headOf(format)))) return
    let known = 0
    for await (const result of predictLines(model, lines, options)) {
      known++
      if ('skipped' in result) process.stderr.write(`skipped: ${result.skipped}\n`)
      else warnUnknown(result, options.name)
      if (!(await print(resultText(result, written)))) return
    }
    if (known === 0) throw new SeqlabError('data', `${options.name} has no line`, { hint: 'Give one source a line.' })
  } finally {
    // A pipe that goes on would keep the program alive.
    if (file === '-') process.stdin.destroy()
    await model.dispose()
  }
}

function warnUnknown(
  { number, output }: { number: number; output: { source: readonly string[]; unknown: number } },
  name: string,
) {
  const { source, unknown } = output
  if (source.length > 0 && unknown === source.length)
    process.stderr.write(`${name}:${number}: the model knows none of its symbols\n`)
}

function refuseFormats({ output, nbest, alignments }: PredictFlags): void {
  const refused =
    output === 'text' ? [...(nbest === undefined ? [] : ['--nbest']), ...(alignments ? ['--alignments'] : [])] : []
  const [first] = refused
  if (first !== undefined)
    throw new SeqlabError('spec', `${first} has no place in --output text, which is one line a source`, {
      hint: `Use --output ${first === '--nbest' ? 'tsv' : 'jsonl'}.`,
    })
  if (output === 'tsv' && alignments)
    throw new SeqlabError('spec', '--alignments has no place in --output tsv', { hint: 'Use --output jsonl.' })
}

/** The search that the options ask for; by default the run's own. */
function searchOf({ spec }: TrainedModel, flags: PredictFlags) {
  const { beam, nbest, lengthNormalisation, sample, temperature, seed, maxLength } = flags
  const asked = { beam, nbest, 'length-normalisation': lengthNormalisation, temperature, 'max-length': maxLength }
  const given = [
    ...Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [name])),
    ...(sample ? ['sample'] : []),
  ]
  const [first] = given
  if (first !== undefined && !tasks.get(spec.task.type).decodes)
    throw new SeqlabError('spec', `--${first}: the task ${spec.task.type} does not search for its outputs`)
  if (sample && (beam ?? nbest ?? lengthNormalisation) !== undefined)
    throw new SeqlabError(
      'spec',
      '--sample draws one output: --beam, --nbest and --length-normalisation do not go with it',
    )
  if (!sample && temperature !== undefined) throw new SeqlabError('spec', '--temperature goes with --sample')
  const decode = decodeOf(spec.decode, flags)
  return { decode, ...(maxLength === undefined ? {} : { maxLength }), ...(seed === undefined ? {} : { seed }) }
}

function decodeOf(
  own: DecodeOptions,
  { beam, nbest, lengthNormalisation, sample, temperature = 1 }: PredictFlags,
): DecodeOptions {
  if (sample) return { type: 'sample', temperature }
  if (beam === undefined && nbest === undefined && lengthNormalisation === undefined) return own
  const before = own.type === 'beam' ? own : { width: 5, lengthNormalisation: 0, nBest: 1 }
  const width = beam ?? Math.max(before.width, nbest ?? 1)
  const nBest = nbest ?? Math.min(before.nBest, width)
  if (nBest > width)
    throw new SeqlabError('spec', `a beam of ${width} has no ${nBest} best`, { hint: `Use --beam ${nBest}.` })
  return { type: 'beam', width, nBest, lengthNormalisation: lengthNormalisation ?? before.lengthNormalisation }
}
