import { canonicalJson } from '../../../core/canonical-json.js'
import { toPlainError } from '../../../core/errors.js'
import { sha256 } from '../../../core/hash.js'
import { undefinedBecause } from '../../../core/measured.js'
import type { MetricSpec } from '../../../metrics/index.js'
import { isSameMeasure, type RecordedMetric } from '../../../metrics/measures.js'
import type { StatisticsTable } from '../../../stats/bootstrap.js'
import {
  type EvaluationRecord,
  openTrial,
  parseMetrics,
  type RunRecord,
  readEvaluation,
  readEvaluations,
  readPredictionsText,
  trialPath,
} from '../../../store/index.js'
import { validationMetrics } from '../../../train/select-choices.js'
import type { MetricsLine } from '../../../train/types.js'
import { metricLookup } from '../metrics.js'
import { endlessFindings, type HealthFinding, healthOf, limitOf } from '../trial/health.js'
import { curvesOf, type RecordedCurves, testOutputs, testStatistics } from './lines.js'

/**
 * What a comparison counts: a trained model under one evaluation, without its lines: of a thousand trials they would not
 * fit in memory. Evaluations of one trained model have equal `record.trialId`.
 */
export interface FoundTrial extends RecordedCurves {
  readonly directory: string
  /** The trial's record as if this evaluation were its final one: label, variant, search, metrics, test data and results. */
  readonly record: RunRecord
  /** Name of the evaluation's folder; undefined where the trial has no result. */
  readonly evaluation?: string
  /** What its studies call it; the first is that of the folder it was found in. */
  readonly names: readonly TrialName[]
  /** The base directory of its relative data paths, where its study knows it. */
  readonly dataDir?: string
  /** The folder that its study was run in, where that is known: `train.init.from` is relative to it. */
  readonly cwd?: string
  /** Of the test examples, by metric. */
  readonly statistics: Readonly<Record<string, StatisticsTable>>
  /** The metrics of its validations, by the names of their curves: those that it was trained with. */
  readonly validated: readonly RecordedMetric[]
  /** What its metrics are called, where other trials have them under other options; absent: as they are recorded. */
  readonly called?: Called
  /** Why its result is not to be trusted, where that is so. */
  readonly concerns?: readonly string[]
  /** sha-256 of the curves' and the predictions' lines. */
  readonly lines: { readonly metrics: string; readonly predictions: string }
}

/** What a trial's metrics are called among those of the others, by the names that they are recorded under: those that differ. */
export interface Called {
  readonly test: ReadonlyMap<string, string>
  readonly curves: ReadonlyMap<string, string>
}

/** A trial as it is found in its own folder, whatever studies call it. */
export type ReadTrial = Omit<FoundTrial, 'names'>

/** A variant's name within a study. */
export interface TrialName {
  readonly study: string
  /** The real path of the study's folder: a study is its folder, which may have been renamed, and others may have its name. */
  readonly folder: string
  readonly label: string
  /** Values of the study's grid, by path. */
  readonly variant: Readonly<Record<string, unknown>>
}

/** What was not read, and why. */
export interface Skipped {
  readonly path: string
  readonly reason: string
}

/** What a trial's study knows of it. */
interface Origin extends Pick<FoundTrial, 'dataDir' | 'cwd'> {
  /** The one evaluation that is compared, by its name; absent: those of the plan. */
  readonly evaluation?: string | undefined
  /** The evaluations that its plan has; absent: any. */
  readonly planned?: readonly { readonly id: string }[]
}

interface ReadTrials {
  readonly trials: readonly ReadTrial[]
  readonly skipped: readonly Skipped[]
}

/**
 * The evaluations of the trial in a folder that its study plans; without a plan all that no other one has with more metrics.
 * One without a result where the trial has not finished.
 */
