import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SeqlabError } from '../core/errors.js'
import type { MetricsLine, PredictionLine } from '../train/types.js'
import { exists } from './files.js'
import { trialFolders } from './layout.js'
import { manifestName, verifyFolder } from './manifest.js'
import { type RunRecord, readRecord } from './record.js'
import { readSealed } from './sealed-json.js'
import { trialDirectory } from './study.js'
import { type StudyFile, type StudyTrial, studyName } from './study-file.js'

/** A trial as it stands on the disk. Where `problems` is not empty, what they name was not read. */
export interface StoredRun {
  readonly directory: string
  readonly record?: RunRecord
  readonly metrics: readonly MetricsLine[]
  readonly predictions: readonly PredictionLine[]
  /** Damaged, missing or older files, in words. */
  readonly problems: readonly string[]
}

/** A study as it stands on the disk: its trials' records, without their lines. */
export interface StoredStudy {
  readonly directory: string
  readonly study?: StudyFile
  readonly runs: readonly Pick<StoredRun, 'directory' | 'record'>[]
  /** Trials of the plan that have no (whole) record yet. */
  readonly missing: readonly StudyTrial[]
  readonly problems: readonly string[]
}

/** Reads one trial's folder. Every byte is checked against its manifest: a damaged trial gives problems, not numbers. */
export async function readRun(directory: string): Promise<StoredRun> {
  const { record, problems } = await readVerifiedRecord(directory)
  if (record === undefined) return { directory, metrics: [], predictions: [], problems }
  const metrics = await readLines<MetricsLine>(join(directory, 'metrics.jsonl'))
  const predictions = await readLines<PredictionLine>(join(directory, 'predictions.jsonl'))
  return { directory, record, metrics, predictions, problems }
}

/** Reads a study's records in its plan's order; each is checked as in `readRun`. */
export async function readStudy(directory: string): Promise<StoredStudy> {
  const problems: string[] = []
  const study = readStudyFile(directory, problems)
  const ids = study?.trials.map(({ id }) => id) ?? trialFolders(directory)
  const runs: { directory: string; record: RunRecord }[] = []
  for (const id of ids) {
    const folder = trialDirectory(directory, id)
    if (!(await exists(folder))) continue
    const read = await readVerifiedRecord(folder)
    problems.push(...read.problems)
    if (read.record !== undefined) runs.push({ directory: folder, record: read.record })
  }
  const missing = study?.trials.filter(({ id }) => !runs.some(({ record }) => record.trialId === id)) ?? []
  return { directory, ...(study === undefined ? {} : { study }), runs, missing, problems }
}

async function readVerifiedRecord(directory: string): Promise<{ record?: RunRecord; problems: readonly string[] }> {
  const problems = await verifyFolder(directory)
  if (problems.length > 0) return { problems }
  const file = join(directory, 'record.json')
  const { record, problem } = readRecord(await readFile(file, 'utf8'), file)
  return record === undefined ? { problems: [problem] } : { record, problems: [] }
}

function readStudyFile(directory: string, problems: string[]): StudyFile | undefined {
  const path = join(directory, studyName)
  try {
    const study = readSealed<StudyFile>(path)
    if (study === undefined) problems.push(`${path} is missing`)
    return study
  } catch (error) {
    if (!(error instanceof SeqlabError)) throw error
    problems.push(error.message)
    return undefined
  }
}

async function readLines<T>(path: string): Promise<readonly T[]> {
  if (!(await exists(path))) return []
  const text = readFileSync(path, 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}

/** Whether a folder is a published trial's (a study's folder is none). */
export function isTrialFolder(directory: string): Promise<boolean> {
  return exists(join(directory, manifestName))
}
