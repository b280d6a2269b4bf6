import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { SeqlabError } from '../core/errors.js'

/** A file's size and sha-256 (hex). */
export interface FileDigest {
  readonly bytes: number
  readonly sha256: string
}

/** Ends the name of a file that is being written; whoever was writing it is gone when a run is opened. */
export const temporarySuffix = '.tmp'

/** Replaces a file as a whole: temp -> fsync -> rename -> fsync of the folder. */
export function writeFileDurably(path: string, text: string): FileDigest {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}${temporarySuffix}`)
  const digest = writeFileSynced(temporary, text)
  renameSync(temporary, path)
  syncFolder(dirname(path))
  return digest
}

/**
 * Writes a file in a folder that nobody reads yet (an attempt's: the whole folder is what is renamed), through to the
 * disk; its name is safe once the folder is synced.
 */
export function writeFileSynced(path: string, text: string): FileDigest {
  const bytes = Buffer.from(text, 'utf8')
  const file = openSync(path, 'w')
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return digestOf(bytes)
}

/** Makes renames and new names in a folder outlive a power cut. */
export function syncFolder(directory: string): void {
  const folder = openSync(directory, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

export function digestOf(bytes: Uint8Array): FileDigest {
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** Reads a file in pieces, so that a long one costs no memory. */
export async function digestFile(path: string): Promise<FileDigest> {
  const hash = createHash('sha256')
  let bytes = 0
  const file = await open(path, 'r')
  for await (const piece of file.createReadStream()) {
    hash.update(piece as Buffer)
    bytes += (piece as Buffer).length
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** Paths of all files below a folder, relative to it, sorted; unfinished temporaries are left out. */
export async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const nested = await Promise.all(
    entries.map(async (entry) =>
      entry.isDirectory()
        ? (await listFiles(join(directory, entry.name))).map((name) => `${entry.name}/${name}`)
        : [entry.name],
    ),
  )
  return nested
    .flat()
    .filter((name) => !name.endsWith(temporarySuffix))
    .sort()
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false
      throw error
    },
  )
}

/**
 * One line of JSON without its line end. Throws SeqlabError 'run' on a number that JSON cannot hold: NaN would become
 * null in silence.
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value, (key, item: unknown) => {
    if (typeof item === 'number' && !Number.isFinite(item)) {
      throw new SeqlabError('run', `${item} cannot be written as JSON (at "${key}")`)
    }
    return item
  })
}

const diskErrors: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'writing is not permitted',
  EPERM: 'writing is not permitted',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EIO: 'the device failed',
}

/** Says plainly that a disk is in the way (it is no trial's fault); undefined when the error is of another kind. */
export function diskProblem(error: unknown): SeqlabError | undefined {
  if (error instanceof SeqlabError && (error.code !== 'run' || error.cause === undefined)) return undefined
  const cause = (error instanceof SeqlabError ? error.cause : error) as NodeJS.ErrnoException
  const reason = diskErrors[cause?.code ?? '']
  if (reason === undefined) return undefined
  return new SeqlabError('run', `Cannot write ${cause.path ?? 'the run directory'}: ${reason}`, {
    hint: 'Mend that and run the same command again: finished trials are kept, the others go on from their checkpoints.',
    cause: error,
  })
}
