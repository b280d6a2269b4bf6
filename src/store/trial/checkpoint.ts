// A trial's checkpoint folder: the training state, and how long metrics.jsonl and samples.jsonl were when it was saved.
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Type from 'typebox'
import { SeqlabError } from '../../core/errors.js'
import { readFileIfPresent, systemErrorCode, writeFileDurably, writeFileSynced } from '../../core/files.js'
import { decodeState, encodeState } from '../../train/loop/checkpoint.js'
import type { TrainState } from '../../train/types.js'
import { digestOf, type FileDigest } from '../files.js'
import { statePath, trialPath } from '../layout.js'
import { readSealed, sealJson } from '../sealed-json.js'
import { readDataDescription } from './data-description.js'
import { fileDigestSchema } from './manifest.js'

/** Keeps a state in `directory`, replacing the one before, so that one of both is always whole. */
export function writeCheckpoint(directory: string, state: TrainState): void {
  mkdirSync(directory, { recursive: true })
  writeFileDurably(statePath(directory), encodeState(state))
}

/** The state kept in `directory`, or undefined when there is none. Throws SeqlabError 'run' when the file is damaged. */
export async function readCheckpoint(directory: string): Promise<TrainState | undefined> {
  const path = statePath(directory)
  const bytes = await readFile(path).catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  })
  return bytes === undefined ? undefined : decodeState(bytes, path)
}

/** Of the files that get lines while a trial trains. */
export interface LineDigests {
  readonly metrics: FileDigest
  /** Absent where there is no such file. */
  readonly samples?: FileDigest
}

/** metrics.jsonl, and where it is there samples.jsonl. */
const markSchema = Type.Object({ ...fileDigestSchema.properties, samples: Type.Optional(fileDigestSchema) })

/**
 * Notes how long those files are at a checkpoint that is about to be written (which syncs the folder). Returns how to remove
 * the notes of older ones once it is written.
 */
export function writeMark(directory: string, step: number, { metrics, samples }: LineDigests): () => void {
  writeFileSynced(join(directory, markName(step)), sealJson({ ...metrics, ...(samples && { samples }) }))
  return () => {
    for (const name of readdirSync(directory)) {
      if (name.startsWith(markPrefix) && name !== markName(step)) rmSync(join(directory, name), { force: true })
    }
  }
}

const markPrefix = 'metrics-at-'
const markName = (step: number) => `${markPrefix}${step}.json`

/** Where a trial continues: a state, and metrics.jsonl and samples.jsonl (where it is there) cut back to it. */
export interface Resume {
  readonly state: TrainState
  readonly metrics: Buffer
  readonly samples?: Buffer
  /** Levels of instructions that it was computed with; none where it does not say. */
  readonly levels: readonly string[]
}

/** The furthest whole checkpoint among some attempts' folders, and which of them has it; damaged ones are named and passed over. */
export async function findResume(directories: readonly string[]): Promise<{
  readonly furthest?: Resume
  readonly directory?: string
  readonly problems: readonly string[]
}> {
  const problems: string[] = []
  let found: { readonly furthest: Resume; readonly directory: string } | undefined
  for (const directory of directories) {
    try {
      const resume = await readResume(directory)
      const isFurther = resume !== undefined && resume.state.step > (found?.furthest.state.step ?? -1)
      if (isFurther) found = { furthest: resume, directory }
    } catch (error) {
      if (!(error instanceof SeqlabError)) throw error
      problems.push(`${error.message}; falling back to an earlier checkpoint, or restarting`)
    }
  }
  return { ...found, problems }
}

/** An attempt that was given up may still write: what it replaced in the middle of reading is read again. */
async function readResume(directory: string): Promise<Resume | undefined> {
  for (let left = 2; ; left--) {
    try {
      return await readResumeOnce(directory)
    } catch (error) {
      if (left === 0) throw error
    }
  }
}

async function readResumeOnce(directory: string): Promise<Resume | undefined> {
  const checkpoint = trialPath(directory, 'checkpoint')
  const state = await readCheckpoint(checkpoint)
  if (state === undefined) return undefined
  const mark = readSealed(markSchema, join(checkpoint, markName(state.step)))
  if (mark === undefined) throw new SeqlabError('run', `${checkpoint} does not say how long metrics.jsonl was`)
  const metrics = readUpTo(trialPath(directory, 'metrics'), mark, state.step)
  const samples = mark.samples && readUpTo(trialPath(directory, 'samples'), mark.samples, state.step)
  const levels = readDataDescription(checkpoint)?.levels ?? []
  return { state, metrics, ...(samples && { samples }), levels }
}

/** A file cut back to what it was at a step. Throws SeqlabError 'run' where that is not there any more. */
function readUpTo(path: string, { bytes, sha256 }: FileDigest, step: number): Buffer {
  const before = (readFileIfPresent(path) ?? Buffer.alloc(0)).subarray(0, bytes)
  if (digestOf(before).sha256 === sha256) return before
  throw new SeqlabError('run', `${path} is damaged before step ${step}`)
}

/**
 * Takes a checkpoint over into a new attempt's folder, which may have nothing to add to it: as it was read, for an attempt that
 * was given up may still write in its own folder.
 */
export function adoptCheckpoint({ state, metrics, samples }: Resume, to: string): void {
  const target = trialPath(to, 'checkpoint')
  writeMark(target, state.step, { metrics: digestOf(metrics), ...(samples && { samples: digestOf(samples) }) })
  writeCheckpoint(target, state)
}
