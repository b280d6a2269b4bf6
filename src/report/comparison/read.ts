import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { SeqlabError } from '../../core/errors.js'
import type { Claim, Comparison } from '../../spec/types.js'
import type { StatisticsTable } from '../../stats/bootstrap.js'
import { digestOf } from '../../store/files.js'
import { trialFolders } from '../../store/layout.js'
import { ledgerName, readLedger } from '../../store/ledger.js'
import { type Manifest, manifestName } from '../../store/manifest.js'
import { isTrialFolder } from '../../store/read.js'
import { type RunRecord, readRecord } from '../../store/record.js'
import { openSealed, readSealed } from '../../store/sealed-json.js'
import { type StudyFile, studyName } from '../../store/study-file.js'
import { type Curves, curvesOf, testStatistics } from './lines.js'

/** A trial that can be compared, without its lines: of a thousand trials they would not fit in memory. */
export interface FoundTrial {
  readonly directory: string
  readonly record: RunRecord
  /** The folder that its relative data paths are against, where its study knows it. */
  readonly dataDir?: string
  /** The folder that its study was made in, where that is known: `train.init.from` is against it. */
  readonly cwd?: string
  /** Of the test examples, by metric. */
  readonly statistics: Readonly<Record<string, StatisticsTable>>
  readonly curves: Curves
}

/** What was not read, and why. */
export interface Skipped {
  readonly path: string
  readonly reason: string
}

export interface FoundStudy {
  readonly name: string
  readonly directory: string
  readonly planned: number
  readonly missing: readonly string[]
  readonly command?: string
}

/** A claim, and the study that states it: its names are that study's. */
export interface StatedClaim {
  readonly claim: Claim
  readonly study: string
}

export interface Found {
  readonly trials: readonly FoundTrial[]
  readonly studies: readonly FoundStudy[]
  readonly claims: readonly StatedClaim[]
  /** What the studies ask to be led with. */
  readonly leads: readonly Comparison[]
  readonly skipped: readonly Skipped[]
}

/**
 * Reads studies' and trials' folders. Only the files that a comparison uses are read, and each of them is held against the
 * manifest; what is damaged or of another version is listed as skipped. Throws SeqlabError 'run' for a folder that is neither.
 */
export async function findTrials(paths: readonly string[]): Promise<Found> {
  const parts = await Promise.all([...new Set(paths.map((path) => resolve(path)))].map(findIn))
  const seen = new Set<string>()
  const trials = parts
    .flatMap(({ trials }) => trials)
    .filter(({ directory }) => !seen.has(directory) && seen.add(directory))
  return {
    trials,
    studies: parts.flatMap(({ studies }) => studies),
    claims: parts.flatMap(({ claims }) => claims),
    leads: parts.flatMap(({ leads }) => leads),
    skipped: parts.flatMap(({ skipped }) => skipped),
  }
}

async function findIn(path: string): Promise<Found> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() !== true)
    throw new SeqlabError('run', `${path} is no folder`, { hint: 'Name a run or a study, such as runs/scorers.' })
  if (await isTrialFolder(path)) {
    const { study } = readStudyFile(dirname(path))
    const made = { study, cwd: openedIn(dirname(path))?.cwd }
    return { ...(await collect([path], made)), studies: [], claims: [], leads: [] }
  }
  return findInStudy(path)
}

async function findInStudy(directory: string): Promise<Found> {
  const { study, skipped: damaged } = readStudyFile(directory)
  const ids = study?.trials.map(({ id }) => id) ?? trialFolders(directory)
  const paths = ids.map((id) => join(directory, id))
  const published = await Promise.all(paths.map(isTrialFolder))
  const folders = paths.filter((_, at) => published[at])
  if (study === undefined && folders.length === 0) throw noTrials(directory, ids, damaged)
  const opened = openedIn(directory)
  const { trials, skipped } = await collect(folders, { study, cwd: opened?.cwd })
  // A result is published whole, by one rename: a planned trial's folder without its manifest has lost it since.
  const lost = study === undefined ? [] : paths.filter((path, at) => !published[at] && existsSync(path))
  const missing = study?.trials.filter(({ id }) => !existsSync(join(directory, id))) ?? []
  return {
    trials,
    skipped: [...damaged, ...skipped, ...lost.map((path) => ({ path, reason: `its ${manifestName} is missing` }))],
    claims: study?.claims.map((claim) => ({ claim, study: study.study })) ?? [],
    leads: study?.compare === undefined ? [] : [study.compare],
    studies: [
      {
        name: study?.study ?? basename(directory),
        directory,
        planned: ids.length,
        missing: missing.map(({ label, seed }) => `${label}, seed ${seed}`),
        ...(opened === undefined ? {} : { command: opened.command }),
      },
    ],
  }
}

