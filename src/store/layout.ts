// Every name inside runs/: `<out>/<study>/<trial id>/`, and while a trial runs `<out>/<study>/attempts/<trial id>/<number>/`.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { SeqlabError } from '../core/errors.js'

const studyFiles = { study: 'study.json', ledger: 'ledger.jsonl', lock: 'lock.json' } as const

const trialFiles = {
  /** Digests of all files below. */
  manifest: 'manifest.json',
  record: 'record.json',
  /** The resolved spec. */
  spec: 'spec.yaml',
  metrics: 'metrics.jsonl',
  predictions: 'predictions.jsonl',
  /** A folder: the state from which training resumes. */
  checkpoint: 'checkpoint',
  /** Derived from the others, and in no manifest. */
  page: 'report.html',
} as const

type StudyFileKind = keyof typeof studyFiles
export type TrialFileKind = keyof typeof trialFiles

/** Where a study's files are. Throws SeqlabError 'spec' on a name that is no plain folder name. */
export function studyDirectory(outDir: string, study: string): string {
  if (/^[\p{L}\p{N}_][\p{L}\p{N}_.@+-]*$/u.test(study)) return join(outDir, study)
  throw new SeqlabError('spec', `"${study}" cannot be a study's name`, {
    hint: 'Use letters, digits, and . _ - @ + (not first).',
  })
}

export function studyPath(studyDirectory: string, kind: StudyFileKind): string {
  return join(studyDirectory, studyFiles[kind])
}

/** A study's comparison in one of its formats (`html`, `md`, ...). */
export function comparisonPath(studyDirectory: string, format: string): string {
  return join(studyDirectory, `comparison.${format}`)
}

export function trialDirectory(studyDirectory: string, trialId: string): string {
  return join(studyDirectory, trialId)
}

/** Where the attempts at a trial are until one of them is published; each in a folder named by its number. */
export function attemptsDirectory(studyDirectory: string, trialId: string): string {
  return join(studyDirectory, attemptsFolder, trialId)
}

export function attemptDirectory(studyDirectory: string, trialId: string, attempt: number): string {
  return join(attemptsDirectory(studyDirectory, trialId), String(attempt))
}

/** A file of a trial or of an attempt at it. */
export function trialPath(trialDirectory: string, kind: TrialFileKind): string {
  return join(trialDirectory, trialFileName(kind))
}

/** As manifests list it. */
export function trialFileName(kind: TrialFileKind): string {
  return trialFiles[kind]
}

/** The training state in a checkpoint's folder. */
export function statePath(checkpointDirectory: string): string {
  return join(checkpointDirectory, 'state.bin')
}

/** Ids of what may be trials in a study: names of its folders. */
export function trialFolders(studyDirectory: string): string[] {
  return foldersIn(studyDirectory).filter((name) => name !== attemptsFolder)
}

/** Whether a folder is a published trial's (a study's folder is none). */
export function isTrialFolder(directory: string): boolean {
  return existsSync(trialPath(directory, 'manifest'))
}

export function hasCheckpoint(directory: string): boolean {
  return existsSync(trialPath(directory, 'checkpoint'))
}

export function isStudyFolder(directory: string): boolean {
  return existsSync(studyPath(directory, 'study'))
}

/** Names of the folders in a folder, sorted. */
export function foldersIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}

const attemptsFolder = 'attempts'
