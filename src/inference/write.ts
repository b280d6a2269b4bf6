import { SeqlabError } from '../core/errors.js'
import { joinTokens } from '../core/pieces.js'
import { BOS } from '../data/types.js'
import type { SearchMember } from '../decode/types.js'
import { searchTogether } from '../task/predict.js'
import type { Examples } from '../task/types.js'
import { writingShape } from './batches.js'
import type { Member } from './member.js'
import type { SearchOptions } from './options.js'
import { type ModelOutput, outputOf } from './outputs.js'
import { batchingOf, firstOf, searchSettings } from './predict.js'
import { type EncodedSources, encodePrompt, unknownIn } from './sources.js'
import type { TrainedParts } from './trained-parts.js'

/** Texts that go on from a prompt, each by the random numbers of its stream. Throws as `TrainedModel.write` does. */
export async function writeTexts(
  members: readonly Member[],
  prompt: string,
  streams: readonly number[],
  options: SearchOptions,
): Promise<readonly ModelOutput[]> {
  for (const { parts } of members) refuseToWrite(parts)
  const { parts } = firstOf(members)
  const [split] = members.map((member) => encodePrompt(member.parts, prompt, streams.length))
  if (split === undefined) return []
  const request = { ...searchSettings(members, options, { type: 'sample', temperature: 1 }), streams }
  const [own = []] = split.tokens
  const first = split.source.data[own.length - 1] ?? BOS
  const indices = streams.map((_, row) => row)
  const examples = { split, indices, shape: writingShape(streams.length, own.length, batchingOf(members)) }
  const begun = await Promise.all(members.map((member) => begin(member, examples)))
  const found = await searchTogether(begun, examples, request, first)
  return found.map((decoded, row) => {
    const unknown = unknownIn(split.source, row)
    const { tokens, ...rest } = outputOf(parts, decoded, { tokens: [], unknown, cut: 0 }, plain)
    const whole = [...(split.tokens[row] ?? []), ...tokens]
    return { ...rest, tokens: whole, text: joinTokens(whole, parts.description.joiners.source), source: own }
  })
}

const plain = { alignments: false, replaceUnknown: false }

function begin({ parts, run }: Member, examples: Examples<EncodedSources>): Promise<SearchMember> {
  const { predictor } = parts.model
  if (predictor.begin === undefined) throw new RangeError('The model cannot write')
  return predictor.begin(run, examples)
}

function refuseToWrite({ spec, task, model }: TrainedParts): void {
  if (task.name !== 'language-model')
    throw new SeqlabError('spec', `a model of the task ${task.name} predicts for sources: it writes no text of its own`)
  if (model.predictor.begin !== undefined) return
  if (spec.model.encoder?.unroll.type !== 'untied')
    throw new SeqlabError('spec', 'the model cannot write: its head gives no distribution over all symbols')
  const copies = 'its encoder has a copy of its weights for each step of a text (model.encoder.unroll: untied)'
  throw new SeqlabError('spec', `the model cannot write: ${copies}, and what it writes are steps without one`)
}
