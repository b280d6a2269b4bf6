import { targetScaling } from '../data/scaling.js'
import { logMean } from '../decode/average.js'
import { meanOfChains } from '../decode/chain/average.js'
import type { Chain } from '../decode/chain/types.js'
import { unscale } from '../task/examples.js'
import { chainPrediction } from '../task/models/chain-predictor.js'
import { searchTogether } from '../task/predict.js'
import type { Examples, Prediction, SearchRequest } from '../task/types.js'
import { examplesOf } from './batches.js'
import type { Member } from './member.js'
import type { EncodedSources } from './sources.js'

type Sources = Examples<EncodedSources>

/** What predictions may have beyond the outputs. */
export interface Wanted {
  /** The probabilities of all labels. */
  readonly distributions: boolean
}

/**
 * Predictions of one model, or of several together: probabilities are averaged at each step of a search, at each label, and at
 * each symbol of a text; log potentials of labels that are chosen together; forecasts, in their own units, as they are. `splits`: the sources as each member reads them.
 */
export async function predictTogether(
  members: readonly Member[],
  splits: readonly EncodedSources[],
  batch: Omit<Sources, 'split'>,
  request: SearchRequest,
  { distributions }: Wanted,
): Promise<readonly Prediction[]> {
  const [first] = members
  const examples = members.flatMap(({ parts }, place) => {
    const split = splits[place]
    return split === undefined ? [] : [examplesOf(parts.model, split, batch)]
  })
  const [own] = examples
  if (first === undefined || own === undefined) throw new RangeError('An ensemble has at least one model')
  const { predictor } = first.parts.model
  if (first.parts.task.decodes && members.length > 1) return search(members, examples, request)
  if (members.every(({ parts }) => parts.model.predictor.chains !== undefined)) {
    const chains = await potentials(members, examples)
    return chains.map((chain) => chainPrediction(chain, { nBest: request.nBest, distributions }))
  }
  if (distributions || (predictor.distributions !== undefined && members.length > 1)) return label(members, examples)
  const all: (readonly Prediction[])[] = []
  for (const [place, member] of members.entries()) {
    all.push(await alone(member, examples[place] ?? own, request))
  }
  return batch.indices.map((_, row) => meanOf(all.flatMap((each) => each[row] ?? [])))
}

async function search(members: readonly Member[], examples: readonly Sources[], request: SearchRequest) {
  const begun = []
  for (const [place, { parts, run }] of members.entries()) {
    const own = examples[place]
    if (own !== undefined && parts.model.predictor.begin !== undefined) {
      begun.push(await parts.model.predictor.begin(run, own))
    }
  }
  const [first] = examples
  return first === undefined ? [] : searchTogether(begun, first, request)
}

/** The potentials of each example's labels, averaged over the members. */
async function potentials(members: readonly Member[], examples: readonly Sources[]): Promise<readonly Chain[]> {
  const all: (readonly Chain[])[] = []
  for (const [place, { parts, run }] of members.entries()) {
    const own = examples[place]
    const found = own && (await parts.model.predictor.chains?.(run, own))
    if (found !== undefined) all.push(found)
  }
  return (all[0] ?? []).map((_, example) => meanOfChains(all.flatMap((each) => each[example] ?? [])))
}

/** The most probable label at each row, by the mean of all distributions. */
async function label(members: readonly Member[], examples: readonly Sources[]): Promise<readonly Prediction[]> {
  const all: (readonly (readonly (readonly number[])[])[])[] = []
  for (const [place, { parts, run }] of members.entries()) {
    const own = examples[place]
    const found = own && (await parts.model.predictor.distributions?.(run, own))
    if (found !== undefined) all.push(found)
  }
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
async function alone(
  { parts, run }: Member,
  examples: Sources,
  request: SearchRequest,
): Promise<readonly Prediction[]> {
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
