import type { Problem } from '../core/errors.js'
import { isNumber } from '../core/measured.js'
import { targetScaling } from '../data/scaling.js'
import { type Dataset, type Split, UNSEEN_LABEL } from '../data/types.js'
import { buildMetrics, corpusValue, type NamedMetric } from '../metrics/score.js'
import type { ScoredExample } from '../metrics/types.js'
import { scoredExample } from '../task/examples.js'
import { rowLength } from '../task/sizes.js'
import { tagProblems } from './preflight.js'
import { criterionCurve, selectChoices } from './select-choices.js'
import { buildValidationMetrics } from './selection.js'
import type { TrialSettings } from './types.js'

const splits = ['dev', 'test'] as const

/**
 * What of a trial's results will be undefined, or leave something out, whatever is trained: a loss over labels that
 * training never sees, a metric that the data give nothing to count for or to select by, series that are constant in
 * training or whose changes float32 does not hold.
 */
export function trialWarnings(settings: Pick<TrialSettings, 'metrics' | 'train'>, dataset: Dataset): Problem[] {
  // Metrics that cannot read the tags are errors, and have no values to warn of.
  const areReadable = tagProblems(settings, dataset).length === 0
  const built = areReadable ? buildMetrics(settings.metrics, dataset.counts) : []
  const ofSelect = areReadable ? selectWarnings(settings, dataset) : []
  const ofSplits = splits.flatMap((name) => {
    const split = dataset[name]
    if (split.size === 0) return []
    return [...lossWarnings(name, split), ...built.flatMap((metric) => metricWarnings(metric, name, dataset, split))]
  })
  return [...constantSeries(dataset), ...lostSeries(dataset), ...ofSplits, ...ofSelect]
}

/** Criteria that may decide nothing, because they have no value on dev. */
function selectWarnings(settings: Pick<TrialSettings, 'metrics' | 'train'>, dataset: Dataset): Problem[] {
  const { dev } = dataset
  if (dev.size === 0) return []
  const built = buildValidationMetrics(settings, dataset.counts)
  return selectChoices(settings).flatMap((choice, at): Problem[] => {
    if (choice === 'loss') return []
    const metric = built.find(({ name }) => name === criterionCurve(settings, choice))
    const value = metric && corpusValue(metric, rightSums(metric, dataset, dev))
    if (value === undefined || isNumber(value)) return []
    const message = `${choice.type} is undefined on dev even if all is predicted right (${value.reason}): where it is, it does not decide between checkpoints`
    const more = at === 0 ? ', and patience and a plateau do not count the validation' : ''
    return [{ path: 'train.validate.select', message: `${message}${more}` }]
  })
}

function constantSeries({ scaling = [] }: Dataset): Problem[] {
  const constant = targetScaling(scaling)
    .filter(({ naiveError }) => naiveError === 0)
    .map(({ name }) => name)
  if (constant.length === 0) return []
  const which = constant.length === 1 ? `the series ${constant[0]} is` : `the series ${constant.join(', ')} are`
  return [{ path: 'data.source', message: `${which} constant in training (from one season to the next)` }]
}

/** Series next to which some number is so large that float32 cannot tell the others apart. */
function lostSeries({ counts: { lostChanges = {} } }: Dataset): Problem[] {
  return Object.entries(lostChanges).map(([name, { lost, changes }]) => ({
    path: 'data.source',
    message: `${lost} of ${changes} changes of the series ${name} from step to step in training are lost once it is scaled: its numbers are much larger than these changes, and float32 has 7 digits`,
    hint: 'correct or remove numbers that are much larger than all others; of numbers far from 0 that change little, scale: standard keeps the changes',
  }))
}

/** Labels without an id: they have no probability, and no prediction is ever one of them. */
function lossWarnings(name: string, { target }: Split): Problem[] {
  if (target.kind === 'values' || target.data.length === 0) return []
  const labels = target.data.length
  const unseen = target.data.filter((id) => id === UNSEEN_LABEL).length
  if (unseen === 0) return []
  const message =
    unseen === labels
      ? `the loss on ${name} is undefined: no label of ${name} occurs in training`
      : `${unseen} of ${labels} labels of ${name} do not occur in training: the loss leaves them out, and no prediction of them is right`
  return [{ path: 'data', message }]
}

/** By predictions that are all right: where these have no value, or leave something out, others seldom do better. */
function metricWarnings(metric: NamedMetric, name: string, dataset: Dataset, split: Split): Problem[] {
  const sums = rightSums(metric, dataset, split)
  const value = corpusValue(metric, sums)
  if (!isNumber(value)) {
    return [
      {
        path: 'metrics',
        message: `${metric.name} is undefined on ${name}, even if all is predicted right: ${value.reason}`,
      },
    ]
  }
  const note = metric.note?.(sums)
  return note === undefined ? [] : [{ path: 'metrics', message: `${metric.name} on ${name} is ${note}` }]
}

/** Statistics of right predictions, as many as give a value: what a metric leaves out it leaves out of every example. */
function rightSums(metric: NamedMetric, dataset: Dataset, split: Split): readonly number[] {
  let sums: readonly number[] = []
  for (let index = 0; index < split.size; index++) {
    const row = metric.statistics(rightPrediction(dataset, split, index))
    sums = row.map((statistic, at) => statistic + (sums[at] ?? 0))
    if (isNumber(corpusValue(metric, sums))) break
  }
  return sums
}

function rightPrediction(dataset: Dataset, split: Split, index: number): ScoredExample {
  const cost = { crossEntropyNats: 0, crossEntropyTokens: scoredTokens(split, index) }
  const example = scoredExample(dataset, split, index, {
    score: 0,
    ...cost,
    ...rightAttention(split, index),
  })
  const { values, references } = example
  return {
    ...example,
    ...(values && { values: { ...values, predicted: values.reference } }),
    hypothesis: references[0] ?? [],
  }
}

/** All weight on the true links, where they are known. */
function rightAttention({ target, alignments }: Split, index: number): Pick<ScoredExample, 'attended'> {
  const links = alignments?.[index]
  if (links === undefined) return {}
  const rows: number[][] = Array.from({ length: rowLength(target.offsets, index) }, () => [])
  for (const [source, to] of [...links.sure, ...links.possible]) {
    const row = rows[to]
    if (row !== undefined) row[source] = 1
  }
  return { attended: { weights: rows.map((row) => Array.from(row, (weight) => weight ?? 0)), ...links } }
}

/** Of a label that training has not seen nothing is scored; of any sequence at least its end is. */
function scoredTokens({ target }: Split, index: number): number {
  const [start = 0, end = 0] = [target.offsets[index], target.offsets[index + 1]]
  if (target.kind === 'values') return end - start
  const ids = target.data.subarray(start, end)
  return ids.length === 0 ? 1 : ids.filter((id) => id !== UNSEEN_LABEL).length
}
