import { ensembleId } from '../../../../spec/hash.js'
import type { StatisticsTable } from '../../../../stats/bootstrap.js'
import { type EvaluationRecord, readEnsembles, readPredictionsText } from '../../../../store/index.js'
import { testStatistics } from '../lines.js'
import { keysRenamed } from '../measures.js'
import type { FoundTrial, Skipped } from '../read-trial.js'
import type { VariantTrials } from '../variants.js'

/** The evaluation of models that predicted together, as a comparison counts it. */
export interface FoundEnsemble {
  readonly id: string
  readonly results: EvaluationRecord['results']['test']
  /** Of the test examples, by metric. */
  readonly statistics: Readonly<Record<string, StatisticsTable>>
}

interface ReadEnsembles {
  readonly ensembles: readonly FoundEnsemble[]
  readonly skipped: readonly Skipped[]
}

/** The ensembles of a study that were evaluated; damaged ones are skipped. */
export async function readEnsemblesOf(study: string): Promise<ReadEnsembles> {
  const { ensembles, problems } = readEnsembles(study)
  const read = await Promise.allSettled(ensembles.map((evaluation) => readEnsemble(study, evaluation)))
  const damaged = read.flatMap((one) => (one.status === 'rejected' ? [String(one.reason.message)] : []))
  return {
    ensembles: read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    skipped: [...problems, ...damaged].map((reason) => ({ path: study, reason })),
  }
}

async function readEnsemble(study: string, evaluation: EvaluationRecord): Promise<FoundEnsemble> {
  const statistics = testStatistics(await readPredictionsText(study, evaluation))
  return { id: evaluation.id, results: evaluation.results.test, statistics }
}

/** The ensemble of a variant's models, by the evaluation that its trials are compared under; undefined where a seed has failed. */
export function ensembleOf({ completed, unfinished }: VariantTrials): string | undefined {
  const [first] = completed
  if (first === undefined || unfinished.length > 0) return undefined
  const ids = completed.map(({ record }) => record.trialId)
  return ensembleId(ids, first.record.evaluation)
}

/** The models of a variant as one trial, whose results are those of all together; none where they were not evaluated so. */
export function together(variant: VariantTrials, ensembles: readonly FoundEnsemble[]): readonly FoundTrial[] {
  const [first] = variant.completed
  const id = ensembleOf(variant)
  const found = id === undefined ? undefined : ensembles.find((one) => one.id === id)
  if (first === undefined || found === undefined) return []
  const { record } = first
  const metrics = { ...record.metrics, test: keysRenamed(found.results, first.called?.test) }
  // One value of a variant, whatever its seeds are.
  const statistics = keysRenamed(found.statistics, first.called?.test)
  return [{ ...first, record: { ...record, seed: 0, metrics }, statistics }]
}
