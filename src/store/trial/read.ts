import { stat } from 'node:fs/promises'
import { runErrorOrThrow } from '../../core/checked-json.js'
import { SeqlabError } from '../../core/errors.js'
import { readFileIfPresent } from '../../core/files.js'
import type { MetricsLine, PredictionLine } from '../../train/types.js'
import { evaluationPath, finalEvaluation, type TrialFileKind, trialPath } from '../layout.js'
import { readEvaluation, readPredictionsText } from './evaluation.js'
import { parseMetrics, parsePredictions, parseSamples, type Samples } from './lines.js'
import { readListed, readManifest, verifyFolder } from './manifest.js'
import { parseRecord, type RunRecord } from './record.js'

/** A published trial: its record, and its other files one by one, each checked against the manifest when it is read. */
export interface OpenTrial {
  readonly directory: string
  readonly record: RunRecord
  readonly publishedMs: number
  /** A file's text; '' where the trial has no such file. Throws SeqlabError 'run' where it is missing or damaged. */
  text(kind: TrialFileKind): Promise<string>
}

/** Reads a trial's manifest and record. Throws SeqlabError 'run' where they are damaged or of another version. */
export async function openTrial(directory: string): Promise<OpenTrial> {
  const manifest = await readManifest(directory)
  const text = (kind: TrialFileKind) => readListed(directory, manifest, kind)
  const record = parseRecord(await text('record'), trialPath(directory, 'record'))
  const { mtimeMs: publishedMs } = await stat(trialPath(directory, 'manifest'))
  return { directory, record, publishedMs, text }
}

/** A trial with all its lines; predictions are those of its final evaluation. Where `problems` is not empty, nothing else was read. */
export interface StoredTrial {
  readonly directory: string
  readonly record?: RunRecord
  readonly metrics: readonly MetricsLine[]
  readonly predictions: readonly PredictionLine[]
  /** Damaged or missing files, or files of another version, in words. */
  readonly problems: readonly string[]
}

/** Reads one trial's folder. Every byte is checked against its manifest: a damaged trial gives problems, not numbers. */
export async function readTrial(directory: string): Promise<StoredTrial> {
  const nothing = { directory, metrics: [], predictions: [] }
  const problems = await verifyFolder(directory)
  if (problems.length > 0) return { ...nothing, problems }
  try {
    const { record, text } = await openTrial(directory)
    const metrics = parseMetrics(await text('metrics'), trialPath(directory, 'metrics'))
    return { directory, record, metrics, predictions: await finalPredictions(directory), problems }
  } catch (error) {
    return { ...nothing, problems: [runErrorOrThrow(error).message] }
  }
}

/**
 * As `readTrial`, but of a trial that is not whole gives what is: its record, metrics and predictions, each where its own bytes
 * are what they were. Nothing without the record.
 */
export async function readWhatIsWhole(directory: string): Promise<StoredTrial> {
  const problems = await verifyFolder(directory)
  /** Undefined where it cannot be read; a file is named once. */
  const whole = async <T>(files: readonly string[], read: () => Promise<T>): Promise<T | undefined> => {
    const result = await read().catch(runErrorOrThrow)
    if (!(result instanceof SeqlabError)) return result
    const isNamed = problems.some((problem) => files.some((file) => problem.startsWith(`${file} `)))
    if (!isNamed) problems.push(result.message)
    return undefined
  }
  const [record, metrics] = [trialPath(directory, 'record'), trialPath(directory, 'metrics')]
  const opened = await whole([trialPath(directory, 'manifest'), record], () => openTrial(directory))
  if (opened === undefined) return { directory, metrics: [], predictions: [], problems }
  const final = (['evaluation', 'predictions'] as const).map((kind) => evaluationPath(directory, finalEvaluation, kind))
  const lines = await whole([metrics], async () => parseMetrics(await opened.text('metrics'), metrics))
  const predictions = await whole(final, () => finalPredictions(directory))
  return { directory, record: opened.record, metrics: lines ?? [], predictions: predictions ?? [], problems }
}

/**
 * What a published trial's validations gave for a few examples of dev; undefined where it has none (no dev, or an earlier
 * version trained it). Throws SeqlabError 'run' where the file is damaged, missing or of another version.
 */
export async function readSamples(directory: string): Promise<Samples | undefined> {
  const text = await readListed(directory, await readManifest(directory), 'samples')
  return text === '' ? undefined : parseSamples(text, trialPath(directory, 'samples'))
}

/** A trial that could be read. */
export interface LoadedTrial extends StoredTrial {
  readonly record: RunRecord
}

/** As `readTrial`, but throws SeqlabError 'run' where files are damaged, missing or of another version. */
export async function loadTrial(directory: string): Promise<LoadedTrial> {
  const { record, ...trial } = await readTrial(directory)
  if (record === undefined) throw new SeqlabError('run', trial.problems.join('\n'))
  return { ...trial, record }
}

async function finalPredictions(directory: string): Promise<readonly PredictionLine[]> {
  const evaluation = readEvaluation(directory)
  if (evaluation === undefined) return []
  const path = evaluationPath(directory, evaluation.name, 'predictions')
  return parsePredictions(await readPredictionsText(directory, evaluation), path)
}

/** The predictions of one of a trial's evaluations, without checking the file; none where there is no such file. */
export function readPredictions(directory: string, evaluation: string = finalEvaluation): readonly PredictionLine[] {
  const path = evaluationPath(directory, evaluation, 'predictions')
  const bytes = readFileIfPresent(path)
  return bytes === undefined ? [] : parsePredictions(bytes.toString('utf8'), path)
}

/** Those of them at some places in the test split, in this order, without parsing the others; none where the file is missing. */
export function readTestPredictions(
  directory: string,
  evaluation: string,
  places: readonly number[],
): readonly PredictionLine[] {
  const path = evaluationPath(directory, evaluation, 'predictions')
  const text = readFileIfPresent(path)?.toString('utf8') ?? ''
  const lines = text.split('\n').filter((line) => line.includes('"split":"test"'))
  return places.flatMap((place) => parsePredictions(lines[place] ?? '', path))
}
