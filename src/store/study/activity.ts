// Who works on a study now, and on which of its trials; and where a trial's curve grows.
import { existsSync, statSync } from 'node:fs'
import { type ClusterAttempt, clusterAttempts } from '../cluster/attempts.js'
import { attemptDirectory, attemptsDirectory, foldersIn, trialDirectory, trialPath } from '../layout.js'
import { type LedgerEntry, readableEntries } from './ledger.js'
import { lockHolder } from './lock.js'

/** Attempts that run, by trial, after more entries of a ledger. */
export function followAttempts(running: Map<string, number>, entries: readonly LedgerEntry[]): void {
  for (const entry of entries) {
    // What an earlier coordinator had started ended with it.
    if (entry.kind === 'opened') running.clear()
    else if (entry.kind === 'started') running.set(entry.trialId, entry.attempt)
    else if ('trialId' in entry) running.delete(entry.trialId)
  }
}

/** Attempts that run in a study or are on a cluster, by trial; none where nobody works on it. */
export function activeAttempts(studyDirectory: string): ReadonlyMap<string, ClusterAttempt> {
  const running = new Map<string, number>()
  if (lockHolder(studyDirectory) !== undefined) followAttempts(running, readableEntries(studyDirectory))
  const here = [...running].map(([id, attempt]) => [id, { attempt, state: 'running' as const }] as const)
  return new Map([...here, ...clusterAttempts(studyDirectory)])
}

/** Where a trial's curve is: in its folder where it is published, else in that of its newest attempt that has one. */
export function curvePath(studyDirectory: string, trialId: string): string | undefined {
  return growingPath(studyDirectory, trialId, 'metrics')
}

/** The same of what its validations gave for a few examples. */
export function samplesPath(studyDirectory: string, trialId: string): string | undefined {
  return growingPath(studyDirectory, trialId, 'samples')
}

function growingPath(studyDirectory: string, trialId: string, kind: 'metrics' | 'samples'): string | undefined {
  const published = trialPath(trialDirectory(studyDirectory, trialId), kind)
  if (existsSync(published)) return published
  const attempts = attemptsDirectory(studyDirectory, trialId)
  const numbers = existsSync(attempts) ? foldersIn(attempts).map(Number).filter(Number.isInteger) : []
  const paths = numbers
    .toSorted((a, b) => b - a)
    .map((attempt) => trialPath(attemptDirectory(studyDirectory, trialId, attempt), kind))
  return paths.find((path) => existsSync(path))
}

/** When an attempt began, in milliseconds since 1970; undefined where its folder is gone. */
export function attemptBegunMs(studyDirectory: string, trialId: string, attempt: number): number | undefined {
  const path = trialPath(attemptDirectory(studyDirectory, trialId, attempt), 'spec')
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs
}
