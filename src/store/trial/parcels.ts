// Files of trials that go to another machine and come back from one: which ones, with their digests.
import { closeSync, fstatSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { systemErrorCode } from '../../core/files.js'
import { digestFile, type FileDigest, listFiles } from '../files.js'
import { growingFiles, isPlannedEvaluation, kindOfPath, statePath, trialFileName, trialPath } from '../layout.js'
import { findResume } from './checkpoint.js'

/** Some files of a folder, by their names in it. */
export interface Parcel {
  readonly directory: string
  readonly files: Readonly<Record<string, FileDigest>>
}

/** The furthest whole checkpoint among some attempts' folders, with what it needs; damaged ones are named and passed over. */
export async function resumeParcel(
  directories: readonly string[],
): Promise<{ readonly parcel?: Parcel; readonly problems: readonly string[] }> {
  const { directory, problems } = await findResume(directories)
  if (directory === undefined) return { problems }
  return { parcel: await parcelOf(directory, isResumed), problems }
}

/** What `train.init.from` reads in a folder: its checkpoint's files, or those of its model. */
export async function startingParcel(from: string): Promise<Parcel> {
  const names = await listFiles(from)
  const [checkpoint, model] = [names.filter(isOf('checkpoint')), names.filter(isOf('model'))]
  const wanted =
    checkpoint.length > 0 ? checkpoint : model.length > 0 ? model : names.filter((name) => !name.includes('/'))
  return parcelOf(from, (name) => wanted.includes(name))
}

/** A trained model, in a trial's folder. */
export function modelParcel(trialDirectory: string): Promise<Parcel> {
  return parcelOf(trialDirectory, isOf('model'))
}

/** All that an attempt wrote. */
export function resultParcel(directory: string): Promise<Parcel> {
  return parcelOf(directory, isWrittenByAttempt)
}

/** What a running attempt saved last; undefined where it has saved nothing yet. What it replaces meanwhile is read again. */
export async function savedParcel(directory: string): Promise<Parcel | undefined> {
  for (let left = 20; left > 0; left--) {
    const parcel = await savedOnce(directory)
    if (parcel !== 'replaced') return parcel
  }
  return undefined
}

async function savedOnce(directory: string): Promise<Parcel | undefined | 'replaced'> {
  const path = statePath(trialPath(directory, 'checkpoint'))
  let state: number
  try {
    state = openSync(path, 'r')
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
  try {
    const parcel = await parcelOf(directory, isResumed)
    return statSync(path).ino === fstatSync(state).ino ? parcel : 'replaced'
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return 'replaced'
    throw error
  } finally {
    closeSync(state)
  }
}

/** Whether an attempt on another machine may write a file of this name into its folder here. */
export function isWrittenByAttempt(name: string): boolean {
  const [folder, evaluation, file, ...deeper] = name.split('/')
  if (isResumed(name) || isOf('model')(name)) return true
  if (folder !== trialFileName('evaluations') || deeper.length > 0) return false
  return evaluation !== undefined && isPlannedEvaluation(evaluation) && file === 'predictions.jsonl'
}

function isResumed(name: string): boolean {
  return growingFiles.some((kind) => name === trialFileName(kind)) || isOf('checkpoint')(name)
}

function isOf(kind: 'checkpoint' | 'model'): (name: string) => boolean {
  return (name) =>
    kindOfPath(name) === kind && name.split('/').length === 2 && name.startsWith(`${trialFileName(kind)}/`)
}

async function parcelOf(directory: string, isWanted: (name: string) => boolean): Promise<Parcel> {
  const names = (await listFiles(directory)).filter(isWanted)
  const files: Record<string, FileDigest> = {}
  for (const name of names) files[name] = await digestFile(join(directory, name))
  return { directory, files }
}
