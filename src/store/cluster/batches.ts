// What was given to a cluster: `cluster/<batch>/` in a study's folder. A batch is written whole before it is submitted, and its
// jobs have the folder's name: whoever goes on with the study finds in the queue what an earlier coordinator submitted.
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import Type, { type Static } from 'typebox'
import { list, version } from '../../core/checked-json.js'
import {
  makeFolder,
  readFileIfPresent,
  syncFolder,
  systemErrorCode,
  temporarySuffix,
  writeFileSynced,
  writeFully,
} from '../../core/files.js'
import { batchesDirectory, batchPath, elementPath, foldersIn } from '../layout.js'
import { readSealed, sealJson } from '../sealed-json.js'
import { unfinishedAttempts } from '../study/ledger.js'
import type { AttemptId } from '../trial/attempt.js'

const attempt = Type.Object({ trialId: Type.String(), attempt: Type.Number() })

const batchSchema = Type.Object({
  schemaVersion: version(1),
  executor: Type.Literal('slurm'),
  /** When it was written, as an ISO date. */
  since: Type.String(),
  /** The attempts of each job of the array. */
  elements: list(list(attempt)),
})

/** Which attempts were given to a cluster together. */
export type BatchFile = Readonly<Static<typeof batchSchema>>

export interface StoredBatch {
  readonly directory: string
  /** Of its jobs, too. */
  readonly name: string
  readonly file: BatchFile
}

/** The files of a new batch: its script, and a task for each job of the array, as text. */
export interface NewBatch {
  readonly name: string
  readonly elements: readonly (readonly AttemptId[])[]
  /** Is given the folder that the batch will have. */
  script(directory: string): string
  readonly tasks: readonly object[]
}

/** Writes a batch, whole or not at all. */
export function createBatch(studyDirectory: string, { name, elements, script, tasks }: NewBatch): StoredBatch {
  const all = batchesDirectory(studyDirectory)
  const directory = join(all, name)
  const unfinished = join(all, `.${name}${temporarySuffix}`)
  makeFolder(all)
  mkdirSync(unfinished)
  const file: BatchFile = {
    schemaVersion: 1,
    executor: 'slurm',
    since: new Date().toISOString(),
    elements: elements.map((each) => each.map(({ trialId, attempt }) => ({ trialId, attempt }))),
  }
  try {
    writeFileSynced(batchPath(unfinished, 'batch'), sealJson(file))
    writeFileSynced(batchPath(unfinished, 'script'), script(directory))
    for (const [index, task] of tasks.entries()) writeFileSynced(elementPath(unfinished, index, 'task'), sealJson(task))
    syncFolder(unfinished)
    renameSync(unfinished, directory)
    syncFolder(all)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    throw error
  }
  return { directory, name, file }
}

/** The batches of a study, oldest first; `problems` names those that cannot be read. */
export function listBatches(studyDirectory: string): {
  readonly batches: readonly StoredBatch[]
  readonly problems: readonly string[]
} {
  const all = batchesDirectory(studyDirectory)
  const names = existsSync(all) ? foldersIn(all).filter((name) => !name.endsWith(temporarySuffix)) : []
  const problems: string[] = []
  const batches = names.flatMap((name): StoredBatch[] => {
    const directory = join(all, name)
    try {
      const file = readSealed(batchSchema, batchPath(directory, 'batch'))
      if (file !== undefined) return [{ directory, name, file }]
      problems.push(`${directory} has no ${basename(batchPath(directory, 'batch'))}`)
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error))
    }
    return []
  })
  return { batches: batches.toSorted((a, b) => (a.file.since < b.file.since ? -1 : 1)), problems }
}

/** Removes what nobody waits for any more, and the folder of batches with the last of them. */
export function removeBatch(studyDirectory: string, { directory }: Pick<StoredBatch, 'directory'>): void {
  rmSync(directory, { recursive: true, force: true })
  const all = batchesDirectory(studyDirectory)
  if (existsSync(all) && readdirSync(all).length === 0) rmSync(all, { recursive: true, force: true })
}

/** Opens the file that what the cluster answers is written to, by whoever outlives this process. */
export function openAnswer({ directory }: StoredBatch): number {
  return openSync(batchPath(directory, 'submitted'), 'w')
}

/** What the cluster answered to a submission so far; undefined where it was never asked. */
export function readAnswer({ directory }: StoredBatch): string | undefined {
  return readFileIfPresent(batchPath(directory, 'submitted'))?.toString('utf8')
}

/** What the jobs of a batch have written: names of files. */
export function batchNames({ directory }: StoredBatch): ReadonlySet<string> {
  return new Set(readdirSync(directory))
}

export function hasBegun(names: ReadonlySet<string>, index: number): boolean {
  return names.has(basename(elementPath('', index, 'began')))
}

/** Takes a job of an array for this process, once and for all: false where somebody began it before. */
export function beginElement(batchDirectory: string, index: number, about: object): boolean {
  try {
    const file = openSync(elementPath(batchDirectory, index, 'began'), 'wx')
    writeFully(file, Buffer.from(sealJson(about)))
    closeSync(file)
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false
    throw error
  }
}

/** Says to a job of an array that nobody waits for its results. */
export function endElement(batchDirectory: string, index: number): void {
  if (existsSync(batchDirectory)) writeFileSynced(elementPath(batchDirectory, index, 'over'), '')
}

/** Whether nobody waits for it: so it is said, or the batch was removed. */
export function isElementOver(batchDirectory: string, index: number): boolean {
  return !existsSync(batchDirectory) || existsSync(elementPath(batchDirectory, index, 'over'))
}

/** Those of some batches of which the ledger waits for the end of no attempt. */
export function unwantedBatches(studyDirectory: string, batches: readonly StoredBatch[]): readonly StoredBatch[] {
  if (batches.length === 0) return []
  const unfinished = unfinishedAttempts(studyDirectory)
  return batches.filter(({ file }) =>
    file.elements.flat().every(({ trialId, attempt }) => unfinished.get(trialId) !== attempt),
  )
}
