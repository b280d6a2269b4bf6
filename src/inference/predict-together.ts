import { targetScaling } from '../data/scaling.js'
import { logMean } from '../decode/average.js'
import { chainOfLabels, meanOfChains } from '../decode/chain/average.js'
import type { Chain } from '../decode/chain/types.js'
import { unscale } from '../task/examples.js'
import { chainPrediction } from '../task/models/chain-predictor.js'
import { searchTogether } from '../task/predict.js'
import type { Examples, Prediction, Predictor, SearchRequest } from '../task/types.js'
import { examplesOf } from './batches.js'
import type { Member } from './member.js'
import type { EncodedSources } from './sources.js'

/** Sources as a member reads them. */
type Read = Pick<EncodedSources, 'source' | 'features' | 'attributes' | 'unknown' | 'ahead'>
type Sources = Examples<Read>

/** What predictions may have beyond the outputs. */
export interface Wanted {
  /** The probabilities of all labels. */
  readonly distributions: boolean
}

/**
 * Predictions of one model, or of several together: probabilities are averaged at each step of a search, at each label, and at
 * each symbol of a text; log potentials where one of them chooses its labels together; forecasts, in their own units, as they are.
 * `splits`: the sources as each member reads them.
 */
export async function predictTogether(
  members: readonly Member[],
  splits: readonly Read[],
  batch: Omit<Sources, 'split'>,
  request: SearchRequest,
  { distributions }: Wanted,
): Promise<readonly Prediction[]> {
  const readers = members.flatMap(({ parts, run }, place): Reader[] => {
    const split = splits[place]
    return split === undefined ? [] : [{ parts, run, examples: examplesOf(parts.model, split, batch) }]
  })
  const [first] = readers
  if (first === undefined) throw new RangeError('An ensemble has at least one model')
  const { predictor } = first.parts.model
  if (first.parts.task.decodes && readers.length > 1) return search(readers, first.examples, request)
  if (readers.some(({ parts }) => parts.model.predictor.chains !== undefined)) {
    const chains = await potentials(readers)
    return chains.map((chain) => chainPrediction(chain, { nBest: request.nBest, distributions }))
  }
  if (distributions || (predictor.distributions !== undefined && readers.length > 1)) return label(readers)
  const all = await oneByOne(readers, (reader) => alone(reader, request))
  return batch.indices.map((_, row) => meanOf(all.flatMap((each) => each[row] ?? [])))
}

/** A member with the sources as it reads them. */
interface Reader extends Pick<Member, 'parts' | 'run'> {
  readonly examples: Sources
}

/** What each member gives, one after the other; members that do not have it give nothing. */
async function oneByOne<T>(
  readers: readonly Reader[],
  ask: (reader: Reader, predictor: Predictor) => Promise<T> | undefined,
): Promise<T[]> {
  const all: T[] = []
  for (const reader of readers) {
    const given = await ask(reader, reader.parts.model.predictor)
    if (given !== undefined) all.push(given)
  }
  return all
}

async function search(readers: readonly Reader[], examples: Sources, request: SearchRequest) {
  const begun = await oneByOne(readers, ({ run, examples }, { begin }) => begin?.(run, examples))
  return searchTogether(begun, examples, request)
}

/** The potentials of each example's labels, averaged over the members; labels that stand by themselves have their own. */
async function potentials(readers: readonly Reader[]): Promise<readonly Chain[]> {
  const all = await oneByOne(readers, ({ run, examples }, { chains, distributions }) => {
    return chains?.(run, examples) ?? distributions?.(run, examples).then((rows) => rows.map(chainOfLabels))
  })
  return (all[0] ?? []).map((_, example) => meanOfChains(all.flatMap((each) => each[example] ?? [])))
}

/** The most probable label at each row, by the mean of all distributions. */
async function label(readers: readonly Reader[]): Promise<readonly Prediction[]> {
  const all = await oneByOne(readers, ({ run, examples }, { distributions }) => distributions?.(run, examples))
  return (all[0] ?? []).map((rows, example) => {
    const distributions = rows.map((row, step) => {
      return row.map((_, id) => logMean(all.map((each) => each[example]?.[step]?.[id] ?? -Infinity)))
    })
    const ids = distributions.map((row) => row.indexOf(Math.max(...row)))
    const tokenScores = distributions.map((row) => Math.max(...row))
    return { ids, tokenScores, score: tokenScores.reduce((sum, value) => sum + value, 0), distributions }
  })
}

/** What a model predicts by itself; forecasts in their own units. */
async function alone({ parts, run, examples }: Reader, request: SearchRequest): Promise<readonly Prediction[]> {
  const predictions = await parts.model.predictor.predict(run, examples, request)
  const { scaling } = parts.description
  if (scaling === undefined) return predictions
  return predictions.map(({ values = [], ...rest }) => ({ ...rest, values: unscale(values, targetScaling(scaling)) }))
}

/** Of forecasts the mean of their values, of a text the logarithm of the mean probability of each of its symbols. */
function meanOf(predictions: readonly Prediction[]): Prediction {
  const [first] = predictions
  if (first === undefined) throw new RangeError('The model gave no prediction for a source')
  if (predictions.length === 1) return first
  const { values, sourceScores } = first
  if (values !== undefined) {
    const mean = values.map((_, at) => {
      return predictions.reduce((sum, each) => sum + (each.values?.[at] ?? Number.NaN), 0) / predictions.length
    })
    return { values: mean, score: 0 }
  }
  const scores = (sourceScores ?? []).map((_, at) => {
    return logMean(predictions.map((each) => each.sourceScores?.[at] ?? -Infinity))
  })
  // What is most probable by the mean at each place is not known of the members' own most probable symbols.
  return { ids: [], score: scores.reduce((sum, value) => sum + value, 0), sourceScores: scores }
}
