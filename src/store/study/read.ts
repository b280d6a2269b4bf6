import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runErrorOrThrow } from '../../core/checked-json.js'
import { SeqlabError } from '../../core/errors.js'
import { systemProblem } from '../../core/files.js'
import { attemptsDirectory, isTrialFolder, studyPath, trialDirectory, trialFolders } from '../layout.js'
import { readStudyFile, type StudyFile, type StudyTrial } from './study-file.js'

/** A trial's place in a study. */
export interface TrialPlace {
  readonly id: string
  readonly directory: string
  /** Its entry in the study's plan; absent where it is in no plan, or the plan cannot be read. */
  readonly planned?: StudyTrial
  /** A result is published whole, by one rename: a planned trial's folder without a manifest has `lost` it since. */
  readonly state: 'published' | 'lost' | 'waiting'
  /** Whether an attempt at it has left files: it runs, or was interrupted. */
  readonly begun: boolean
}

/** A study as it is on disk; its trials' own files are not read. */
export interface StoredStudy {
  readonly directory: string
  /** Absent where study.json is missing, damaged, unreadable or of another version; `problem` then has the reason. */
  readonly file?: StudyFile
  /** Also where the folder itself cannot be read; what the operating system refused is its cause. */
  readonly problem?: SeqlabError
  /** Those of the plan in its order, then published ones that are not in it. */
  readonly trials: readonly TrialPlace[]
}

/** Reads a study's folder; never throws for what is in it. */
export function readStudy(directory: string): StoredStudy {
  const folders = attempt(() => trialFolders(directory))
  const found = readPlan(directory)
  const { file } = found
  const problem = folders instanceof SeqlabError ? folders : found.problem
  const planned = (file?.trials ?? []).map((trial) => placeOf(directory, trial.id, trial))
  const ids = new Set(planned.map(({ id }) => id))
  const others = (folders instanceof SeqlabError ? [] : folders)
    .filter((id) => !ids.has(id) && isTrialFolder(trialDirectory(directory, id)))
    .map((id) => placeOf(directory, id))
  const trials = [...planned, ...others]
  return { directory, trials, ...(file && { file }), ...(problem && { problem }) }
}

function readPlan(directory: string): Pick<StoredStudy, 'file' | 'problem'> {
  const file = attempt(() => readStudyFile(directory))
  if (file instanceof SeqlabError) return { problem: file }
  if (file !== undefined) return { file }
  return { problem: new SeqlabError('run', `${studyPath(directory, 'study')} is missing`) }
}

/** What reading gives, or why it failed. */
function attempt<T>(read: () => T): T | SeqlabError {
  try {
    return read()
  } catch (error) {
    return systemProblem(error) ?? runErrorOrThrow(error)
  }
}

function placeOf(study: string, id: string, planned?: StudyTrial): TrialPlace {
  const directory = join(study, id)
  const state = isTrialFolder(directory) ? 'published' : existsSync(directory) ? 'lost' : 'waiting'
  const begun = existsSync(attemptsDirectory(study, id))
  return { id, directory, state, begun, ...(planned && { planned }) }
}
