import { randomUUID } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { SeqlabError } from './errors.js'
import { obstacle } from './obstacle.js'
import { describeSystemError, systemErrorCode, systemErrorPath } from './system-errors.js'

export { systemErrorCode } from './system-errors.js'

/** Suffix of a file that is being written; a leftover one is never referred to. */
export const temporarySuffix = '.tmp'

/** Replaces a file as a whole and makes that survive a power cut: temp -> fsync -> rename -> fsync of the folder. */
export function writeFileDurably(path: string, contents: string | Uint8Array): void {
  replaceFile(path, contents, fsyncSync)
  syncFolder(dirname(path))
}

/** Replaces a file as a whole, so that a reader sees the old one or the new one; after a power cut it may be torn. */
export function writeFileAtomically(path: string, contents: string | Uint8Array): void {
  replaceFile(path, contents)
}

/**
 * Writes a file through to the disk under its own name, for a folder that nothing reads yet; the name is safe once the
 * folder is synced.
 */
export function writeFileSynced(path: string, contents: string | Uint8Array): void {
  writeFile(path, contents, fsyncSync)
}

/** Makes renames and new names in a folder survive a power cut. */
export function syncFolder(directory: string): void {
  const folder = openSync(directory, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/**
 * Creates a folder and what is missing above it; does nothing where it is there. Not mkdir's own `recursive`: that never
 * returns where a file system answers that a folder's parent, which exists, does not (`/proc`; Node 20 to 24).
 */
export function makeFolder(path: string): void {
  if (isFolder(path)) return
  const above = dirname(path)
  if (above !== path && !isFolder(above)) makeFolder(above)
  try {
    mkdirSync(path)
  } catch (error) {
    // Another process may have been faster.
    if (systemErrorCode(error) !== 'EEXIST' || !isFolder(path)) throw error
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  } catch (error) {
    if (systemErrorCode(error) === 'ELOOP') throw error
    return false
  }
}

/** Writes all bytes, however many calls that takes. */
export function writeFully(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
}

/** A file's bytes, or undefined where there is none. */
export function readFileIfPresent(path: string): Buffer | undefined {
  try {
    return located(path, () => readFileSync(path))
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Writes a file that a user named. A link is followed, and a device or a pipe (`/dev/stdout`) is written to; everything else
 * is replaced as a whole.
 */
export function writeOutput(path: string, contents: string | Uint8Array): void {
  const target = statSync(path, { throwIfNoEntry: false })
  if (target === undefined && lstatSync(path, { throwIfNoEntry: false }) === undefined)
    replaceFile(path, contents, fsyncSync)
  else if (target?.isFile()) replaceFile(realpathSync(path), contents, fsyncSync)
  else writeFile(path, contents)
}

/** How a user names another place: `--out`, or a variable of the environment. */
export interface PlaceOption {
  readonly option: string
  /** What shortens a name that is too long, where that is another option. */
  readonly name?: string
}

/** A system error as one sentence with its place and what to do; undefined where an error is none. */
export function systemProblem(error: unknown, { option, name }: Partial<PlaceOption> = {}): SeqlabError | undefined {
  const path = systemErrorPath(error)
  const text = describeSystemError(error, path === undefined ? undefined : obstacle(path))
  if (text === undefined) return undefined
  const tooLong = systemErrorCode(error) === 'ENAMETOOLONG' ? name : undefined
  const other = option === undefined ? '' : `, or give another place with ${option}`
  const hint = tooLong === undefined ? `${text.fix}${other}.` : `${text.fix} with ${tooLong}.`
  return new SeqlabError('run', text.message, { hint, cause: error })
}

/** Does what writes to a place that a user chooses; a system error names the option that chooses another. */
export async function atPlace<T>(place: PlaceOption, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw systemProblem(error, place) ?? error
  }
}

/** The name is one that no other thread or process takes at the same time, and no longer than the file's own may be. */
function replaceFile(path: string, contents: string | Uint8Array, sync?: (file: number) => void): void {
  const temporary = join(dirname(path), `.${randomUUID()}${temporarySuffix}`)
  try {
    located(path, () => {
      writeFile(temporary, contents, sync)
      renameSync(temporary, path)
    })
  } catch (error) {
    removeIfPossible(temporary)
    throw error
  }
}

function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // What made it impossible to write is reported.
  }
}

function writeFile(path: string, contents: string | Uint8Array, sync?: (file: number) => void): void {
  located(path, () => {
    const file = openSync(path, 'w')
    try {
      writeFully(file, typeof contents === 'string' ? Buffer.from(contents) : contents)
      sync?.(file)
    } finally {
      closeSync(file)
    }
  })
}

/** A system error that comes out of it is about this path: calls on open files do not know theirs. */
function located<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof Error && systemErrorCode(error) !== undefined) Object.assign(error, { path })
    throw error
  }
}

/** A path without links; the path itself where it leads nowhere. */
export function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
