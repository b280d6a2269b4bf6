// The folder of one attempt at a trial, as the coordinator creates it and the thread that trains fills it.
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { failpoint } from '../../core/failpoints.js'
import { writeFileAtomically, writeFileSynced, writeFully } from '../../core/files.js'
import { jsonLine } from '../../core/json.js'
import type { MetricsLine, PredictionLine, SampledValidation, TrainState } from '../../train/types.js'
import { digestFile, type FileDigest } from '../files.js'
import {
  attemptDirectory,
  attemptStartPath,
  evaluationDirectory,
  evaluationFileName,
  evaluationPath,
  finalEvaluation,
  trialFileName,
  trialPath,
} from '../layout.js'
import type { ModelToWrite } from '../model/description.js'
import { writeModel } from '../model/files.js'
import { adoptCheckpoint, type LineDigests, type Resume, writeCheckpoint, writeMark } from './checkpoint.js'
import { type CheckpointDescription, writeDataDescription } from './data-description.js'
import { openLinesLog } from './lines-log.js'
import { openSamplesLog } from './samples-log.js'

/** Which attempt at which trial. */
export interface AttemptId {
  readonly trialId: string
  readonly attempt: number
}

/** Creates an attempt's folder with its resolved spec; where that is. */
export function createAttempt(studyDirectory: string, { trialId, attempt }: AttemptId, specYaml: string): string {
  const directory = attemptDirectory(studyDirectory, trialId, attempt)
  mkdirSync(directory, { recursive: true })
  writeFileSynced(trialPath(directory, 'spec'), specYaml)
  return directory
}

/** What a running trial writes. */
export interface AttemptWriter {
  append(line: MetricsLine): void
  /** Adds a validation to samples.jsonl, where that keeps it. */
  sample(validation: SampledValidation): void
  /** Replaces the checkpoint. */
  save(state: TrainState): void
  /** Writes the predictions and the model, where there is one, and gives the digests of the finished files, by name. */
  finish(
    predictions: readonly PredictionLine[],
    model: ModelToWrite | undefined,
  ): Promise<Readonly<Record<string, FileDigest>>>
  close(): void
}

/** Opens an attempt's folder for writing: the data that it trains on, and `resume`, what it continues. */
export function openAttempt(
  job: AttemptId & { readonly directory: string },
  data: CheckpointDescription,
  resume: Resume | undefined,
): AttemptWriter {
  const { directory, trialId: trial, attempt } = job
  const checkpoint = trialPath(directory, 'checkpoint')
  mkdirSync(checkpoint)
  const metrics = openLinesLog(trialPath(directory, 'metrics'), resume?.metrics)
  const samples = openSamplesLog(trialPath(directory, 'samples'), resume?.samples)
  const close = () => {
    metrics.close()
    samples.close()
  }
  const digests = () => {
    const [ofMetrics, ofSamples] = [metrics.sync(), samples.sync()]
    return { metrics: ofMetrics, ...(ofSamples && { samples: ofSamples }) }
  }
  try {
    if (resume !== undefined) adoptCheckpoint(resume, directory)
    writeDataDescription(checkpoint, data)
    writeFileAtomically(attemptStartPath(directory), jsonLine({ step: resume?.state.step ?? 0 }))
  } catch (error) {
    close()
    throw error
  }
  return {
    append: (line) => metrics.append(Buffer.from(`${jsonLine(line)}\n`)),
    sample: samples.add,
    save: (state) => {
      // The mark goes first: a checkpoint always finds how long the files of lines were when it was saved.
      const forgetOthers = writeMark(checkpoint, state.step, digests())
      failpoint('before-checkpoint', { trial, attempt, step: state.step })
      writeCheckpoint(checkpoint, state)
      failpoint('after-checkpoint', { trial, attempt, step: state.step })
      forgetOthers()
    },
    finish: async (predictions, model) => {
      rmSync(attemptStartPath(directory), { force: true })
      return {
        ...namedFiles(digests()),
        ...(model && (await writeModel(directory, model))),
        ...(await writeFinalPredictions(directory, predictions)),
      }
    },
    close,
  }
}

function namedFiles({ metrics, samples }: LineDigests): Readonly<Record<string, FileDigest>> {
  return { [trialFileName('metrics')]: metrics, ...(samples && { [trialFileName('samples')]: samples }) }
}

/** Where an attempt at evaluating a trained model writes. */
export function createEvaluationAttempt(studyDirectory: string, { trialId, attempt }: AttemptId): string {
  const directory = attemptDirectory(studyDirectory, trialId, attempt)
  mkdirSync(directory, { recursive: true })
  return directory
}

/** Writes an evaluation's predictions.jsonl into an attempt's folder; its digest. */
export function writePredictions(
  directory: string,
  evaluation: string,
  predictions: readonly PredictionLine[],
): Promise<FileDigest> {
  mkdirSync(evaluationDirectory(directory, evaluation), { recursive: true })
  return writePredictionLines(evaluationPath(directory, evaluation, 'predictions'), predictions)
}

/** Writes a predictions.jsonl; its digest. */
export function writePredictionLines(path: string, predictions: readonly PredictionLine[]): Promise<FileDigest> {
  const file = openSync(path, 'w')
  try {
    for (const line of predictions) writeFully(file, Buffer.from(`${jsonLine(line)}\n`))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return digestFile(path)
}

async function writeFinalPredictions(
  directory: string,
  predictions: readonly PredictionLine[],
): Promise<Readonly<Record<string, FileDigest>>> {
  if (predictions.length === 0) return {}
  const digest = await writePredictions(directory, finalEvaluation, predictions)
  return { [evaluationFileName(finalEvaluation, 'predictions')]: digest }
}

/** Files of evaluations that an attempt wrote, by their names in its folder. */
export function predictionFiles(
  evaluations: readonly { readonly id: string; readonly predictions: FileDigest }[],
): Readonly<Record<string, FileDigest>> {
  return Object.fromEntries(
    evaluations.map(({ id, predictions }) => [evaluationFileName(id, 'predictions'), predictions]),
  )
}
