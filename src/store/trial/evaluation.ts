// evaluations/<name>/evaluation.json: what a trained model was evaluated with, and how well it did; it seals the folder.
import { readFile } from 'node:fs/promises'
import Type, { type Static } from 'typebox'
import { damaged, list, runErrorOrThrow, version } from '../../core/checked-json.js'
import { SeqlabError } from '../../core/errors.js'
import { syncFolder, writeFileSynced } from '../../core/files.js'
import type { Spec } from '../../spec/types.js'
import { digestOf } from '../files.js'
import {
  evaluationDirectory,
  evaluationNames,
  evaluationPath,
  finalEvaluation,
  isPlannedEvaluation,
} from '../layout.js'
import { readSealed, sealJson } from '../sealed-json.js'
import { fileDigestSchema, missingFile } from './manifest.js'
import { metricResultsSchema } from './metric-result.js'
import type { RunRecord } from './record.js'

const text = Type.String()
const choice = Type.Object({ type: text })

const evaluationSchema = Type.Object({
  schemaVersion: version(2),
  trialId: text,
  /** `final`, or the id. */
  name: text,
  id: text,
  label: text,
  variant: Type.Record(text, Type.Unknown()),
  decode: Type.Unsafe<Spec['decode']>(choice),
  metrics: Type.Unsafe<Spec['metrics']>(list(choice)),
  testDigest: text,
  /** By split, then by metric. */
  results: Type.Object({ dev: metricResultsSchema, test: metricResultsSchema }),
  /** Of an evaluation on data of its own (`seqlab evaluate`): no plan has it. */
  testSet: Type.Optional(Type.Object({ files: list(text), examples: Type.Number() })),
  /** Of an ensemble, which is its study's: the trials whose models predict together. */
  together: Type.Optional(list(text)),
  /** Of predictions.jsonl. */
  predictions: fileDigestSchema,
  engine: text,
  versions: Type.Record(text, text),
})

export type EvaluationRecord = Readonly<Static<typeof evaluationSchema>>

/** The final evaluation of a completed trial: its record has all but the predictions. */
export function finalEvaluationOf(record: RunRecord, predictions: EvaluationRecord['predictions']): EvaluationRecord {
  const { trialId, evaluation: id, label, variant, spec, digests, metrics, engine, versions } = record
  return {
    schemaVersion: 2,
    ...{ trialId, name: finalEvaluation, id, label, variant },
    decode: spec.decode,
    metrics: spec.metrics,
    testDigest: digests.test,
    results: { dev: metrics.dev ?? {}, test: metrics.test ?? {} },
    ...{ predictions, engine, versions },
  }
}

/** Writes and seals it; the folder with its predictions is there. */
export function writeEvaluation(trialDirectory: string, evaluation: EvaluationRecord): void {
  writeFileSynced(evaluationPath(trialDirectory, evaluation.name, 'evaluation'), sealJson(evaluation))
  syncFolder(evaluationDirectory(trialDirectory, evaluation.name))
}

/**
 * One of a trial's evaluations; undefined where there is none of this name. Throws SeqlabError 'run' where it is damaged, of
 * another version or of another name.
 */
export function readEvaluation(trialDirectory: string, name: string = finalEvaluation): EvaluationRecord | undefined {
  const path = evaluationPath(trialDirectory, name, 'evaluation')
  const evaluation = readSealed(evaluationSchema, path)
  if (evaluation === undefined || evaluation.name === name) return evaluation
  throw damaged(path, `it is the evaluation ${evaluation.name}`)
}

/**
 * A trial's evaluations: those that a plan had, the final one first, and its `own`, on data of their own. Those that cannot be
 * read are `problems`, in words.
 */
export function readEvaluations(
  trialDirectory: string,
  trialId: string,
): Readonly<Record<'evaluations' | 'own', readonly EvaluationRecord[]>> & { readonly problems: readonly string[] } {
  const evaluations: EvaluationRecord[] = []
  const own: EvaluationRecord[] = []
  const problems: string[] = []
  for (const name of evaluationNames(trialDirectory)) {
    const read = attempt(() => readEvaluation(trialDirectory, name))
    const path = evaluationPath(trialDirectory, name, 'evaluation')
    if (read instanceof SeqlabError) problems.push(read.message)
    else if (read === undefined) problems.push(missingFile(path).message)
    else if (read.trialId !== trialId) problems.push(damaged(path, `it is of the trial ${read.trialId}`).message)
    else (read.testSet === undefined ? evaluations : own).push(read)
  }
  return { evaluations, own, problems }
}

/** A trial's evaluations on data of their own (`seqlab evaluate`) alone; those that cannot be read are left out. */
export function readOwnEvaluations(trialDirectory: string, trialId: string): EvaluationRecord[] {
  return evaluationNames(trialDirectory).flatMap((name) => {
    if (isPlannedEvaluation(name)) return []
    const read = attempt(() => readEvaluation(trialDirectory, name))
    return read instanceof SeqlabError || read?.testSet === undefined || read.trialId !== trialId ? [] : [read]
  })
}

/**
 * The evaluations of a study's ensembles; `directory` is the study's. Those that cannot be read are `problems`, in words.
 */
export function readEnsembles(directory: string): {
  readonly ensembles: readonly EvaluationRecord[]
  readonly problems: readonly string[]
} {
  const read = evaluationNames(directory).map((name) => attempt(() => readEvaluation(directory, name)))
  return {
    ensembles: read.flatMap((one) => (one instanceof SeqlabError || one?.together === undefined ? [] : [one])),
    problems: read.flatMap((one) => (one instanceof SeqlabError ? [one.message] : [])),
  }
}

/** The text of an evaluation's predictions.jsonl, held against its digest. Throws SeqlabError 'run' where it differs. */
export async function readPredictionsText(
  trialDirectory: string,
  { name, predictions: expected }: EvaluationRecord,
): Promise<string> {
  const path = evaluationPath(trialDirectory, name, 'predictions')
  const bytes = await readFile(path).catch(() => undefined)
  if (bytes === undefined) throw missingFile(path)
  if (digestOf(bytes).sha256 !== expected.sha256) throw damaged(path, 'its checksum does not match')
  return bytes.toString('utf8')
}

function attempt<T>(read: () => T): T | SeqlabError {
  try {
    return read()
  } catch (error) {
    return runErrorOrThrow(error)
  }
}
