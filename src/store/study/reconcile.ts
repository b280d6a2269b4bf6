import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { runErrorOrThrow, SchemaVersionError } from '../../core/checked-json.js'
import { SeqlabError } from '../../core/errors.js'
import { readFileIfPresent } from '../../core/files.js'
import type { Plan } from '../../spec/types.js'
import { trialFolders, trialPath } from '../layout.js'
import { parseRecord } from '../trial/record.js'
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
}

/** What a directory was created for and is now. */
interface Reconciled {
  readonly file: StudyFile
  /** Differences that were forced, in words. */
  readonly changes: readonly string[]
  /** study.json was damaged: what created the results that are here is known from their records alone. */
  readonly rebuilt: boolean
}

/**
 * Writes study.json, or compares it with what is to be run now. Throws SeqlabError 'run' where they differ and that is not
 * forced; a single spec's trial joins those of other single specs without being a difference.
 */
export function reconcile(
  studyDirectory: string,
  plan: Plan,
  versions: Readonly<Record<string, string>>,
  options: OpenOptions,
  warn: (message: string) => void,
): Reconciled {
  const now = studyFile(plan, versions)
  const { read, damaged } = readOrWarn(studyDirectory, warn)
  const before = read ?? (damaged && options.collect ? { ...now, trials: publishedTrials(studyDirectory) } : undefined)
  const joins = options.collect && (damaged || read?.collects === true)
  const changes = before === undefined || options.fresh ? [] : differences(before, now, joins)
  if (changes.length > 0 && !options.force) throw changedStudy(studyDirectory, changes, options.command)
  const joined = joins && before !== undefined && !(options.fresh && isOtherCode(before, now)) ? before : undefined
  const mixed = [...((options.fresh ? joined : before)?.mixed ?? []), ...(changes.length > 0 ? [changes] : [])]
  const trials = [...without(joined?.trials ?? [], now.trials), ...now.trials]
  const collects =
    options.collect && (joins || before === undefined || options.fresh) ? { collects: true as const } : {}
  const file: StudyFile = { ...now, trials, mixed, ...collects }
  writeStudyFile(studyDirectory, file)
  return { file, changes, rebuilt: damaged }
}

/** What a directory whose study.json was lost holds, according to its records. */
function publishedTrials(studyDirectory: string): StudyTrial[] {
  return trialFolders(studyDirectory).flatMap((id) => {
    const path = trialPath(join(studyDirectory, id), 'record')
    const bytes = readFileIfPresent(path)
    if (bytes === undefined) return []
    const record = orUndefined(() => parseRecord(bytes.toString('utf8'), path))
    if (record?.trialId !== id) return []
    const { label, variant, seed, trainHash: specHash, digests } = record
    return [{ id, label, variant, seed, specHash, dataDigest: digests.training }]
  })
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    runErrorOrThrow(error)
    return undefined
  }
}

function studyFile({ study, trials, claims, compare }: Plan, versions: Readonly<Record<string, string>>): StudyFile {
  const briefly = trials.map(({ id, label, variant, seed, trainHash, digests, baseDir }) => {
    return { id, label, variant, seed, specHash: trainHash, dataDigest: digests.training, baseDir: resolve(baseDir) }
  })
  return { schemaVersion: 1, study, trials: briefly, claims, ...(compare && { compare }), versions, mixed: [] }
}

/** A damaged study.json is reported and written again: every record contains what created it. One of another version is not touched. */
function readOrWarn(
  studyDirectory: string,
  warn: (message: string) => void,
): { readonly read?: StudyFile; readonly damaged: boolean } {
  try {
    const read = readStudyFile(studyDirectory)
    return read === undefined ? { damaged: false } : { read, damaged: false }
  } catch (error) {
    if (error instanceof SchemaVersionError) throw error
    warn(`${runErrorOrThrow(error).message}; it is written again`)
    return { damaged: true }
  }
}

/** What differs between how a directory was created and what is to be run, a line each. */
function differences(before: StudyFile, now: StudyFile, joins: boolean): string[] {
  const versions = versionDifferences(before.versions, now.versions)
  return joins ? versions : [...versions, ...trialDifferences(before.trials, now.trials)]
}

function isOtherCode(before: StudyFile, now: StudyFile): boolean {
  return versionDifferences(before.versions, now.versions).length > 0
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

function trialDifferences(before: readonly StudyTrial[], now: readonly StudyTrial[]): string[] {
  const describe = ({ id, label, seed, dataDigest }: StudyTrial) =>
    `trial ${id} (${label}, seed ${seed}, data ${dataDigest.slice(0, 12)})`
  return [
    ...without(before, now).map((trial) => `- ${describe(trial)}`),
    ...without(now, before).map((trial) => `+ ${describe(trial)}`),
  ]
}

function without(all: readonly StudyTrial[], others: readonly StudyTrial[]): readonly StudyTrial[] {
  const ids = new Set(others.map(({ id }) => id))
  return all.filter(({ id }) => !ids.has(id))
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
