import { SeqlabError } from '../../core/errors.js'
import { loadDataset } from '../../data/load.js'
import type { Split } from '../../data/types.js'
import { type EvaluationRecord, type RunRecord, writeOwnEvaluation } from '../../store/index.js'
import { tasks } from '../../task/index.js'
import { type OpenOptions, openMember } from '../member.js'
import { evaluateTogether } from './evaluate-together.js'

/** Trials of one study whose models are to predict its test set together. */
export interface EnsembleRequest {
  /** The study's folder, which the evaluation is of. */
  readonly study: string
  readonly id: string
  /** In the order in which they are opened; all of one variant. */
  readonly trials: readonly { readonly directory: string; readonly record: RunRecord }[]
  /** The base directory of relative data paths. */
  readonly dataDir: string
  readonly versions: EvaluationRecord['versions']
  readonly warn: NonNullable<OpenOptions['warn']>
}

/**
 * Evaluates the models of several trials together on their test set, and writes the evaluation into the study's folder.
 * Throws SeqlabError: 'run' where a model is missing or unlike the others, 'data' where the test set cannot be read or is
 * another one by now.
 */
export async function evaluateEnsemble(request: EnsembleRequest): Promise<EvaluationRecord> {
  const { study, id, trials, dataDir, versions, warn } = request
  const [first] = trials
  if (first === undefined) throw new RangeError('An ensemble has at least one model')
  const members = trials.map(({ directory }) => openMember(directory, { warn }))
  try {
    const { record } = first
    const test = await testOf(record, dataDir)
    const { tags } = record.data ?? {}
    const evaluated = await evaluateTogether(members, test, record.spec, tags === undefined ? {} : { tags })
    const { trialId, label, variant } = record
    const evaluation = {
      ...{ schemaVersion: 2 as const, trialId, name: id, id, label, variant },
      ...{ decode: evaluated.decode, metrics: [...evaluated.metrics], testDigest: record.digests.test },
      results: { dev: {}, test: evaluated.results },
      together: trials.map((trial) => trial.record.trialId),
      ...{ engine: members[0]?.engine ?? '', versions },
    }
    const written = await writeOwnEvaluation({ trial: study }, { evaluation, predictions: evaluated.predictions })
    return written.record
  } finally {
    for (const { dispose } of members) await dispose()
  }
}

/** The test set that the trials were evaluated on. */
async function testOf({ spec, digests, label }: RunRecord, baseDir: string): Promise<Split> {
  const { test, digests: now } = await loadDataset(spec.data, tasks.get(spec.task.type).sides, { baseDir })
  if (now.test === digests.test && now.training === digests.training) return test
  throw new SeqlabError('data', `The data of ${label} are not those that its trials were trained and evaluated on`, {
    hint: 'The files have changed since, or another folder has them: run the study again with --fresh.',
  })
}
