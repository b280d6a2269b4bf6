import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isUndefined } from '../../src/core/measured.js'
import type { Pair } from '../../src/report/analysis/comparison/types.js'
import type { Claim } from '../../src/spec/types.js'
import { digestOf } from '../../src/store/files.js'
import { evaluationDirectory, evaluationPath, finalEvaluation } from '../../src/store/layout.js'
import { type StudyFile, writeStudyFile } from '../../src/store/study/study-file.js'
import { finalEvaluationOf, writeEvaluation } from '../../src/store/trial/evaluation.js'
import { sealFolder } from '../../src/store/trial/manifest.js'
import type { MadeUp } from './made-up.js'

const lines = (items: readonly unknown[]) => items.map((item) => `${JSON.stringify(item)}\n`).join('')

/** Writes a trial's folder as a run leaves it. */
export async function writeTrial(
  study: string,
  { record, lines: curve, predictions, samples }: MadeUp,
): Promise<string> {
  const directory = join(study, record.trialId)
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'record.json'), `${JSON.stringify(record, null, 1)}\n`)
  writeFileSync(join(directory, 'metrics.jsonl'), lines(curve))
  if (samples !== undefined) writeFileSync(join(directory, 'samples.jsonl'), samples)
  const written = lines(predictions)
  mkdirSync(evaluationDirectory(directory, finalEvaluation), { recursive: true })
  writeFileSync(evaluationPath(directory, finalEvaluation, 'predictions'), written)
  if (record.status === 'completed') writeEvaluation(directory, finalEvaluationOf(record, digestOf(written)))
  await sealFolder(directory, { trialId: record.trialId, attempt: 1 })
  return directory
}

/** Writes an evaluation that was made after training: its label, search, metrics, results and predictions are those of `as`. */
export function writeLaterEvaluation(trialDirectory: string, as: MadeUp, id: string): void {
  const written = lines(as.predictions)
  const record = { ...as.record, evaluation: id }
  mkdirSync(evaluationDirectory(trialDirectory, id), { recursive: true })
  writeFileSync(evaluationPath(trialDirectory, id, 'predictions'), written)
  writeEvaluation(trialDirectory, { ...finalEvaluationOf(record, digestOf(written)), name: id })
}

/** Writes a whole study's folder; `planned` are trials that have no result. */
export async function writeStudy(
  directory: string,
  trials: readonly MadeUp[],
  more: {
    readonly claims?: readonly Claim[]
    readonly missing?: StudyFile['trials']
    /** What is planned of each trial; by default its final evaluation. */
    readonly evaluations?: (record: MadeUp['record']) => StudyFile['trials'][number]['evaluations']
  } = {},
): Promise<void> {
  mkdirSync(directory, { recursive: true })
  for (const trial of trials) await writeTrial(directory, trial)
  const planned = trials.map(({ record }) => {
    const { trialId, label, variant, seed, evaluation: id } = record
    const evaluations = more.evaluations?.(record) ?? [{ id, label, variant }]
    return { ...plannedTrial(trialId, label, seed), variant, evaluations }
  })
  const file: StudyFile = {
    schemaVersion: 2,
    study: trials[0]?.record.study ?? 'study',
    trials: [...planned, ...(more.missing ?? [])],
    earlier: [],
    settings: {},
    claims: more.claims ?? [],
    versions: {},
    mixed: [],
  }
  writeStudyFile(directory, file)
}

/** A trial of a study's plan with one evaluation. */
export function plannedTrial(id: string, label: string, seed: number): StudyFile['trials'][number] {
  return {
    id,
    label,
    variant: {},
    seed,
    settings: '',
    trainingDigest: '',
    evaluations: [{ id: 'final', label, variant: {} }],
  }
}

/** A pair's interval; throws where it has none. */
export function intervalOf(pair: Pair | undefined): { readonly low: number; readonly high: number } {
  if (pair === undefined || isUndefined(pair.interval)) throw new Error('the pair has an interval')
  return pair.interval
}
