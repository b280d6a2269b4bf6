import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { runErrorOrThrow, SchemaVersionError } from '../../core/checked-json.js'
import { SeqlabError } from '../../core/errors.js'
import type { Plan } from '../../spec/types.js'
import { attemptsDirectory, isTrialFolder, studyPath, trialDirectory, trialFolders } from '../layout.js'
import { growthOf, without } from './growth.js'
import { plannedFile, publishedTrials } from './planned-file.js'
import { readStudyFile, type StudyFile, type StudyTrial, writeStudyFile } from './study-file.js'

/** What of a command decides whether it may continue in a directory, and how. */
export interface OpenOptions {
  /** Run finished trials again. */
  readonly fresh: boolean
  /** Continue in a directory created by a different plan, data or code; the mix is recorded. */
  readonly force: boolean
  /** The plan's trial joins those that other single specs left in the directory, instead of being a different plan's. */
  readonly collect: boolean
  /** The command as typed, for the report. */
  readonly command: string
  /** After so long without a sign of life of this process another machine may go on with the study; 120 s by default. */
  readonly lockLeaseMs?: number
}

/** What a directory was created for and is now. */
interface Reconciled {
  readonly file: StudyFile
  /** Differences that were forced, in words. */
  readonly changes: readonly string[]
  /** Ids of trials that were not in the directory's plan; empty where it had none. */
  readonly added: ReadonlySet<string>
  /** study.json was damaged or lost: what created the results that are here is known from their records alone. */
  readonly rebuilt: boolean
}

/**
 * Writes study.json, or compares it with what is to be run now. A study may grow or shrink: trials that are no longer
 * planned are kept. Throws SeqlabError 'run' where settings or versions differ and that is not forced; a single spec's
 * trial joins those of other single specs without being a difference.
 */
export function reconcile(
  studyDirectory: string,
  plan: Plan,
  versions: Readonly<Record<string, string>>,
  options: OpenOptions,
  warn: (message: string) => void,
): Reconciled {
  const now = plannedFile(plan, versions)
  const { read, damaged } = readOrWarn(studyDirectory, warn)
  const before = read ?? (damaged ? rebuilt(studyDirectory, now, options.collect) : undefined)
  if (before === undefined) return written(studyDirectory, { ...now, ...collects(options.collect) }, damaged)
  const otherVersions = versionDifferences(before.versions, now.versions)
  const joins = options.collect && before.collects === true && !(options.fresh && otherVersions.length > 0)
  const growth = growthOf(before, now, (id) => isStarted(studyDirectory, id))
  const changes = options.fresh ? [] : [...otherVersions, ...(joins ? [] : growth.changes)]
  if (changes.length > 0 && !options.force) throw changedStudy(studyDirectory, changes, options.command)
  const mixed = [...(options.fresh && !joins ? [] : before.mixed), ...(changes.length > 0 ? [changes] : [])]
  const file = { ...(joins ? joined(before, now) : grown(before, now, growth.earlier)), mixed }
  const all = collects(options.collect && (joins || options.fresh))
  return {
    ...written(studyDirectory, { ...file, ...all }, damaged),
    changes,
    added: damaged ? new Set() : growth.added,
  }
}

function written(studyDirectory: string, file: StudyFile, rebuilt: boolean): Reconciled {
  writeStudyFile(studyDirectory, file)
  return { file, changes: [], added: new Set(), rebuilt }
}

function collects(all: boolean): Pick<StudyFile, 'collects'> {
  return all ? { collects: true } : {}
}

/** A single spec's trial next to those of others, with all evaluations that were ever planned for it. */
function joined(before: StudyFile, now: StudyFile): StudyFile {
  const known = new Map(before.trials.map((trial) => [trial.id, trial]))
  const planned = now.trials.map((trial) => withEvaluations(trial, known.get(trial.id)?.evaluations ?? []))
  const trials = [...without(before.trials, now.trials), ...planned]
  const earlier = without(before.earlier, now.trials)
  return { ...now, trials, earlier, settings: { ...before.settings, ...now.settings } }
}

function withEvaluations(trial: StudyTrial, earlier: StudyTrial['evaluations']): StudyTrial {
  const ids = new Set(trial.evaluations.map(({ id }) => id))
  return { ...trial, evaluations: [...earlier.filter(({ id }) => !ids.has(id)), ...trial.evaluations] }
}

function grown(before: StudyFile, now: StudyFile, earlier: readonly StudyTrial[]): StudyFile {
  const known = earlier.flatMap(({ settings: key }) => {
    const settings = before.settings[key]
    return settings === undefined ? [] : [[key, settings] as const]
  })
  return { ...now, earlier, settings: { ...Object.fromEntries(known), ...now.settings } }
}

/** A directory whose study.json was lost: its trials join a single spec's, and are else those of earlier plans. */
function rebuilt(studyDirectory: string, now: StudyFile, collect: boolean): StudyFile {
  const { trials, settings } = publishedTrials(studyDirectory)
  const all = collect ? { trials, earlier: [] } : { trials: [], earlier: trials }
  return { ...now, ...all, settings, ...collects(collect) }
}

/** Whether there is a result of a trial, or an attempt at it. */
function isStarted(studyDirectory: string, trialId: string): boolean {
  return existsSync(trialDirectory(studyDirectory, trialId)) || existsSync(attemptsDirectory(studyDirectory, trialId))
}

/**
 * A study.json that is damaged, or missing where there are results, is reported and written again: every record contains
 * what created it. One of another version is not touched.
 */
function readOrWarn(
  studyDirectory: string,
  warn: (message: string) => void,
): { readonly read?: StudyFile; readonly damaged: boolean } {
  try {
    const read = readStudyFile(studyDirectory)
    if (read !== undefined) return { read, damaged: false }
    const isLost = trialFolders(studyDirectory).some((id) => isTrialFolder(trialDirectory(studyDirectory, id)))
    if (isLost) warn(`${studyPath(studyDirectory, 'study')} is missing; it is written again`)
    return { damaged: isLost }
  } catch (error) {
    if (error instanceof SchemaVersionError) throw error
    warn(`${runErrorOrThrow(error).message}; it is written again`)
    return { damaged: true }
  }
}

export function versionDifferences(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])]
  return names
    .filter((name) => before[name] !== now[name])
    .map((name) => `${name}: ${before[name] ?? 'absent'} -> ${now[name] ?? 'absent'}`)
}

/** What a directory was created for differs from what is to be run: what, and each way on as a command. */
export function changedStudy(studyDirectory: string, changes: readonly string[], command: string): SeqlabError {
  const shown = changes.length > shownChanges ? [...changes.slice(0, shownChanges), '...'] : changes
  const count = changes.length === 1 ? '1 difference' : `${changes.length} differences`
  return new SeqlabError(
    'run',
    `${studyDirectory} was created by a different plan or version (${count}):\n  ${shown.join('\n  ')}`,
    {
      hint: [
        'Choose one:',
        `  ${command} --name ${freeName(studyDirectory)}    keep what is there, and run in a new directory`,
        `  ${command} --fresh    start over in this directory`,
        `  ${command} --force    continue in it, and record the mix`,
      ].join('\n'),
    },
  )
}

const shownChanges = 20

function freeName(studyDirectory: string): string {
  const name = basename(studyDirectory)
  for (let number = 2; ; number++) {
    if (!existsSync(join(dirname(studyDirectory), `${name}-${number}`))) return `${name}-${number}`
  }
}
