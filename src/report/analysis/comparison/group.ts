import { relative } from 'node:path'
import { distinctBy } from '../../../core/lists.js'
import { isUndefined, type Measured, undefinedBecause } from '../../../core/measured.js'
import type { RecordedMetric } from '../../../metrics/measures.js'
import { lossMeasure, outputKind } from '../../../task/reporting.js'
import type { MetricView } from '../metrics.js'
import { metricView } from '../metrics.js'
import { byRank } from './by-dev.js'
import { attentionOf } from './details/attention.js'
import { confusionOf } from './details/confusion.js'
import { curvesOfVariants } from './details/curves.js'
import { lengthCurve } from './details/lengths.js'
import { variantsInDetail } from './details/limits.js'
import { examplesOf } from './details/predictions.js'
import { sharedExamples } from './details/shared.js'
import { effectsOf } from './effects.js'
import { unitsOf } from './levels.js'
import { testName } from './measures.js'
import { compareMetric } from './metric.js'
import type { FoundTrial, Skipped } from './read-trial.js'
import { rerunCommand } from './rerun.js'
import { metricSamples, type ResampleSettings, type TrialSamples } from './samples.js'
import type { ComparedTrial, Group, MetricComparison, Variant } from './types.js'
import { studyOf, type TrialGroup, type VariantTrials } from './variants.js'

interface GroupOptions {
  /** Put first; by default the first metric of the specs. */
  readonly metric?: string
  readonly seed: number
}

export interface DescribedGroup {
  readonly group: Group
  /** The trials that its values are computed from. */
  readonly trials: TrialGroup
  /** Its metrics, in the group's order. */
  readonly views: readonly MetricView[]
  readonly seed: number
  readonly skipped: readonly Skipped[]
}

/** Everything about one group of comparable trials, as plain data. */
export function describeGroup(all: TrialGroup, { metric, seed }: GroupOptions): DescribedGroup {
  const { group: usable, skipped } = usableTrials(all)
  const completed = usable.variants.flatMap((variant) => variant.completed)
  const measures = metricsOf(completed, metric)
  const metrics = measures.map(({ view }) => view)
  const resamples = affordable(completed, metrics)
  const units = unitsOf(usable)
  const seedWord = usable.mixed.length > 0 && !units.averaged ? 'run' : 'seed'
  const main = metrics[0]
  const finished = usable.variants.filter((variant) => variant.completed.length > 0)
  const task = completed[0]?.record.spec.task ?? { type: usable.task }
  const settings = { seed, resamples }
  const samples = main === undefined ? undefined : samplesOf(usable, main, settings)
  const compared = measures.map((measure) =>
    compareMetric(withMetric(usable, measure.view), measure.view, {
      ...{ ...settings, seedWord, units, ...otherWays(measure, measures, finished) },
      samples: measure.view === main ? samples : undefined,
    }),
  )
  const detailed = inDetail(finished, compared[0])
  const lengths = (detailed[0]?.lines ?? []).map(({ source }) => source.length)
  const group: Group = {
    task: usable.task,
    dataDigest: usable.dataDigest,
    testDigest: usable.testDigest,
    loss: lossOf(completed, task),
    examples: examplesIn(completed[0]),
    seenInTraining: seenInTraining(completed[0]),
    seedWord,
    differing: [...usable.differing],
    factors: [...usable.factors],
    columns: [...usable.columns],
    mixed: [...usable.mixed],
    averaged: units.averaged,
    variants: usable.variants.map(describeVariant),
    metrics: compared,
    resamples,
    effects: main === undefined ? [] : effectsOf(withMetric(usable, main), main, { ...settings, samples }),
    shared: main === undefined ? [] : sharedExamples(finished, main, { seed, output: outputKind(task) }),
    curves: curvesOfVariants(finished),
    lengths:
      main === undefined || lengths.length === 0
        ? []
        : [lengthCurve(finished, main, lengths, { seed, resamples: Math.min(resamples, 300) })],
    attention: attentionOf(detailed),
    confusion: detailed.map((one) => confusionOf(one, outputKind(task))).filter(({ pairs }) => pairs.length > 0),
    trials: usable.variants.flatMap((variant) =>
      [...variant.completed, ...variant.unfinished].map((trial) => describeTrial(variant.id, trial)),
    ),
  }
  return { group, trials: usable, views: metrics, seed, skipped }
}

/** The variants that are best on dev, with the predictions of their first trials. */
function inDetail(finished: readonly VariantTrials[], main: MetricComparison | undefined) {
  const named = finished.map(({ id }) => ({ variant: id }))
  const ranked = main === undefined ? named : byRank(main, named)
  const best = new Set(ranked.slice(0, variantsInDetail).map(({ variant }) => variant))
  const shown = finished.filter(({ id }) => best.has(id))
  return shown.map(({ id, completed: [first] }) => ({
    variant: id,
    seed: first?.record.seed ?? 0,
    lines: examplesOf(first),
    features: first?.record.spec.model.features,
  }))
}

function samplesOf(group: TrialGroup, main: MetricView, settings: ResampleSettings): TrialSamples {
  const trials = withMetric(group, main).variants.flatMap(({ completed }) => completed)
  return metricSamples(trials, main, settings)
}

function examplesIn(trial: FoundTrial | undefined): number {
  return Math.max(0, ...Object.values(trial?.statistics ?? {}).map(({ examples }) => examples))
}

/** Variants may have been trained for another loss each. */
function lossOf(completed: readonly FoundTrial[], task: { readonly type: string }): Group['loss'] {
  const labels = new Set(completed.map(({ record }) => lossMeasure(record.spec.task).label))
  const measure = lossMeasure(task)
  return labels.size > 1 ? { ...measure, label: [...labels].join(' or ') } : { ...measure }
}

