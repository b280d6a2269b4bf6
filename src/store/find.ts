import { readFileSync, statSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { SeqlabError } from '../core/errors.js'
import { digestOf } from './files.js'
import { trialFolders } from './layout.js'
import { type Manifest, manifestName } from './manifest.js'
import { isTrialFolder } from './read.js'
import { type RunRecord, readRecord } from './record.js'
import { openSealed, readSealed } from './sealed-json.js'
import { type StudyFile, studyName } from './study-file.js'

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

/** Every run of every study in a folder, newest study first. Only records are read, each held against its manifest. */
export async function listRuns(outDir: string): Promise<ListedRun[]> {
  const names = await readdir(outDir, { withFileTypes: true }).catch(() => {
    throw new SeqlabError('run', `${outDir} is no folder`, { hint: 'Say where the runs are with --out.' })
  })
  const studies = names.filter((entry) => entry.isDirectory()).map((entry) => join(outDir, entry.name))
  const listed = await Promise.all(studies.map(listStudy))
  const newest = (runs: readonly ListedRun[]) => Math.max(0, ...runs.map(({ publishedMs = 0 }) => publishedMs))
  return listed.sort((a, b) => newest(b) - newest(a)).flat()
}

async function listStudy(directory: string): Promise<ListedRun[]> {
  const study = studyFileOf(directory)
  const planned = study?.trials.map(({ id, label, seed }) => ({ id, label, seed })) ?? []
  const found = trialFolders(directory).filter((id) => !planned.some((trial) => trial.id === id))
  const others = found.map((id) => ({ id, label: id, seed: undefined }))
  const runs = await Promise.all([...planned, ...others].map((trial) => listRun(directory, trial)))
  return runs.filter((run) => run !== undefined)
}

async function listRun(
  studyDirectory: string,
  { id, label, seed }: { readonly id: string; readonly label: string; readonly seed: number | undefined },
): Promise<ListedRun | undefined> {
  const directory = join(studyDirectory, id)
  const known = { study: studyDirectory, directory, label, seed }
  if (!(await isTrialFolder(directory))) return seed === undefined ? undefined : { ...known, status: 'waiting' }
  try {
    const record = recordOf(directory)
    const publishedMs = (await stat(join(directory, manifestName))).mtimeMs
    return { ...known, label: record.label, seed: record.seed, status: record.status, record, publishedMs }
  } catch (error) {
    return { ...known, status: 'damaged', problem: error instanceof Error ? error.message : String(error) }
  }
}

/** A trial's record alone. Throws SeqlabError 'run' where it is damaged or of another version. */
function recordOf(directory: string): RunRecord {
  const path = join(directory, manifestName)
  const { files } = openSealed<Manifest>(readFileSync(path, 'utf8'), path)
  const file = join(directory, 'record.json')
  const bytes = readFileSync(file)
  if (digestOf(bytes).sha256 !== files['record.json']?.sha256) {
    throw new SeqlabError('run', `${file} is damaged: its checksum does not match`)
  }
  const { record, problem } = readRecord(bytes.toString('utf8'), file)
  if (record === undefined) throw new SeqlabError('run', problem)
  return record
}

/** The folder that a trial's relative data paths were against; undefined where its study does not know it. */
export function dataDirOf(trialDirectory: string): string | undefined {
  const trials = studyFileOf(dirname(trialDirectory))?.trials
  return trials?.find(({ id }) => id === basename(trialDirectory))?.baseDir
}

function studyFileOf(directory: string): StudyFile | undefined {
  try {
    return readSealed<StudyFile>(join(directory, studyName))
  } catch (error) {
    if (error instanceof SeqlabError) return undefined
    throw error
  }
}

/**
 * The trial's folder that a name means: the folder itself, a study of one trial, or (in `outDir` or in a study) the first
 * digits of a trial's id. Throws SeqlabError 'run' that lists the choices where there is none or more than one.
 */
export async function findRun(name: string, outDir: string): Promise<string> {
  const places = [name, join(outDir, name)].filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory())
  for (const path of places) if (await isTrialFolder(path)) return path
  const inStudy = await Promise.all(places.map((path) => trialsIn(path)))
  const candidates = places.length > 0 ? inStudy.flat() : await byId(name, outDir)
  const [only] = candidates
  if (only !== undefined && candidates.length === 1) return only
  const what = candidates.length === 0 ? `No run is called ${name}` : `${name} holds ${candidates.length} runs`
  const choices = candidates.slice(0, 8).join(', ')
  throw new SeqlabError('run', what, {
    hint: choices === '' ? '`seqlab list` names them all.' : `Name one: ${choices}`,
  })
}

async function trialsIn(directory: string): Promise<string[]> {
  const folders = trialFolders(directory).map((id) => join(directory, id))
  const trials = await Promise.all(folders.map(isTrialFolder))
  return folders.filter((_, at) => trials[at])
}

async function byId(name: string, outDir: string): Promise<string[]> {
  const [study, id = study] = name.split('/')
  const runs = await listRuns(outDir).catch((): ListedRun[] => [])
  return runs
    .filter(({ status }) => status !== 'waiting')
    .filter(({ directory }) =>
      directory
        .split('/')
        .at(-1)
        ?.startsWith(id ?? name),
    )
    .filter(({ study: of }) => id === study || of.endsWith(study ?? ''))
    .map(({ directory }) => directory)
}
