import { SeqlabError } from '../core/errors.js'
import { plainBeam } from '../decode/beam.js'
import { type DecodeOptions, searchMethods } from '../decode/index.js'
import type { SearchMethod } from '../decode/types.js'
import { attends } from '../model/attends.js'
import { outputLimit } from '../task/sizes.js'
import { type Batch, type Batching, packing, planBatches } from './batches.js'
import type { Member } from './member.js'
import type { PredictOptions, SearchOptions } from './options.js'
import { type ModelOutput, outputOf } from './outputs.js'
import { predictTogether } from './predict-together.js'
import { type EncodedSources, encodeSources, type Source, unknownIn } from './sources.js'
import type { TrainedParts } from './trained-parts.js'

/** An output for each source, in order. Throws as `TrainedModel.predict` does. */
export async function predictSources(
  members: readonly Member[],
  sources: readonly Source[],
  options: PredictOptions,
): Promise<readonly ModelOutput[]> {
  const { parts } = firstOf(members)
  refuseOptions(members, options)
  const splits = members.map((member) => encodeSources(member.parts, sources))
  const [split] = splits
  if (split === undefined) return []
  const outputs: ModelOutput[] = []
  const made = { alignments: options.alignments === true, replaceUnknown: options.replaceUnknown === true }
  for (const batch of planBatches(commonParts(members), split, batchingOf(members))) {
    const predictions = await predictBatch(members, splits, batch, options)
    predictions.forEach((prediction, row) => {
      const at = batch.indices[row] ?? 0
      outputs[at] = outputOf(parts, prediction, readSource(split, at), made)
    })
  }
  return outputs
}

export function firstOf([first]: readonly Member[]): Member {
  if (first === undefined) throw new RangeError('An ensemble has at least one model')
  return first
}

/** How the search is made where the options leave it open. */
export function searchSettings(members: readonly Member[], options: SearchOptions, decode: DecodeOptions) {
  const { spec, sizes } = firstOf(members).parts
  const { maxLength = outputLimit(sizes), seed = spec.seed } = options
  return {
    decode: stepByStep(members, options.decode ?? decode),
    maxLength,
    seed,
    alignments: 0,
    ...packing(batchingOf(members)),
  }
}

/** Rows that every member can run. */
export function batchingOf(members: readonly Member[]): Batching {
  const all = members.map(({ batching }) => batching)
  return all.find(({ fixed }) => fixed) ?? all.reduce((one, other) => (other.rowsStep > one.rowsStep ? other : one))
}

/** What batches are planned by: sources are padded to no more than each member saw. */
export function commonParts(members: readonly Member[]): Pick<TrainedParts, 'model' | 'sizes'> {
  const { model, sizes } = firstOf(members).parts
  const least = (of: (sizes: TrainedParts['sizes']) => number) =>
    Math.min(...members.map(({ parts }) => of(parts.sizes)))
  const longestSource = least((each) => each.longestSource)
  const longest = least(({ features }) => features?.longest ?? 1)
  const features = sizes.features && { features: { ...sizes.features, longest } }
  const lists = Object.entries(sizes.attributes ?? {}).map(([name, listed]) => {
    return [name, { ...listed, longest: least((each) => each.attributes?.[name]?.longest ?? 1) }] as const
  })
  const attributes = sizes.attributes && { attributes: Object.fromEntries(lists) }
  // Where one of them reads each source as a text of its own, all do.
  const chunked = members.find(({ parts }) => parts.model.chunks !== undefined)?.parts.model
  return { model: chunked ?? model, sizes: { ...sizes, ...features, ...attributes, longestSource } }
}

function predictBatch(
  members: readonly Member[],
  splits: readonly EncodedSources[],
  batch: Batch,
  options: PredictOptions,
) {
  const { parts } = firstOf(members)
  const aligned = options.alignments === true || options.replaceUnknown === true
  const search = {
    ...searchSettings(members, options, parts.spec.decode),
    alignments: aligned ? Number.POSITIVE_INFINITY : 0,
    ...(options.streams && { streams: options.streams }),
    ...(options.nBest !== undefined && { nBest: options.nBest }),
  }
  return predictTogether(members, splits, batch, search, { distributions: options.probabilities === true })
}

/** What is asked for and the models have not. Throws SeqlabError 'spec'. */
function refuseOptions(members: readonly Member[], options: PredictOptions): void {
  const { decode, replaceUnknown, probabilities, nBest = 1 } = options
  const { parts } = firstOf(members)
  const seen = members.some((member) => attends(member.parts.spec.model))
  const method: SearchMethod | undefined = decode && searchMethods.get(decode.type)
  const option = decode && method?.needsAlignment?.(decode)
  const needs = [...(replaceUnknown ? ['replacing unknown symbols'] : []), ...(option === undefined ? [] : [option])]
  const [need] = needs
  if (need !== undefined && !seen) {
    throw new SeqlabError('spec', `${need} needs alignments, and the model does not attend to its source`)
  }
  if (nBest > 1 && members.every((member) => member.parts.model.predictor.chains === undefined)) {
    throw new SeqlabError('spec', 'nBest is for models that find the best labels exactly (the head crf)', {
      hint: parts.task.decodes ? 'Use decode: { type: beam } with nBest.' : 'Ask for the probabilities of all labels.',
    })
  }
  if (probabilities && members.some((member) => member.parts.model.predictor.distributions === undefined)) {
    throw new SeqlabError('spec', `a model of the task ${parts.task.name} has no probabilities of all labels`)
  }
}

function readSource(split: EncodedSources, at: number) {
  const { features, featureTexts } = split
  const unknown = unknownIn(split.source, at) + (features === undefined ? 0 : unknownIn(features, at))
  const known = featureTexts === undefined ? {} : { features: featureTexts[at] ?? [] }
  return { tokens: split.tokens[at] ?? [], ...known, unknown, cut: split.cut[at] ?? 0 }
}

/** Greedy search is a beam of one, except where a model alone has a function for it. */
export function stepByStep(members: readonly Member[], decode: DecodeOptions): DecodeOptions {
  const alone = members.length === 1 && firstOf(members).searchesGreedily
  return decode.type === 'greedy' && !alone ? plainBeam(1) : decode
}
