// A trial is published by one rename: its attempt's folder becomes the trial's folder. The ledger records it first, so that
// a crash in between is repaired by doing the rename that was decided. Only the coordinator does this.
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runErrorOrThrow } from '../../core/checked-json.js'
import { failpoint } from '../../core/failpoints.js'
import { syncFolder, systemErrorCode, writeFileSynced } from '../../core/files.js'
import { jsonText } from '../../core/json.js'
import { digestOf, exists, type FileDigest } from '../files.js'
import {
  attemptDirectory,
  attemptsDirectory,
  evaluationFileName,
  finalEvaluation,
  trialDirectory,
  trialFileName,
  trialPath,
} from '../layout.js'
import type { AttemptId } from '../trial/attempt.js'
import { finalEvaluationOf, writeEvaluation } from '../trial/evaluation.js'
import { manifestDigest, sealFolder, verifyFolder } from '../trial/manifest.js'
import { openTrial } from '../trial/read.js'
import type { RunRecord } from '../trial/record.js'
import type { LockedStudy } from './open.js'

/** Writes the record, seals the attempt's folder and makes it the trial's result; where that is. `known` saves digests. */
export async function publish(
  study: LockedStudy,
  about: AttemptId,
  record: RunRecord,
  known: Readonly<Record<string, FileDigest>>,
): Promise<string> {
  const at = { trial: about.trialId, attempt: about.attempt }
  const from = attemptDirectory(study.directory, about.trialId, about.attempt)
  const text = jsonText(record)
  writeFileSynced(trialPath(from, 'record'), text)
  const predictions = known[evaluationFileName(finalEvaluation, 'predictions')]
  if (predictions !== undefined) writeEvaluation(from, finalEvaluationOf(record, predictions))
  const pruned = isKept(record) ? {} : { pruned: ['checkpoint' as const] }
  const digests = { ...known, [trialFileName('record')]: digestOf(text) }
  const manifest = await sealFolder(from, { ...about, ...pruned }, digests)
  publishSealed(study, about, manifest.sha256)
  failpoint('after-publish', at)
  forgetAttempts(study, record)
  return trialDirectory(study.directory, about.trialId)
}

/** Makes an attempt's sealed folder the trial's; `manifest`: the digest of its manifest. */
export function publishSealed(study: LockedStudy, about: AttemptId, manifest: string): void {
  const at = { trial: about.trialId, attempt: about.attempt }
  failpoint('before-publish-line', at)
  study.lock.check()
  study.ledger.append({ kind: 'publish', ...about, manifest })
  failpoint('after-publish-line', at)
  putInPlace(study.directory, about)
}

/** Whether a trial's checkpoint stays: one that is not completed may be continued. */
function isKept({ status, spec }: RunRecord): boolean {
  return status !== 'completed' || spec.train.keepCheckpoint !== false
}

/**
 * Removes a published trial's other attempts, and a checkpoint that is not wanted; where it ended by an error they stay: a
 * retry may continue from them.
 */
export function forgetAttempts({ directory }: LockedStudy, record: RunRecord): void {
  const { trialId, error } = record
  if (error === undefined) rmSync(attemptsDirectory(directory, trialId), { recursive: true, force: true })
  const checkpoint = trialPath(trialDirectory(directory, trialId), 'checkpoint')
  if (!isKept(record)) rmSync(checkpoint, { recursive: true, force: true })
}

/** Removes a trial's result and attempts. */
export function discardTrial(study: LockedStudy, trialId: string, reason: string): void {
  study.ledger.append({ kind: 'discarded', trialId, reason })
  rmSync(attemptsDirectory(study.directory, trialId), { recursive: true, force: true })
  rmSync(trialDirectory(study.directory, trialId), { recursive: true, force: true })
}

/** A damaged result is never shown as a good one; its checkpoint may still be whole, so it is kept among the attempts. */
export function discardDamaged(study: LockedStudy, trialId: string, reason: string): void {
  study.ledger.append({ kind: 'discarded', trialId, reason })
  setAside(study.directory, trialId, 'damaged')
}

/** Renames an attempt's folder to the trial's; an earlier (stopped or failed) result is set aside first. */
function putInPlace(studyDirectory: string, { trialId, attempt }: AttemptId): void {
  setAside(studyDirectory, trialId, `replaced-by-${attempt}`)
  failpoint('between-renames', { trial: trialId, attempt })
  renameSync(attemptDirectory(studyDirectory, trialId, attempt), trialDirectory(studyDirectory, trialId))
  syncFolder(studyDirectory)
}

/** Moves a trial's folder among its attempts, where its checkpoint may still serve. Does nothing when there is none. */
function setAside(studyDirectory: string, trialId: string, name: string): void {
  const attempts = attemptsDirectory(studyDirectory, trialId)
  mkdirSync(attempts, { recursive: true })
  rmSync(join(attempts, name), { recursive: true, force: true })
  try {
    renameSync(trialDirectory(studyDirectory, trialId), join(attempts, name))
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error
  }
}

interface Recovered {
  /** The trial's result, whole and verified. */
  readonly record?: RunRecord
  /** What was damaged or incomplete, in words. */
  readonly problems: readonly string[]
}

/** Finishes a publication that a crash cut short, then reads the trial's result. */
export async function recover(study: LockedStudy, trialId: string): Promise<Recovered> {
  const decided = study.history.get(trialId)?.decided
  const target = trialDirectory(study.directory, trialId)
  if (decided !== undefined) {
    const from = attemptDirectory(study.directory, trialId, decided.attempt)
    const whole = manifestDigest(from) === decided.manifest && (await verifyFolder(from)).length === 0
    if (whole) putInPlace(study.directory, decided)
  }
  if (!(await exists(target))) return { problems: decided === undefined ? [] : [`${target} is missing`] }
  const problems = await verifyFolder(target)
  if (problems.length > 0) return { problems }
  try {
    return { record: (await openTrial(target)).record, problems }
  } catch (error) {
    return { problems: [runErrorOrThrow(error).message] }
  }
}

/** A number for a new attempt at a trial: higher than any before, so that none is used twice. */
export async function nextAttempt(study: LockedStudy, trialId: string): Promise<number> {
  const inLedger = study.history.get(trialId)?.lastAttempt ?? 0
  const onDisk = (await attemptFolders(study.directory, trialId)).map((name) => Number.parseInt(name, 10) || 0)
  return 1 + Math.max(inLedger, ...onDisk)
}

/** Folders that may hold a checkpoint of a trial: its attempts, what was set aside, and a stopped or failed result. */
export async function resumeFolders({ directory }: LockedStudy, trialId: string): Promise<string[]> {
  const attempts = attemptsDirectory(directory, trialId)
  const names = await attemptFolders(directory, trialId)
  const target = trialDirectory(directory, trialId)
  return [...names.map((name) => join(attempts, name)), ...((await exists(target)) ? [target] : [])]
}

async function attemptFolders(studyDirectory: string, trialId: string): Promise<string[]> {
  const attempts = attemptsDirectory(studyDirectory, trialId)
  return (await exists(attempts)) ? readdirSync(attempts) : []
}
