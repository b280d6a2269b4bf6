import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { SeqlabError } from '../../core/errors.js'
import { foldersIn, isTrialFolder, trialPath } from '../layout.js'
import { hasModel } from '../model/files.js'
import { openTrial } from '../trial/read.js'
import type { RunRecord } from '../trial/record.js'
import { readStudy, type TrialPlace } from './read.js'

/** One line of `seqlab list`. */
export interface ListedRun {
  readonly study: string
  readonly directory: string
  readonly label: string
  readonly seed: number | undefined
  /** `waiting`: planned, and without a result yet. `damaged`: its files are not what was written. */
  readonly status: RunRecord['status'] | 'waiting' | 'damaged'
  readonly record?: RunRecord
  readonly problem?: string
  /** When its result was published; undefined where there is none. */
  readonly publishedMs?: number
}

/** Every run of every study in a folder, newest study first. Only records are read, each checked against its manifest. */
export async function listRuns(outDir: string): Promise<ListedRun[]> {
  if (!isDirectory(outDir)) {
    throw new SeqlabError('run', `${outDir} is not a directory`, { hint: 'Give the directory of the runs with --out.' })
  }
  const studies = foldersIn(outDir).map((name) => join(outDir, name))
  const listed = await Promise.all(studies.map(listStudy))
  const newest = (runs: readonly ListedRun[]) => Math.max(0, ...runs.map(({ publishedMs = 0 }) => publishedMs))
  return listed.sort((a, b) => newest(b) - newest(a)).flat()
}

function listStudy(directory: string): Promise<ListedRun[]> {
  return Promise.all(readStudy(directory).trials.map((trial) => listRun(directory, trial)))
}

async function listRun(study: string, { id, directory, planned, state }: TrialPlace): Promise<ListedRun> {
  const known = { study, directory, label: planned?.label ?? id, seed: planned?.seed }
  if (state === 'waiting') return { ...known, status: 'waiting' }
  if (state === 'lost')
    return { ...known, status: 'damaged', problem: `${trialPath(directory, 'manifest')} is missing` }
  try {
    const { record, publishedMs } = await openTrial(directory)
    return { ...known, label: record.label, seed: record.seed, status: record.status, record, publishedMs }
  } catch (error) {
    return { ...known, status: 'damaged', problem: error instanceof Error ? error.message : String(error) }
  }
}

/** The folder of the model that a name means: a model's own, wherever that is, or that of a trial as `findRun` finds it. */
export async function findModel(name: string, outDir: string): Promise<string> {
  return hasModel(name) ? name : findRun(name, outDir)
}

/**
 * The trial's folder that a name means: the folder itself, a study of one trial, or (in `outDir` or in a study) the first
 * digits of a trial's id. Throws SeqlabError 'run' that lists the choices where there is none or more than one.
 */
export async function findRun(name: string, outDir: string): Promise<string> {
  const places = [name, join(outDir, name)].filter(isDirectory)
  const itself = places.find(isTrialFolder)
  if (itself !== undefined) return itself
  const candidates = places.length > 0 ? places.flatMap(trialsIn) : await byId(name, outDir)
  const [only] = candidates
  if (only !== undefined && candidates.length === 1) return only
  const what = candidates.length === 0 ? `No run is called ${name}` : `${name} holds ${candidates.length} runs`
  const choices = candidates.slice(0, 8).join(', ')
  throw new SeqlabError('run', what, {
    hint: choices === '' ? '`seqlab list` names them all.' : `Name one: ${choices}`,
  })
}

function trialsIn(directory: string): string[] {
  return foldersIn(directory)
    .map((name) => join(directory, name))
    .filter(isTrialFolder)
}

async function byId(name: string, outDir: string): Promise<string[]> {
  const [study, id = study] = name.split('/')
  const runs = isDirectory(outDir) ? await listRuns(outDir) : []
  return runs
    .filter(({ status }) => status !== 'waiting')
    .filter(({ directory }) => basename(directory).startsWith(id ?? name))
    .filter(({ study: of }) => id === study || of.endsWith(study ?? ''))
    .map(({ directory }) => directory)
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
