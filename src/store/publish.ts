import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failpoint } from '../core/failpoints.js'
import type { PlannedTrial } from '../spec/types.js'
import { exists, type FileDigest, jsonLine, syncFolder, writeFileSynced } from './files.js'
import { manifestDigest, sealFolder, verifyFolder } from './manifest.js'
import { type RunRecord, readRecord } from './record.js'
import { attemptsDirectory, type Study, trialDirectory } from './study.js'

// A trial is published by one rename: its attempt's folder becomes the trial's folder. The ledger says so first, so that
// a crash in between is mended by doing the rename that was decided. Nobody but the coordinator does this.

/** Writes the record, seals the attempt's folder and makes it the trial's result. */
export async function publish(
  study: Study,
  trial: PlannedTrial,
  attempt: number,
  record: RunRecord,
  known: Readonly<Record<string, FileDigest>>,
): Promise<void> {
  const from = join(attemptsDirectory(study.directory, trial.id), String(attempt))
  const recordDigest = writeFileSynced(
    join(from, 'record.json'),
    `${JSON.stringify(JSON.parse(jsonLine(record)), null, 1)}\n`,
  )
  const about = { trialId: trial.id, attempt }
  const manifest = await sealFolder(from, about, { ...known, 'record.json': recordDigest })
  failpoint('before-publish-line', { trial: trial.id, attempt })
  study.lock.check()
  study.ledger.append({ kind: 'publish', ...about, manifest: manifest.sha256 })
  failpoint('after-publish-line', { trial: trial.id, attempt })
  putInPlace(study.directory, trial.id, attempt)
  failpoint('after-publish', { trial: trial.id, attempt })
  forgetAttempts(study.directory, record)
}

/** Removes a published trial's other attempts; where it ended by an error they stay: a retry may go on from them. */
export function forgetAttempts(directory: string, { trialId, error }: RunRecord): void {
  if (error === undefined) rmSync(attemptsDirectory(directory, trialId), { recursive: true, force: true })
}

/** Renames an attempt's folder to the trial's; what stood there (a stopped or failed result) is set aside first. */
function putInPlace(directory: string, trialId: string, attempt: number): void {
  const attempts = attemptsDirectory(directory, trialId)
  const target = trialDirectory(directory, trialId)
  setAside(directory, trialId, `replaced-by-${attempt}`)
  failpoint('between-renames', { trial: trialId, attempt })
  renameSync(join(attempts, String(attempt)), target)
  syncFolder(directory)
}

/** Moves a trial's folder among its attempts, where its checkpoint may still serve. Does nothing when there is none. */
export function setAside(directory: string, trialId: string, name: string): void {
  const attempts = attemptsDirectory(directory, trialId)
  mkdirSync(attempts, { recursive: true })
  rmSync(join(attempts, name), { recursive: true, force: true })
  try {
    renameSync(trialDirectory(directory, trialId), join(attempts, name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

export interface Standing {
  /** The trial's result, whole and verified. */
  readonly record?: RunRecord
  /** What was damaged or incomplete, in words. */
  readonly problems: readonly string[]
}

/** Finishes a publication that a crash cut short, then says what stands in the trial's folder. */
export async function recover(study: Study, trialId: string): Promise<Standing> {
  const decided = study.history.get(trialId)?.decided
  const target = trialDirectory(study.directory, trialId)
  if (decided !== undefined) {
    const from = join(attemptsDirectory(study.directory, trialId), String(decided.attempt))
    const whole = (await manifestDigest(from)) === decided.manifest && (await verifyFolder(from)).length === 0
    if (whole) putInPlace(study.directory, trialId, decided.attempt)
  }
  if (!(await exists(target))) return { problems: decided === undefined ? [] : [`${target} is missing`] }
  const problems = await verifyFolder(target)
  if (problems.length > 0) return { problems }
  const { record, problem } = readRecord(
    await readFile(join(target, 'record.json'), 'utf8'),
    join(target, 'record.json'),
  )
  return record === undefined ? { problems: [problem] } : { record, problems: [] }
}

/** The highest number that any attempt at a trial ever had: a number is never used twice. */
export async function lastAttempt(study: Study, trialId: string): Promise<number> {
  const told = study.history.get(trialId)?.lastAttempt ?? 0
  const found = (await attemptFolders(study.directory, trialId)).map((name) => Number.parseInt(name, 10) || 0)
  return Math.max(told, ...found)
}

/** Folders that may hold a checkpoint of a trial: its attempts, what was set aside, and a stopped or failed result. */
export async function resumeFolders(directory: string, trialId: string): Promise<string[]> {
  const attempts = attemptsDirectory(directory, trialId)
  const names = await attemptFolders(directory, trialId)
  const target = trialDirectory(directory, trialId)
  return [...names.map((name) => join(attempts, name)), ...((await exists(target)) ? [target] : [])]
}

async function attemptFolders(directory: string, trialId: string): Promise<string[]> {
  const attempts = attemptsDirectory(directory, trialId)
  return (await exists(attempts)) ? readdir(attempts) : []
}
