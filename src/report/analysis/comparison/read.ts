import { stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { SeqlabError } from '../../../core/errors.js'
import { realPathOf } from '../../../core/files.js'
import { distinctBy } from '../../../core/lists.js'
import type { Claim, Comparison } from '../../../spec/types.js'
import {
  type ClusterAttempt,
  claimDigest,
  clusterAttempts,
  foldersIn,
  isStudyFolder,
  isTrialFolder,
  lastOpened,
  type Registration,
  readableEntries,
  readStudy,
  registrations,
  type StoredStudy,
  studyPath,
  type TrialPlace,
} from '../../../store/index.js'
import { mergeCopies, type TrialCopies } from './copies.js'
import { withMeasures } from './measures.js'
import { type FoundEnsemble, readEnsemblesOf } from './published/ensembles.js'
import { type StatedFigure, statedFigures } from './published/stated.js'
import { type FoundTrial, type ReadTrial, readFoundTrial, type Skipped, type TrialName } from './read-trial.js'

export interface FoundStudy {
  readonly name: string
  readonly directory: string
  /** Evaluations in its plan. */
  readonly planned: number
  readonly missing: readonly MissingTrial[]
  readonly command?: string
}

/** What a study plans and has no result of yet. */
export interface MissingTrial {
  /** Its label and seed. */
  readonly trial: string
  readonly state: 'not started' | 'queued' | 'begun' | 'not evaluated'
}

/** A claim, and the study that states it: its names are that study's. */
export interface StatedClaim {
  readonly claim: Claim
  /** The real path of the study's folder. */
  readonly folder: string
  /** What had happened when it was first written; undefined where the study's ledger does not say. */
  readonly registered?: Registration | undefined
}

export interface Found {
  readonly trials: readonly FoundTrial[]
  readonly studies: readonly FoundStudy[]
  readonly claims: readonly StatedClaim[]
  readonly published: readonly StatedFigure[]
  /** Models of several seeds that predicted together. */
  readonly ensembles: readonly FoundEnsemble[]
  /** The studies' choices of primary metric and grouping. */
  readonly leads: readonly Comparison[]
  readonly skipped: readonly Skipped[]
  /** Trials that were found in more than one folder. */
  readonly copies: readonly TrialCopies[]
}

interface FoundResults {
  readonly trials: readonly FoundTrial[]
  readonly skipped: readonly Skipped[]
}

/** What one of the given folders holds; `error` where it is a study that cannot be read. */
interface FoundPart extends Omit<Found, 'copies'> {
  readonly error?: SeqlabError
}

export interface FindOptions {
  /** Name of the evaluation that is compared, where it is not those of the plans: trials without it are skipped. */
  readonly evaluation?: string | undefined
}

/**
 * Reads studies' and trials' folders. Only the files that a comparison uses are read, and each of them is checked against
 * the manifest; what is damaged or of another version is listed as skipped. The same trial in several folders is one trial, or
 * none where its results differ. Throws SeqlabError 'run' for a folder that is neither, and where nothing can be read.
 */
export async function findTrials(paths: readonly string[], { evaluation }: FindOptions = {}): Promise<Found> {
  const parts = await Promise.all(distinctFolders(paths).map((path) => findIn(path, evaluation)))
  const errors = parts.flatMap(({ error }) => error ?? [])
  if (errors[0] !== undefined && errors.length === parts.length) throw errors[0]
  const { trials, copies, skipped } = mergeCopies(parts.flatMap((part) => part.trials))
  return {
    trials: withMeasures(trials),
    copies,
    studies: parts.flatMap(({ studies }) => studies),
    claims: parts.flatMap(({ claims }) => claims),
    published: parts.flatMap(({ published }) => published),
    ensembles: parts.flatMap(({ ensembles }) => ensembles),
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

async function findIn(path: string, evaluation: string | undefined): Promise<FoundPart> {
  const directory = await stat(path).catch(() => undefined)
  if (directory?.isDirectory() !== true)
    throw new SeqlabError('run', `${path} is not a directory`, { hint: 'Name a run or a study, such as runs/scorers.' })
  if (!isTrialFolder(path)) return findInStudy(readStudy(path), evaluation)
  const { trials, skipped } = await collect([path], readStudy(dirname(path)), evaluation)
  return { trials, skipped, studies: [], claims: [], published: [], ensembles: [], leads: [] }
}

async function findInStudy(study: StoredStudy, evaluation: string | undefined): Promise<FoundPart> {
  const { directory, file } = study
  const trials = study.trials.filter(({ planned }) => file === undefined || planned !== undefined)
  if (file === undefined && trials.length === 0) return unreadable(study)
  const folders = trials.filter(({ state }) => state === 'published').map((trial) => trial.directory)
  const found = await collect(folders, study, evaluation)
  const lost = trials.filter(({ state }) => state === 'lost')
  const command = lastOpened(directory)?.command
  const published = statedFigures(realPathOf(directory), file?.published)
  const together = published.some(({ figure }) => figure.ensemble) ? await readEnsemblesOf(directory) : undefined
  const onCluster = clusterAttempts(directory)
  return {
    trials: found.trials,
    skipped: [
      ...problemOf(study),
      ...found.skipped,
      ...(together?.skipped ?? []),
      ...lost.map((trial) => ({ path: trial.directory, reason: 'its manifest.json is missing' })),
    ],
    claims: file === undefined ? [] : statedClaims(directory, file),
    published,
    ensembles: together?.ensembles ?? [],
    leads: file?.compare === undefined ? [] : [file.compare],
    studies: [
      {
        name: file?.study ?? basename(directory),
        directory,
        planned: trials.reduce((sum, { planned }) => sum + evaluationsOf(planned).length, 0),
        // Nothing is planned under the name of one evaluation.
        missing: evaluation === undefined ? trials.flatMap((trial) => missingOf(trial, found, onCluster)) : [],
        ...(command === undefined ? {} : { command }),
      },
    ],
  }
}

function statedClaims(directory: string, { claims }: NonNullable<StoredStudy['file']>): StatedClaim[] {
  if (claims.length === 0) return []
  const registered = registrations(readableEntries(directory))
  const folder = realPathOf(directory)
  return claims.map((claim) => ({ claim, folder, registered: registered.get(claimDigest(claim)) }))
}

/** Each as one that is compared; a trial without a plan has its own. */
function evaluationsOf(planned: TrialPlace['planned']): readonly { readonly id: string; readonly label: string }[] {
  if (planned === undefined) return [{ id: '', label: '' }]
  return planned.evaluations.length > 0 ? planned.evaluations : [{ id: '', label: planned.label }]
}

/** The evaluations that are planned of a trial and have no result; none where it failed, or cannot be read. */
function missingOf(
  { id, directory, state, planned, begun }: TrialPlace,
  found: FoundResults,
  onCluster: ReadonlyMap<string, ClusterAttempt>,
): MissingTrial[] {
  if (planned === undefined || state === 'lost') return []
  const named = (label: string) => `${label}, seed ${planned.seed}`
  if (state === 'waiting') {
    const isQueued = onCluster.get(id)?.state === 'queued'
    const waiting = isQueued ? 'queued' : begun ? 'begun' : 'not started'
    return evaluationsOf(planned).map(({ label }) => ({ trial: named(label), state: waiting }))
  }
  const results = found.trials.filter((trial) => trial.directory === directory)
  const isOther = found.skipped.some(({ path }) => path === directory)
  if (isOther || results.some(({ record }) => record.status !== 'completed')) return []
  const evaluated = new Set(results.map(({ record }) => record.evaluation))
  return planned.evaluations
    .filter(({ id }) => !evaluated.has(id))
    .map(({ label }) => ({ trial: named(label), state: 'not evaluated' }))
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
  return {
    trials: [],
    studies: [],
    claims: [],
    published: [],
    ensembles: [],
    leads: [],
    skipped: problemOf(study),
    error,
  }
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

/** The evaluations of the trials in some folders of a study, under the names that its plan has for them. */
async function collect(
  directories: readonly string[],
  { directory: studyDirectory, file }: StoredStudy,
  evaluation: string | undefined,
): Promise<FoundResults> {
  const trials: FoundTrial[] = []
  const skipped: Skipped[] = []
  const cwd = lastOpened(studyDirectory)?.cwd
  const named = { study: file?.study, folder: realPathOf(studyDirectory) }
  for (const directory of directories) {
    const planned = file?.trials.find(({ id }) => id === basename(directory))
    const dataDir = planned?.baseDir
    const read = await readFoundTrial(directory, {
      evaluation,
      ...(planned?.evaluations === undefined ? {} : { planned: planned.evaluations }),
      ...(dataDir === undefined ? {} : { dataDir }),
      ...(cwd === undefined ? {} : { cwd }),
    })
    trials.push(...read.trials.map((trial) => ({ ...trial, names: [nameIn(named, planned, trial)] })))
    skipped.push(...read.skipped)
  }
  return { trials, skipped }
}

/** A trial without a plan has the name of its record; an evaluation on data of its own that of the trial. */
function nameIn(
  { study, folder }: { readonly study: string | undefined; readonly folder: string },
  planned: TrialPlace['planned'],
  { record }: ReadTrial,
): TrialName {
  const evaluation = planned?.evaluations.find(({ id }) => id === record.evaluation)
  const { label, variant } = evaluation ?? planned ?? record
  return { study: study ?? record.study, folder, label, variant }
}
