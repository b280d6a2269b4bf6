import { stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { SeqlabError } from '../../../core/errors.js'
import { realPathOf } from '../../../core/files.js'
import { distinctBy } from '../../../core/lists.js'
import type { Claim, Comparison } from '../../../spec/types.js'
import {
  foldersIn,
  isStudyFolder,
  isTrialFolder,
  lastOpened,
  readStudy,
  type StoredStudy,
  studyPath,
} from '../../../store/index.js'
import { mergeCopies, type TrialCopies } from './copies.js'
import { type FoundTrial, readFoundTrial, type Skipped } from './read-trial.js'

export interface FoundStudy {
  readonly name: string
  readonly directory: string
  readonly planned: number
  readonly missing: readonly string[]
  /** Evaluations of its trained models that are planned and not made yet. */
  readonly missingEvaluations: readonly string[]
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
  /** Trials that were found in more than one folder. */
  readonly copies: readonly TrialCopies[]
}

/** What one of the given folders holds; `error` where it is a study that cannot be read. */
interface FoundPart extends Omit<Found, 'copies'> {
  readonly error?: SeqlabError
}

/**
 * Reads studies' and trials' folders. Only the files that a comparison uses are read, and each of them is checked against
 * the manifest; what is damaged or of another version is listed as skipped. The same trial in several folders is one trial, or
 * none where its results differ. Throws SeqlabError 'run' for a folder that is neither, and where nothing can be read.
 */
export async function findTrials(paths: readonly string[]): Promise<Found> {
  const parts = await Promise.all(distinctFolders(paths).map(findIn))
  const errors = parts.flatMap(({ error }) => error ?? [])
  if (errors[0] !== undefined && errors.length === parts.length) throw errors[0]
  const { trials, copies, skipped } = mergeCopies(parts.flatMap((part) => part.trials))
  return {
    trials,
    copies,
    studies: parts.flatMap(({ studies }) => studies),
    claims: parts.flatMap(({ claims }) => claims),
    leads: parts.flatMap(({ leads }) => leads),
    skipped: [...parts.flatMap((part) => part.skipped), ...skipped],
  }
}

/** Each folder once, by whatever path or link it is named. */
function distinctFolders(paths: readonly string[]): string[] {
  return distinctBy(
    paths.map((path) => resolve(path)),
    realPathOf,
  )
}

async function findIn(path: string): Promise<FoundPart> {
  const directory = await stat(path).catch(() => undefined)
  if (directory?.isDirectory() !== true)
    throw new SeqlabError('run', `${path} is not a directory`, { hint: 'Name a run or a study, such as runs/scorers.' })
  if (!isTrialFolder(path)) return findInStudy(readStudy(path))
  const { trials, skipped } = await collect([path], readStudy(dirname(path)))
  return { trials, skipped, studies: [], claims: [], leads: [] }
}

async function findInStudy(study: StoredStudy): Promise<FoundPart> {
  const { directory, file } = study
  const trials = study.trials.filter(({ planned }) => file === undefined || planned !== undefined)
  if (file === undefined && trials.length === 0) return unreadable(study)
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
        missingEvaluations: found.missingEvaluations,
        ...(command === undefined ? {} : { command }),
      },
    ],
  }
}

function problemOf(study: StoredStudy): Skipped[] {
  const { directory, problem } = study
  if (problem === undefined) return []
  const reason = isUnreadable(study) ? problem.message : 'it is missing'
  return [{ path: studyPath(directory, 'study'), reason }]
}

/** Something is there, but it is damaged, of another version or not readable. */
function isUnreadable({ directory, problem }: StoredStudy): boolean {
  return problem !== undefined && (problem.cause !== undefined || isStudyFolder(directory))
}

/** A study of which nothing is known but why: the others are compared. Throws SeqlabError 'run' where it is no study. */
function unreadable(study: StoredStudy): FoundPart {
  const error = noTrials(study)
  if (!isUnreadable(study)) throw error
  return { trials: [], studies: [], claims: [], leads: [], skipped: problemOf(study), error }
}

/** A folder of studies is the usual error: they are listed. */
function noTrials(study: StoredStudy): SeqlabError {
  const { directory, problem } = study
  const why = problem !== undefined && isUnreadable(study) ? `: ${problem.message}` : ''
  if (problem?.cause !== undefined) return new SeqlabError('run', `${directory} holds no trials${why}`)
  const studies = foldersIn(directory)
    .map((name) => join(directory, name))
    .filter(isStudyFolder)
  const shown = studies.slice(0, 8).map((path) => relative('', path) || '.')
  return new SeqlabError('run', `${directory} holds no trials${why}`, {
    hint: shown.length > 0 ? `Name one or more: ${shown.join(', ')}` : 'Name a run or a study, such as runs/scorers.',
  })
}

/** The evaluations of the trials in some folders of a study. */
async function collect(
  directories: readonly string[],
  { directory: studyDirectory, file }: StoredStudy,
): Promise<Pick<Found, 'trials' | 'skipped'> & Pick<FoundStudy, 'missingEvaluations'>> {
  const trials: FoundTrial[] = []
  const skipped: Skipped[] = []
  const missing: string[] = []
  const cwd = lastOpened(studyDirectory)?.cwd
  for (const directory of directories) {
    const planned = file?.trials.find(({ id }) => id === basename(directory))
    const dataDir = planned?.baseDir
    const read = await readFoundTrial(directory, {
      ...(planned?.evaluations === undefined ? {} : { planned: planned.evaluations }),
      ...(dataDir === undefined ? {} : { dataDir }),
      ...(cwd === undefined ? {} : { cwd }),
    })
    trials.push(...read.trials)
    skipped.push(...read.skipped)
    missing.push(...read.missing.map((label) => `${label}, seed ${planned?.seed}`))
  }
  return { trials, skipped, missingEvaluations: missing }
}
