import { mkdirSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { availableParallelism, cpus, hostname, release, totalmem, type } from 'node:os'
import { join, resolve } from 'node:path'
import { SeqlabError } from '../core/errors.js'
import type { Claim, Comparison, Plan, PlannedTrial } from '../spec/types.js'
import type { RunOptions } from './events.js'
import { temporarySuffix } from './files.js'
import { historyByTrial, type Ledger, ledgerName, openLedger, readLedger, type TrialHistory } from './ledger.js'
import { type Lock, takeLock } from './lock.js'
import { readSealed, writeSealed } from './sealed.js'
import { versions } from './versions.js'

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
}

export type StudyTrial = Pick<PlannedTrial, 'id' | 'label' | 'variant' | 'seed' | 'specHash' | 'dataDigest'> & {
  /** The folder that relative data paths were against: whoever runs the trial again needs it. Absent in older ones. */
  readonly baseDir?: string
}

/** An open run directory: locked, compared with the plan, its ledger read. */
export interface Study {
  readonly directory: string
  readonly file: StudyFile
  readonly ledger: Ledger
  /** What the ledger told when it was opened. */
  readonly history: ReadonlyMap<string, TrialHistory>
  readonly lock: Lock
  /** study.json was damaged: what made the results that stand here is known from their records alone. */
  readonly rebuilt: boolean
  close(): void
}

/**
 * Opens `<outDir>/<study>` for a plan. Throws SeqlabError 'run' when another live process has it, or when it was made by
 * another plan, other data or other code and `force` is not set.
 */
export async function openStudy(plan: Plan, options: RunOptions, warn: (message: string) => void): Promise<Study> {
  const directory = studyDirectory(options.outDir, plan.study)
  mkdirSync(directory, { recursive: true })
  const lock = await takeLock(directory, options.command)
  try {
    if (lock.takenOver !== undefined) warn(lock.takenOver)
    await removeTemporaries(directory)
    const contents = readLedger(join(directory, ledgerName))
    for (const problem of contents.problems) warn(problem)
    const { file, changes, rebuilt } = reconcile(directory, plan, options, warn)
    const ledger = openLedger(join(directory, ledgerName), contents)
    ledger.append({ kind: 'opened', pid: process.pid, host: hostname(), machine: machine(), command: options.command })
    if (changes.length > 0) ledger.append({ kind: 'forced', changes })
    const close = () => {
      ledger.close()
      lock.release()
    }
    return { directory, file, ledger, history: historyByTrial(contents.entries), lock, rebuilt, close }
  } catch (error) {
    lock.release()
    throw error
  }
}

function machine(): string {
  const processor = cpus()[0]?.model ?? 'unknown processor'
  const memory = `${(totalmem() / 2 ** 30).toFixed(1)} GiB`
  return `${processor}, ${availableParallelism()} cores, ${memory}, ${type()} ${release()}`
}

/** Where a study's files are. Throws SeqlabError 'spec' on a name that is no plain folder name. */
export function studyDirectory(outDir: string, study: string): string {
  if (/^[\p{L}\p{N}_][\p{L}\p{N}_.@+-]*$/u.test(study)) return join(outDir, study)
  throw new SeqlabError('spec', `"${study}" cannot be a study's name`, {
    hint: 'Use letters, digits, and . _ - @ + (not first).',
  })
}

export function trialDirectory(directory: string, trialId: string): string {
  return join(directory, trialId)
}

/** Where the attempts at a trial are until one of them is published; each in a folder of its own number. */
export function attemptsDirectory(directory: string, trialId: string): string {
  return join(directory, 'attempts', trialId)
}

/** Writes study.json, or compares it with what is to be run now. */
function reconcile(directory: string, plan: Plan, options: RunOptions, warn: (message: string) => void) {
  const path = join(directory, studyName)
  const now = studyFile(plan)
  const { before, damaged } = readOrWarn(path, warn)
  const changes = before === undefined || options.fresh ? [] : differences(before, now)
  if (changes.length > 0 && !options.force) throw changedStudy(directory, changes)
  const mixed = [...(before?.mixed ?? []), ...(changes.length > 0 ? [changes] : [])]
  const file: StudyFile = options.fresh ? now : { ...now, mixed }
  writeSealed(path, file)
  return { file, changes, rebuilt: damaged }
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
export function differences(before: StudyFile, now: StudyFile): string[] {
  return [...versionDifferences(before.versions, now.versions), ...trialDifferences(before.trials, now.trials)]
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
  const without = (all: readonly StudyTrial[], others: readonly StudyTrial[]) =>
    all.filter(({ id }) => !others.some((other) => other.id === id))
  return [
    ...without(before, now).map((trial) => `- ${describe(trial)}`),
    ...without(now, before).map((trial) => `+ ${describe(trial)}`),
  ]
}

export function changedStudy(directory: string, changes: readonly string[]): SeqlabError {
  const shown = changes.length > shownChanges ? [...changes.slice(0, shownChanges), '...'] : changes
  return new SeqlabError(
    'run',
    `${directory} was made by another plan or other code (${changes.length} differences):\n  ${shown.join('\n  ')}`,
    { hint: 'Give the study another name, start it over with --fresh, or go on with --force (the mix is recorded).' },
  )
}

const shownChanges = 20

/** Unfinished files of processes that were killed: nobody refers to them. */
async function removeTemporaries(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.endsWith(temporarySuffix)) rmSync(join(directory, name), { force: true })
  }
}
