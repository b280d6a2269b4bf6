import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, realpathSync, renameSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

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

/** Writes all bytes, however many calls that takes. */
export function writeFully(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
}

/** A file's bytes, or undefined where there is none. */
export function readFileIfPresent(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** `ENOENT`, `ENOSPC` and the like; undefined where an error is no system error. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** The name is one that no other thread or process takes at the same time. */
function replaceFile(path: string, contents: string | Uint8Array, sync?: (file: number) => void): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}${temporarySuffix}`)
  writeFile(temporary, contents, sync)
  renameSync(temporary, path)
}

function writeFile(path: string, contents: string | Uint8Array, sync?: (file: number) => void): void {
  const file = openSync(path, 'w')
  try {
    writeFully(file, typeof contents === 'string' ? Buffer.from(contents) : contents)
    sync?.(file)
  } finally {
    closeSync(file)
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
