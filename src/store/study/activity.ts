// Who works on a study now, and on which of its trials; and where a trial's curve grows.
import { existsSync, statSync } from 'node:fs'
import { readFileIfPresent } from '../../core/files.js'
import { isJsonObject, parseJson } from '../../core/json.js'
import { type ClusterAttempt, clusterAttempts } from '../cluster/attempts.js'
import {
  attemptDirectory,
  attemptStartPath,
  attemptsDirectory,
  foldersIn,
  trialDirectory,
  trialPath,
} from '../layout.js'
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

/** The step that an attempt began at, and when, in milliseconds since 1970. */
export interface AttemptStart {
  readonly step: number
  readonly ms: number
}

/**
 * Where an attempt's own training began: at the step of the checkpoint that it took over. Before it has begun to train, and of
 * an attempt elsewhere, a first one is taken to have begun with its folder; undefined where nothing is known.
 */
export function attemptStart(studyDirectory: string, trialId: string, attempt: number): AttemptStart | undefined {
  const directory = attemptDirectory(studyDirectory, trialId, attempt)
  const written = startIn(attemptStartPath(directory))
  if (written !== undefined || attempt !== 1) return written
  const ms = statSync(trialPath(directory, 'spec'), { throwIfNoEntry: false })?.mtimeMs
  return ms === undefined ? undefined : { step: 0, ms }
}

/** Undefined where there is no such file, or it is not whole. */
function startIn(path: string): AttemptStart | undefined {
  const ms = statSync(path, { throwIfNoEntry: false })?.mtimeMs
  const started = parseJson(readFileIfPresent(path)?.toString('utf8') ?? '')
  if (ms === undefined || !isJsonObject(started) || typeof started.step !== 'number') return undefined
  return { step: started.step, ms }
}