function seenInTraining(trial: FoundTrial | undefined): Measured {
  const seen = trial?.record.data?.seenInTraining
  return seen === undefined ? undefinedBecause('it was not recorded for these test data') : (seen.test ?? 0)
}

/** Trials with another number of test examples than the rest cannot be resampled together with them: they are skipped. */
function usableTrials(group: TrialGroup): { group: TrialGroup; skipped: Skipped[] } {
  const most = Math.max(0, ...group.variants.flatMap(({ completed }) => completed.map(examplesIn)))
  const isUsable = (trial: FoundTrial) => most >= 2 && examplesIn(trial) === most
  const skipped = group.variants.flatMap(({ completed }) =>
    completed
      .filter((trial) => !isUsable(trial))
      .map(
        (trial): Skipped => ({
          path: trial.directory,
          reason:
            most < 2
              ? 'its test split has fewer than two examples'
              : `it has predictions of ${examplesIn(trial)} test examples, not ${most}`,
        }),
      ),
  )
  const variants = group.variants.map((variant) => ({ ...variant, completed: variant.completed.filter(isUsable) }))
  return { group: { ...group, variants }, skipped }
}

/** Metrics that any completed trial has statistics of: the chosen one first, then in the specs' order. */
function metricsOf(completed: readonly FoundTrial[], chosen: string | undefined): Measure[] {
  const all = completed.flatMap((trial) =>
    trial.record.spec.metrics.map((spec) => ({ name: testName(trial, spec.type), spec })),
  )
  const measures = distinctBy(all, ({ name }) => name)
  const isChosen = ({ name, spec }: RecordedMetric) => name === chosen || spec.type === chosen
  return [...measures.filter(isChosen), ...measures.filter((measure) => !isChosen(measure))]
    .filter(({ name }) => completed.some(({ statistics }) => statistics[name] !== undefined))
    .flatMap(({ name, spec }) => {
      const view = metricView(name, spec)
      return view === undefined ? [] : [{ view, metric: spec.type }]
    })
}

/** A metric under one way of measuring it. */
interface Measure {
  readonly view: MetricView
  /** The metric's own name. */
  readonly metric: string
}

/** Where trials measure a metric in several ways: which one, and the variants that have no value of it in this way. */
function otherWays(measure: Measure, measures: readonly Measure[], finished: readonly VariantTrials[]) {
  const { view, metric } = measure
  if (view.name === metric && measures.filter((other) => other.metric === metric).length === 1) return {}
  const isMeasured = ({ completed }: VariantTrials) => completed.some(({ statistics }) => statistics[view.name])
  return { metric, notMeasured: finished.filter((variant) => !isMeasured(variant)) }
}

function withMetric(group: TrialGroup, { name }: MetricView): TrialGroup {
  const variants = group.variants.map((variant) => ({
    ...variant,
    completed: variant.completed.filter(({ statistics }) => statistics[name] !== undefined),
  }))
  return { ...group, variants }
}

/** As many resamples as take a second or two, from 200 to 1,000: a variance needs no more. */
function affordable(completed: readonly FoundTrial[], metrics: readonly MetricView[]): number {
  const numbers = completed.reduce(
    (sum, { statistics }) => sum + metrics.reduce((inner, { name }) => inner + (statistics[name]?.data.length ?? 0), 0),
    0,
  )
  return Math.round(Math.min(1000, Math.max(200, 2.5e8 / Math.max(1, numbers))))
}

function describeVariant({ id, label, settings, completed, unfinished }: VariantTrials): Variant {
  const [first] = [...completed, ...unfinished]
  const times = completed.map(trainMsOf).filter((ms) => ms !== null)
  return {
    id,
    label,
    study: studyOf(first),
    settings: { ...settings },
    seeds: completed.map(({ record }) => record.seed),
    unfinished: unfinished.length,
    parameters: first?.record.parameters ?? 0,
    trainMs: meanOf(times),
    perStep: { ms: meanPerStep(completed, trainMsOf), tokens: meanPerStep(completed, ({ tokens }) => tokens ?? null) },
  }
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Null where it is not known of all. */
function meanPerStep(completed: readonly FoundTrial[], of: (trial: FoundTrial) => number | null): number | null {
  const each = completed.flatMap((trial) => {
    const all = of(trial)
    return all === null || trial.record.stepsDone === 0 ? [] : [all / trial.record.stepsDone]
  })
  return each.length < completed.length ? null : meanOf(each)
}

/** Time of training alone where it was measured, else of the whole trial. */
function trainMsOf({ record: { timings } }: FoundTrial): number | null {
  const known = timings.train ?? timings.trainMs ?? timings.total
  return known ?? null
}

function describeTrial(variant: string, trial: FoundTrial): ComparedTrial {
  const { record } = trial
  const directory = relative('', trial.directory) || '.'
  const values = (of: typeof record.metrics.test) =>
    Object.fromEntries(Object.entries(of ?? {}).map(([name, one]) => [name, isUndefined(one) ? one : one.value]))
  return {
    trialId: record.trialId,
    evaluation: record.evaluation,
    variant,
    seed: record.seed,
    status: record.status,
    reason: record.error?.message ?? '',
    concerns: record.status === 'completed' ? [...(trial.concerns ?? [])] : [],
    test: values(record.metrics.test),
    dev: values(record.metrics.dev),
    parameters: record.parameters,
    trainMs: trainMsOf(trial),
    steps: record.stepsDone,
    directory,
    rerun: rerunCommand(trial),
  }
}
