import { stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { SeqlabError } from '../../../core/errors.js'
import type { Claim, Comparison } from '../../../spec/types.js'
import type { StatisticsTable } from '../../../stats/bootstrap.js'
import {
  foldersIn,
  isStudyFolder,
  isTrialFolder,
  lastOpened,
  openTrial,
  parseMetrics,
  type RunRecord,
  readEvaluation,
  readPredictionsText,
  readStudy,
  type StoredStudy,
  studyPath,
  trialPath,
} from '../../../store/index.js'
import { type Curves, curvesOf, testStatistics } from './lines.js'

/** A trial that can be compared, without its lines: of a thousand trials they would not fit in memory. */
export interface FoundTrial {
  readonly directory: string
  readonly record: RunRecord
  /** The base directory of its relative data paths, where its study knows it. */
  readonly dataDir?: string
  /** The folder that its study was run in, where that is known: `train.init.from` is relative to it. */
  readonly cwd?: string
  /** Of the test examples, by metric. */
  readonly statistics: Readonly<Record<string, StatisticsTable>>
  readonly curves: Curves
}

/** What was not read, and why. */
export interface Skipped {
  readonly path: string
  readonly reason: string
}

export interface FoundStudy {
  readonly name: string
  readonly directory: string
  readonly planned: number
  readonly missing: readonly string[]
  readonly command?: string
}

/** A claim, and the study that states it: its names are that study's. */
export interface StatedClaim {
  readonly claim: Claim
  readonly study: string
}

export interface Found {
  readonly trials: readonly FoundTrial[]
  readonly studies: readonly FoundStudy[]
  readonly claims: readonly StatedClaim[]
  /** The studies' choices of primary metric and grouping. */
  readonly leads: readonly Comparison[]
  readonly skipped: readonly Skipped[]
}

/**
 * Reads studies' and trials' folders. Only the files that a comparison uses are read, and each of them is checked against
 * the manifest; what is damaged or of another version is listed as skipped. Throws SeqlabError 'run' for a folder that is neither.
 */
export async function findTrials(paths: readonly string[]): Promise<Found> {
  const parts = await Promise.all([...new Set(paths.map((path) => resolve(path)))].map(findIn))
  const seen = new Set<string>()
  const trials = parts
    .flatMap(({ trials }) => trials)
    .filter(({ directory }) => !seen.has(directory) && seen.add(directory))
  return {
    trials,
    studies: parts.flatMap(({ studies }) => studies),
    claims: parts.flatMap(({ claims }) => claims),
    leads: parts.flatMap(({ leads }) => leads),
    skipped: parts.flatMap(({ skipped }) => skipped),
  }
}

async function findIn(path: string): Promise<Found> {
  const directory = await stat(path).catch(() => undefined)
  if (directory?.isDirectory() !== true)
    throw new SeqlabError('run', `${path} is not a directory`, { hint: 'Name a run or a study, such as runs/scorers.' })
  if (!isTrialFolder(path)) return findInStudy(readStudy(path))
  return { ...(await collect([path], readStudy(dirname(path)))), studies: [], claims: [], leads: [] }
}

async function findInStudy(study: StoredStudy): Promise<Found> {
  const { directory, file } = study
  const trials = study.trials.filter(({ planned }) => file === undefined || planned !== undefined)
  if (file === undefined && trials.length === 0) throw noTrials(study)
  const folders = trials.filter(({ state }) => state === 'published').map((trial) => trial.directory)
  const found = await collect(folders, study)
  const lost = trials.filter(({ state }) => state === 'lost')
  const missing = trials.flatMap(({ state, planned }) => (state === 'waiting' && planned ? [planned] : []))
  const command = lastOpened(directory)?.command
  return {
    trials: found.trials,
    skipped: [
      ...problemOf(study),
      ...found.skipped,
      ...lost.map((trial) => ({ path: trial.directory, reason: 'its manifest.json is missing' })),
    ],
    claims: file?.claims.map((claim) => ({ claim, study: file.study })) ?? [],
    leads: file?.compare === undefined ? [] : [file.compare],
    studies: [
      {
        name: file?.study ?? basename(directory),
        directory,
        planned: trials.length,
        missing: missing.map(({ label, seed }) => `${label}, seed ${seed}`),
        ...(command === undefined ? {} : { command }),
      },
    ],
  }
}

function problemOf({ directory, problem }: StoredStudy): Skipped[] {
  if (problem === undefined) return []
  const reason = isStudyFolder(directory) ? problem.message : 'it is missing'
  return [{ path: studyPath(directory, 'study'), reason }]
}

/** A folder of studies is the usual error: they are listed. */
function noTrials({ directory, problem }: StoredStudy): SeqlabError {
  const studies = foldersIn(directory)
    .map((name) => join(directory, name))
    .filter(isStudyFolder)
  const shown = studies.slice(0, 8).map((path) => relative('', path) || '.')
  const why = problem !== undefined && isStudyFolder(directory) ? `: ${problem.message}` : ''
  return new SeqlabError('run', `${directory} holds no trials${why}`, {
    hint: shown.length > 0 ? `Name one or more: ${shown.join(', ')}` : 'Name a run or a study, such as runs/scorers.',
  })
}

/** The trials in some folders of a study. */
async function collect(
  directories: readonly string[],
  { directory: studyDirectory, file }: StoredStudy,
): Promise<{ trials: FoundTrial[]; skipped: Skipped[] }> {
  const trials: FoundTrial[] = []
  const skipped: Skipped[] = []
  const cwd = lastOpened(studyDirectory)?.cwd
  for (const directory of directories) {
    const read = await readForComparison(directory)
    if ('reason' in read) skipped.push(read)
    else {
      const dataDir = file?.trials.find(({ id }) => id === read.record.trialId)?.baseDir
      trials.push({ ...read, ...(dataDir === undefined ? {} : { dataDir }), ...(cwd === undefined ? {} : { cwd }) })
    }
  }
  return { trials, skipped }
}

async function readForComparison(directory: string): Promise<FoundTrial | Skipped> {
  try {
    const { record, text } = await openTrial(directory)
    const final = readEvaluation(directory)
    const statistics = testStatistics(final === undefined ? '' : await readPredictionsText(directory, final))
    const lines = parseMetrics(await text('metrics'), trialPath(directory, 'metrics'))
    return { directory, record, statistics, curves: curvesOf(lines) }
  } catch (error) {
    return { path: directory, reason: error instanceof Error ? error.message : String(error) }
  }
}
