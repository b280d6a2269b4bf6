import { SeqlabError } from '../../core/errors.js'
import type { InputFormat } from '../../inference/lines/sources.js'
import type { OutputFormat } from '../../inference/lines/write-lines.js'
import type { TrainedModel } from '../../inference/open-model.js'
import { attends } from '../../model/attends.js'

/** The options of `seqlab predict`. */
export interface PredictFlags {
  readonly out: string
  readonly with?: readonly string[] | undefined
  readonly input?: InputFormat | undefined
  readonly output: OutputFormat
  readonly onError: 'fail' | 'skip'
  readonly beam?: number | undefined
  readonly nbest?: number | undefined
  readonly lengthNormalisation?: number | undefined
  readonly coveragePenalty?: number | undefined
  readonly minLength?: number | undefined
  readonly maxLength?: number | undefined
  readonly sample: boolean
  readonly temperature?: number | undefined
  readonly topK?: number | undefined
  readonly topP?: number | undefined
  readonly seed?: number | undefined
  readonly replaceUnknown: boolean
  readonly alignments: boolean
  readonly scores: boolean
  readonly prompt?: string | undefined
  readonly lines?: number | undefined
  readonly batchSize: number
}

/** What the output's format has no room for. Throws SeqlabError 'spec'. */
export function refuseFormats({ output, nbest, alignments, scores }: PredictFlags): void {
  const asked = { '--nbest': nbest !== undefined, '--alignments': alignments, '--scores': scores }
  const [first] = Object.entries(asked).flatMap(([flag, given]) => (given ? [flag] : []))
  if (output === 'text' && first !== undefined)
    throw new SeqlabError('spec', `${first} has no place in --output text, which is one line a source`, {
      hint: `Use --output ${first === '--alignments' ? 'jsonl' : 'tsv'}.`,
    })
  if (output === 'tsv' && scores && nbest !== undefined)
    throw new SeqlabError('spec', '--scores and --nbest do not go together in --output tsv', {
      hint: 'Use --output jsonl.',
    })
  if (output === 'tsv' && alignments)
    throw new SeqlabError('spec', '--alignments has no place in --output tsv', { hint: 'Use --output jsonl.' })
}

/** What the model's task has no use for. Throws SeqlabError 'spec'. */
export function refuseForTask({ spec }: TrainedModel, file: string, flags: PredictFlags): void {
  const { prompt, lines, scores, replaceUnknown, alignments, input, onError } = flags
  const task = spec.task.type
  const refused = (flag: string, why: string) => new SeqlabError('spec', `--${flag}: ${why}`)
  if (prompt === undefined && lines !== undefined) throw refused('lines', 'it goes with --prompt')
  if (prompt !== undefined && task !== 'language-model')
    throw refused('prompt', `a model of the task ${task} writes no text of its own`)
  if (prompt !== undefined && file !== '-')
    throw refused('prompt', `what is written has no source: ${file} is not read`)
  if (scores && !['tag', 'classify', 'language-model'].includes(task))
    throw refused('scores', `the task ${task} has no labels; the score of an output is in tsv and jsonl as it is`)
  if (scores && prompt !== undefined) throw refused('scores', 'it does not go with --prompt')
  if (replaceUnknown && task !== 'transduce' && task !== 'generate')
    throw refused('replace-unknown', `the task ${task} has no alignments`)
  if (alignments && !attends(spec.model))
    throw refused('alignments', 'the model does not attend to its source, so it has none')
  if (task === 'forecast' && input !== undefined && input !== 'csv' && input !== 'jsonl')
    throw refused('input', `${input}: a forecast reads csv, or windows in jsonl`)
  if (task === 'forecast' && input !== 'jsonl' && onError === 'skip')
    throw refused('on-error', 'skip: a series has a number at every step')
}