/** How the study was last worked on. */
function openedIn(directory: string) {
  const entry = readLedger(join(directory, ledgerName)).entries.findLast(({ kind }) => kind === 'opened')
  return entry?.kind === 'opened' ? entry : undefined
}

/** A folder of studies is the usual mistake: they are named. */
function noTrials(directory: string, folders: readonly string[], damaged: readonly Skipped[]): SeqlabError {
  const studies = folders.map((name) => join(directory, name)).filter((path) => existsSync(join(path, studyName)))
  const shown = studies.slice(0, 8).map((path) => relative('', path) || '.')
  const why = existsSync(join(directory, studyName)) ? `: ${damaged.map(({ reason }) => reason).join('; ')}` : ''
  return new SeqlabError('run', `${directory} holds no trials${why}`, {
    hint: shown.length > 0 ? `Name one or more: ${shown.join(', ')}` : 'Name a run or a study, such as runs/scorers.',
  })
}

function readStudyFile(directory: string): { study?: StudyFile; skipped: Skipped[] } {
  const path = join(directory, studyName)
  try {
    const study = readSealed<StudyFile>(path)
    return study === undefined ? { skipped: [{ path, reason: 'it is missing' }] } : { study, skipped: [] }
  } catch (error) {
    if (!(error instanceof SeqlabError)) throw error
    return { skipped: [{ path, reason: error.message }] }
  }
}

async function collect(
  directories: readonly string[],
  made: Made,
): Promise<{ trials: FoundTrial[]; skipped: Skipped[] }> {
  const trials: FoundTrial[] = []
  const skipped: Skipped[] = []
  for (const directory of directories) {
    const read = await readTrial(directory)
    if ('reason' in read) skipped.push(read)
    else trials.push(withFolders(read, made))
  }
  return { trials, skipped }
}

/** What made trials, as far as it is known. */
interface Made {
  readonly study: StudyFile | undefined
  readonly cwd: string | undefined
}

function withFolders(trial: FoundTrial, { study, cwd }: Made): FoundTrial {
  const dataDir = study?.trials.find(({ id }) => id === trial.record.trialId)?.baseDir
  return { ...trial, ...(dataDir === undefined ? {} : { dataDir }), ...(cwd === undefined ? {} : { cwd }) }
}

async function readTrial(directory: string): Promise<FoundTrial | Skipped> {
  try {
    const path = join(directory, manifestName)
    const { files } = openSealed<Manifest>(await readFile(path, 'utf8'), path)
    const [recordText, metricsText, predictionsText] = await Promise.all(
      ['record.json', 'metrics.jsonl', 'predictions.jsonl'].map((name) =>
        readVerified(join(directory, name), files[name]),
      ),
    )
    const { record, problem } = readRecord(recordText ?? '', join(directory, 'record.json'))
    if (record === undefined) return { path: directory, reason: problem }
    return { directory, record, statistics: testStatistics(predictionsText ?? ''), curves: curvesOf(metricsText ?? '') }
  } catch (error) {
    return { path: directory, reason: error instanceof Error ? error.message : String(error) }
  }
}

/** A file's text, '' where the manifest has no such file. Throws SeqlabError 'run' when it is not what was sealed. */
async function readVerified(path: string, sealed: Manifest['files'][string] | undefined): Promise<string> {
  if (sealed === undefined) return ''
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new SeqlabError('run', `${path} is missing`)
    throw error
  })
  if (digestOf(bytes).sha256 !== sealed.sha256)
    throw new SeqlabError('run', `${path} is damaged: its checksum does not match`)
  return bytes.toString('utf8')
}
