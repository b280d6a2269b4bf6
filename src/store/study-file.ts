import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { SeqlabError } from '../core/errors.js'
import type { RunOptions } from '../runner/events.js'
import { versions } from '../runner/versions.js'
import type { Claim, Comparison, Plan, PlannedTrial } from '../spec/types.js'
import { trialFolders } from './layout.js'
import { readRecord } from './record.js'
import { readSealed, writeSealed } from './sealed-json.js'

export const studyName = 'study.json'

/** study.json: what a run directory was made for, and with what. */
export interface StudyFile {
  readonly schemaVersion: 1
  readonly study: string
  readonly trials: readonly StudyTrial[]
  readonly claims: readonly Claim[]
  readonly compare?: Comparison
  readonly versions: Readonly<Record<string, string>>
  /** What else went on here by force, oldest first: the differences in words. */
  readonly mixed: readonly (readonly string[])[]
  /** Made by runs of single specs: each adds its trial to those that stand here. */
  readonly collects?: true
}

export type StudyTrial = Pick<PlannedTrial, 'id' | 'label' | 'variant' | 'seed' | 'specHash' | 'dataDigest'> & {
  /** The folder that relative data paths were against: whoever runs the trial again needs it. Absent in older ones. */
  readonly baseDir?: string
}

/**
 * Writes study.json, or compares it with what is to be run now. Throws SeqlabError 'run' where they differ and that is not
 * forced; a single spec's trial joins those of other single specs without being a difference.
 */
export function reconcile(directory: string, plan: Plan, options: RunOptions, warn: (message: string) => void) {
  const path = join(directory, studyName)
  const now = studyFile(plan)
  const { before, damaged } = readOrWarn(path, warn)
  const stood = before ?? (damaged && options.collect ? { ...now, trials: publishedTrials(directory) } : undefined)
  const joins = options.collect && (damaged || before?.collects === true)
  const changes = stood === undefined || options.fresh ? [] : differences(stood, now, joins)
  if (changes.length > 0 && !options.force) throw changedStudy(directory, changes, options.command)
  const kept = joins && stood !== undefined && !(options.fresh && isOtherCode(stood, now)) ? stood : undefined
  const mixed = [...((options.fresh ? kept : stood)?.mixed ?? []), ...(changes.length > 0 ? [changes] : [])]
  const trials = [...without(kept?.trials ?? [], now.trials), ...now.trials]
  const collects = options.collect && (joins || stood === undefined || options.fresh) ? { collects: true as const } : {}
  const file: StudyFile = { ...now, trials, mixed, ...collects }
  writeSealed(path, file)
  return { file, changes, rebuilt: damaged }
}

/** What a directory whose study.json was lost holds, as its records tell. */
function publishedTrials(directory: string): StudyTrial[] {
  return trialFolders(directory).flatMap((id) => {
    const file = join(directory, id, 'record.json')
    if (!existsSync(file)) return []
    const { record } = readRecord(readFileSync(file, 'utf8'), file)
    if (record?.trialId !== id) return []
    const { label, variant, seed, specHash, dataDigest } = record
    return [{ id, label, variant, seed, specHash, dataDigest }]
  })
}

function studyFile({ study, trials, claims, compare }: Plan): StudyFile {
  const briefly = trials.map(({ id, label, variant, seed, specHash, dataDigest, baseDir }) => {
    return { id, label, variant, seed, specHash, dataDigest, baseDir: resolve(baseDir) }
  })
  return {
    schemaVersion: 1,
    study,
    trials: briefly,
    claims,
    ...(compare && { compare }),
    versions: versions(),
    mixed: [],
  }
}

/** A damaged study.json is named and made anew: every record says for itself what made it. */
function readOrWarn(path: string, warn: (message: string) => void): { before?: StudyFile; damaged: boolean } {
  try {
    const before = readSealed<StudyFile>(path)
    return before === undefined ? { damaged: false } : { before, damaged: false }
  } catch (error) {
    if (!(error instanceof SeqlabError)) throw error
    warn(`${error.message}; it is written anew`)
    return { damaged: true }
  }
}

/** What differs between how a directory was made and what is to be run, a line each. */
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

/** What a directory was made for differs from what is to be run: what, and each way on as a command. */
export function changedStudy(directory: string, changes: readonly string[], command: string): SeqlabError {
  const shown = changes.length > shownChanges ? [...changes.slice(0, shownChanges), '...'] : changes
  return new SeqlabError(
    'run',
    `${directory} was made by another plan or other code (${changes.length} differences):\n  ${shown.join('\n  ')}`,
    {
      hint: [
        'Choose one:',
        `  ${command} --name ${freeName(directory)}    keeps what is there, and runs in a folder of its own`,
        `  ${command} --fresh    starts over in this folder`,
        `  ${command} --force    goes on in it, and records the mix`,
      ].join('\n'),
    },
  )
}

const shownChanges = 20

function freeName(directory: string): string {
  const name = basename(directory)
  for (let number = 2; ; number++) {
    if (!existsSync(join(dirname(directory), `${name}-${number}`))) return `${name}-${number}`
  }
}
