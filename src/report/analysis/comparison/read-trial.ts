import { canonicalJson } from '../../../core/canonical-json.js'
import { toPlainError } from '../../../core/errors.js'
import { sha256 } from '../../../core/hash.js'
import type { StatisticsTable } from '../../../stats/bootstrap.js'
import {
  type EvaluationRecord,
  openTrial,
  parseMetrics,
  type RunRecord,
  readEvaluations,
  readPredictionsText,
  trialPath,
} from '../../../store/index.js'
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
  /** What its studies call it; the first is the record's. */
  readonly names: readonly TrialName[]
  /** The base directory of its relative data paths, where its study knows it. */
  readonly dataDir?: string
  /** The folder that its study was run in, where that is known: `train.init.from` is relative to it. */
  readonly cwd?: string
  /** Of the test examples, by metric. */
  readonly statistics: Readonly<Record<string, StatisticsTable>>
  /** Why its result is not to be trusted, where that is so. */
  readonly concerns?: readonly string[]
  /** sha-256 of the curves' and the predictions' lines. */
  readonly lines: { readonly metrics: string; readonly predictions: string }
}

/** A variant's name within a study. */
export interface TrialName {
  readonly study: string
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
  /** The evaluations that its plan has; absent: any. */
  readonly planned?: readonly { readonly id: string }[]
}

interface ReadTrial {
  readonly trials: readonly FoundTrial[]
  readonly skipped: readonly Skipped[]
}

/**
 * The evaluations of the trial in a folder that its study plans; without a plan all that no other one has with more metrics.
 * One without a result where the trial has not finished.
 */
export async function readFoundTrial(directory: string, { planned, ...origin }: Origin): Promise<ReadTrial> {
  try {
    const { record, text } = await openTrial(directory)
    const metrics = await text('metrics')
    const parsed = parseMetrics(metrics, trialPath(directory, 'metrics'))
    const recorded = curvesOf(parsed)
    const concerns = concernsOf(record, parsed)
    const shared = { directory, ...origin, ...recorded, concerns, lines: { metrics: sha256(metrics), predictions: '' } }
    const names = namesIn(record)
    if (record.status !== 'completed') return { trials: [{ ...shared, record, names, statistics: {} }], skipped: [] }
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

function namesIn({ study, label, variant }: RunRecord): TrialName[] {
  return [{ study, label, variant }]
}

async function evaluated(
  trial: Omit<FoundTrial, 'names' | 'statistics'>,
  evaluation: EvaluationRecord,
): Promise<FoundTrial> {
  const predictions = await readPredictionsText(trial.directory, evaluation)
  const record = recordUnder(trial.record, evaluation)
  return {
    ...trial,
    record,
    evaluation: evaluation.name,
    names: namesIn(record),
    statistics: testStatistics(predictions),
    concerns: [...(trial.concerns ?? []), ...outputConcerns(record, predictions)],
    lines: { ...trial.lines, predictions: evaluation.predictions.sha256 },
  }
}

function recordUnder(record: RunRecord, evaluation: EvaluationRecord): RunRecord {
  const { id, label, variant, decode, metrics, testDigest, results } = evaluation
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
    metrics: results,
  }
}

/** Whether an evaluation has all that another one has and more metrics: a metric was added later. */
function supersedes(larger: EvaluationRecord, smaller: EvaluationRecord): boolean {
  const [has, needs] = [larger, smaller].map(({ metrics }) => new Set(metrics.map(canonicalJson)))
  const same =
    larger.testDigest === smaller.testDigest && canonicalJson(larger.decode) === canonicalJson(smaller.decode)
  if (!same || has === undefined || needs === undefined || has.size <= needs.size) return false
  return [...needs].every((metric) => has.has(metric))
}
