// Attempts that will never be published: what they leave, and why the last one of a trial was that.
import { readdirSync, rmdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { systemErrorCode } from '../../core/files.js'
import { attemptDirectory, trialFileName } from '../layout.js'
import type { AttemptId } from '../trial/attempt.js'
import { type LedgerEntry, readableEntries } from './ledger.js'
import type { LockedStudy } from './open.js'

/** Says that an attempt will never be published. Where it had not begun its folder goes: nothing of the trial is started. */
export function revokeAttempt(
  { directory, ledger }: Pick<LockedStudy, 'directory' | 'ledger'>,
  { trialId, attempt }: AttemptId,
  reason: string,
): void {
  ledger.append({ kind: 'revoked', trialId, attempt, reason })
  removeUnbegun(attemptDirectory(directory, trialId, attempt))
}

/** Removes an attempt's folder that has what its coordinator put there alone. */
function removeUnbegun(directory: string): void {
  try {
    const names = readdirSync(directory)
    if (names.some((name) => name !== trialFileName('spec'))) return
    for (const name of names) rmSync(join(directory, name))
    rmdirSync(directory)
    rmdirSync(dirname(directory))
  } catch (error) {
    // Gone already, written to meanwhile, or with other attempts beside it: then it stays.
    if (systemErrorCode(error) === undefined) throw error
  }
}

/** Why the last attempts at trials came to nothing, by trial; none of those that were given up since, or go on. */
export function revokedReasons(studyDirectory: string): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>()
  followRevoked(reasons, readableEntries(studyDirectory))
  return reasons
}

/** The same as the ledger grows: takes what it says next into account. */
export function followRevoked(reasons: Map<string, string>, entries: readonly LedgerEntry[]): void {
  for (const entry of entries) {
    if (entry.kind === 'revoked') reasons.set(entry.trialId, entry.reason)
    else if ('trialId' in entry) reasons.delete(entry.trialId)
  }
}
