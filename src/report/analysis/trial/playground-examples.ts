import { joinTokens } from '../../../core/pieces.js'
import { randomStream } from '../../../core/random.js'
import type { PlaygroundModel } from '../../../playground/model.js'
import type { PredictionLine } from '../../../train/types.js'
import type { PredictionsInput } from './input.js'

/** What a reader may begin with. */
export interface PlaygroundExamples {
  /** Sources of the test split, and of each its features. */
  readonly examples: readonly string[]
  readonly features: readonly string[]
  /** Of a forecast: the test part of the series, as far as it is known. */
  readonly series: readonly (readonly number[])[]
}

const examplesGiven = 20

/** Sources of the test split, drawn by the trial's seed. `separator`: of features. */
export function playgroundExamples(
  { predictions, record, joiners }: Pick<PredictionsInput, 'predictions' | 'record' | 'joiners'>,
  { scaling = [] }: Pick<PlaygroundModel, 'scaling'>,
  separator = ' ',
): PlaygroundExamples {
  const test = predictions.filter(({ split }) => split === 'test')
  const drawn = randomStream(record.seed, 'sampling', 'report').shuffle(test.length > 0 ? test : predictions)
  const shown = drawn.filter(({ values }) => values === undefined).slice(0, examplesGiven)
  return {
    examples: shown.map(({ source }) => joinTokens(source, joiners.source)),
    features: shown.map(({ features = [] }) => features.join(separator)),
    series: scaling.some(({ role }) => role !== undefined) ? [] : seriesIn(test, scaling.length),
  }
}

const stepsGiven = 500

/**
 * The series of the test part, out of the first steps that its windows forecast: where each window is one step after the one
 * before, and everything that the model reads is forecast.
 */
function seriesIn(test: readonly PredictionLine[], width: number): number[][] {
  const rows = test.slice(0, stepsGiven).map(({ values }) => values?.reference ?? [])
  const follows = rows.every((row, at) => {
    const before = rows[at - 1]
    return (
      before === undefined ||
      row.slice(0, before.length - width).every((value, place) => value === before[place + width])
    )
  })
  return follows && rows.some(({ length }) => length > width) ? rows.map((row) => row.slice(0, width)) : []
}
