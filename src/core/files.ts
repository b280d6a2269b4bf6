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
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { SeqlabError } from './errors.js'
import { obstacle } from './obstacle.js'
import { describeSystemError, isPathTooLong, longestName, systemErrorCode, systemErrorPath } from './system-errors.js'

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
 * Creates a folder and what is missing above it; does nothing where it is there. Where that fails nothing that was created
 * stays. Not mkdir's own `recursive`: that never returns where a file system answers that a folder's parent, which exists,
 * does not (`/proc`; Node 20 to 24).
 */
export function makeFolder(path: string): void {
  const created: string[] = []
  try {
    for (const folder of missingFolders(path)) if (makeOneFolder(folder)) created.unshift(folder)
  } catch (error) {
    for (const folder of created) removeEmptyFolder(folder)
    throw error
  }
}

/** What is no folder yet of a path, the uppermost first. */
function missingFolders(path: string): readonly string[] {
  const missing: string[] = []
  for (let folder = path; !isFolder(folder); folder = dirname(folder)) {
    missing.unshift(folder)
    if (dirname(folder) === folder) break
  }
  return missing
}

/** Whether it was made here: another process may have been faster. */
function makeOneFolder(path: string): boolean {
  try {
    mkdirSync(path)
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST' && isFolder(path)) return false
    throw error
  }
}

/** Leaves a folder in which another process has put something. */
function removeEmptyFolder(path: string): void {
  try {
    rmdirSync(path)
  } catch {
    // What made it impossible to create what belongs in it is reported.
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
  /** What names a folder in the place, where that is another option. */
  readonly inside?: { readonly place: string; readonly option: string }
}

/** A system error as one sentence with its place and what to do; undefined where an error is none. */
export function systemProblem(error: unknown, { option, inside }: Partial<PlaceOption> = {}): SeqlabError | undefined {
  const text = describeSystemError(error, obstacleOf(error))
  if (text === undefined) return undefined
  const other = option === undefined ? '' : `, or give another place with ${option}`
  const shorter = inside && isNameTooLong(error, inside.place) ? ` with ${inside.option}` : undefined
  return new SeqlabError('run', text.message, { hint: `${text.fix}${shorter ?? other}.`, cause: error })
}

/** Errors about what is at a path; all others say by themselves why. */
const pathErrors: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'EEXIST'])

function obstacleOf(error: unknown): string | undefined {
  const path = systemErrorPath(error)
  return path === undefined || !pathErrors.has(systemErrorCode(error)) ? undefined : obstacle(path)
}

/** Whether a name in a place is too long, and not one of the place's own: the longest one is. */
function isNameTooLong(error: unknown, place: string): boolean {
  const path = systemErrorPath(error)
  if (path === undefined || systemErrorCode(error) !== 'ENAMETOOLONG' || isPathTooLong(path)) return false
  return longestName(relative(place, path)) > longestName(resolve(place))
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
