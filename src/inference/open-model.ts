import { SeqlabError } from '../core/errors.js'
import type { Spec } from '../spec/types.js'
import type { ModelDescription } from '../store/index.js'
import { refuseUnlike } from './differences.js'
import { type Member, type OpenOptions, openMember } from './member.js'
import type { PredictOptions, SearchOptions } from './options.js'
import type { ModelOutput } from './outputs.js'
import { predictSources } from './predict.js'
import { encodeSources, type Source } from './sources.js'
import { writeTexts } from './write.js'

export type { OpenOptions, PredictOptions, SearchOptions }

/** A trained model, or several that predict together, as a value: it needs neither its data nor its training state. */
export interface TrainedModel {
  /** Of the first, where there are several. */
  readonly description: ModelDescription
  readonly spec: Spec
  /**
   * An output for each source, in order. A source's output depends on no other source. Throws SeqlabError 'data' for a
   * source that the model cannot read, and 'spec' for what it has not (alignments, probabilities of all labels).
   */
  predict(sources: readonly Source[], options?: PredictOptions): Promise<readonly ModelOutput[]>
  /**
   * Texts of a language model, each of which goes on from the prompt (which may be empty) until its end: `streams` name their
   * random numbers, so that a text is the same whatever it is asked with. Throws SeqlabError 'spec' where the task is another.
   */
  write(prompt: string, streams: readonly number[], options?: SearchOptions): Promise<readonly ModelOutput[]>
  /** Why the model cannot read a source; undefined where it can. */
  refuses(source: Source): string | undefined
  dispose(): Promise<void>
}

/**
 * Opens `model/` (or a trial's folder that has it). `engine` is the caller's, who disposes of it; by default one is made
 * for this model. `warn` is told what may change its predictions here (by default, Node prints it). Throws SeqlabError 'run' where the folder has no model, or one that is damaged or of another version.
 */
export function openModel(directory: string, options: OpenOptions = {}): Promise<TrainedModel> {
  return openModels([directory], options)
}

/**
 * Opens several models that predict together: the mean of their probabilities at each step (of forecasts, in their own
 * units, the mean). Throws SeqlabError 'run' as `openModel` does, and where their tasks or vocabularies differ.
 */
export async function openModels(directories: readonly string[], options: OpenOptions = {}): Promise<TrainedModel> {
  const members: Member[] = directories.map((directory) => openMember(directory, options))
  refuseUnlike(members)
  const [first] = members
  if (first === undefined) throw new RangeError('There is no model to open')
  const inTurn = queue()
  return {
    description: first.parts.description,
    spec: first.parts.spec,
    predict: (sources, asked = {}) => inTurn(() => predictSources(members, sources, asked)),
    write: (prompt, streams, asked = {}) => inTurn(() => writeTexts(members, prompt, streams, asked)),
    refuses: (source) => refusal(members, source),
    dispose: async () => {
      await inTurn(async () => {})
      for (const { dispose } of members) await dispose()
    },
  }
}

/** Runs on one state are one after the other. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work)
    last = next.catch(() => {})
    return next
  }
}

function refusal(members: readonly Member[], source: Source): string | undefined {
  try {
    for (const { parts } of members) encodeSources(parts, [source])
    return undefined
  } catch (error) {
    if (error instanceof SeqlabError && error.code === 'data') return error.message.replace(/^Source 1 /, 'it ')
    throw error
  }
}