export async function readFoundTrial(
  directory: string,
  { planned, evaluation: named, ...origin }: Origin,
): Promise<ReadTrials> {
  try {
    const { record, text } = await openTrial(directory)
    const metrics = await text('metrics')
    const parsed = parseMetrics(metrics, trialPath(directory, 'metrics'))
    const recorded = curvesOf(parsed)
    const concerns = concernsOf(record, parsed)
    const shared = {
      ...{ directory, ...origin, ...recorded, concerns, validated: validationMetrics(record.spec) },
      lines: { metrics: sha256(metrics), predictions: '' },
    }
    if (record.status !== 'completed') return { trials: [{ ...shared, record, statistics: {} }], skipped: [] }
    if (named !== undefined) return await evaluatedAs(named, { ...shared, record })
    const { evaluations, problems } = readEvaluations(directory, record.trialId)
    const current =
      planned === undefined
        ? evaluations.filter((one) => !evaluations.some((other) => supersedes(other, one)))
        : evaluations.filter(({ id }) => planned.some((one) => one.id === id))
    const trials = await Promise.all(current.map((evaluation) => evaluated({ ...shared, record }, evaluation)))
    return { trials, skipped: problems.map((reason) => ({ path: directory, reason })) }
  } catch (error) {
    return { trials: [], skipped: [{ path: directory, reason: toPlainError(error).message }] }
  }
}

/** The trial under one of its evaluations; skipped where it has none of this name. */
async function evaluatedAs(name: string, trial: Omit<ReadTrial, 'statistics'>): Promise<ReadTrials> {
  const evaluation = readEvaluation(trial.directory, name)
  if (evaluation !== undefined) return { trials: [await evaluated(trial, evaluation)], skipped: [] }
  return { trials: [], skipped: [{ path: trial.directory, reason: `it has no evaluation ${name}` }] }
}

/** Of training alone: predictions are not read here. */
function concernsOf(record: RunRecord, lines: readonly MetricsLine[]): string[] {
  return badOnes(healthOf({ record, lines, predictions: [], metrics: metricLookup(record.spec.metrics) }))
}

/** Of the outputs of one evaluation. */
function outputConcerns(record: RunRecord, predictions: string): string[] {
  const limit = limitOf(record)
  return limit === undefined ? [] : badOnes(endlessFindings(testOutputs(predictions, limit), limit))
}

function badOnes(findings: readonly HealthFinding[]): string[] {
  return findings.filter(({ level }) => level === 'bad').map(({ text }) => text)
}

async function evaluated(trial: Omit<ReadTrial, 'statistics'>, evaluation: EvaluationRecord): Promise<ReadTrial> {
  const predictions = await readPredictionsText(trial.directory, evaluation)
  const record = recordUnder(trial.record, evaluation)
  return {
    ...trial,
    record,
    evaluation: evaluation.name,
    statistics: testStatistics(predictions),
    concerns: [...(trial.concerns ?? []), ...outputConcerns(record, predictions)],
    lines: { ...trial.lines, predictions: evaluation.predictions.sha256 },
  }
}

function recordUnder(record: RunRecord, evaluation: EvaluationRecord): RunRecord {
  const { id, label, variant, decode, metrics, testDigest, results, testSet } = evaluation
  const { data, ...shared } = record
  return {
    ...shared,
    // What was counted of the test split is of the one that the trial was trained with.
    ...(data !== undefined && testDigest === record.digests.test && { data }),
    label,
    variant,
    evaluation: id,
    spec: { ...record.spec, decode, metrics },
    digests: { ...record.digests, test: testDigest },
    // On data of its own nothing is selected: that was done on the trial's dev set.
    metrics: testSet === undefined ? results : { ...results, dev: devUnder(record, metrics) },
  }
}

/** A trial's dev results of the metrics that it was trained with under these options. */
function devUnder(
  { metrics, spec }: RunRecord,
  asked: readonly MetricSpec[],
): NonNullable<RunRecord['metrics']['dev']> {
  const isOther = (name: string) =>
    asked.some(({ type }) => type === name) &&
    !asked.some((one) => spec.metrics.some((own) => own.type === name && isSameMeasure(one, own)))
  return Object.fromEntries(
    Object.entries(metrics.dev ?? {}).map(([name, result]) => [name, isOther(name) ? otherwiseOnDev : result]),
  )
}

const otherwiseOnDev = undefinedBecause('dev was measured under other options of the metric')

/** Whether an evaluation has all that another one has and more metrics: a metric was added later. */
function supersedes(larger: EvaluationRecord, smaller: EvaluationRecord): boolean {
  const [has, needs] = [larger, smaller].map(({ metrics }) => new Set(metrics.map(canonicalJson)))
  const same =
    larger.testDigest === smaller.testDigest && canonicalJson(larger.decode) === canonicalJson(smaller.decode)
  if (!same || has === undefined || needs === undefined || has.size <= needs.size) return false
  return [...needs].every((metric) => has.has(metric))
}
