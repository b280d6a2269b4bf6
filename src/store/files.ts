import { type FileHandle, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { damaged } from '../core/checked-json.js'
import { SeqlabError } from '../core/errors.js'
import { systemErrorCode, temporarySuffix } from '../core/files.js'
import { sha256, sha256Stream } from '../core/hash.js'
import { systemErrorPath, systemReason } from '../core/system-errors.js'

/** A file's size and sha-256 (hex). */
export interface FileDigest {
  readonly bytes: number
  readonly sha256: string
}

export function digestOf(contents: string | Uint8Array): FileDigest {
  return { bytes: Buffer.byteLength(contents), sha256: sha256(contents) }
}

/** Reads a file in pieces, so that a long one costs no memory. */
export async function digestFile(path: string): Promise<FileDigest> {
  const file = await open(path, 'r')
  try {
    return await digestOpen(file)
  } finally {
    await file.close()
  }
}

/** Not by a stream: most files here are small, and making one takes longer than reading them. */
async function digestOpen(file: FileHandle): Promise<FileDigest> {
  const hash = sha256Stream()
  const piece = Buffer.allocUnsafe(pieceBytes)
  let bytes = 0
  for (;;) {
    const { bytesRead } = await file.read(piece)
    if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') }
    hash.update(piece.subarray(0, bytesRead))
    bytes += bytesRead
  }
}

const pieceBytes = 2 ** 16

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

/** A folder in a file's place, a file in a folder's place, a link to itself: everything else that the system refuses is no damage. */
const misplaced: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  ENOTDIR: 'a file is in the place of its folder',
  ELOOP: 'it is a link to itself',
}

/** What a file's damage is, where that is what the system refuses it for; the error as it is otherwise. */
export function asDamage(path: string, error: unknown): unknown {
  const why = misplaced[systemErrorCode(error) ?? '']
  return why === undefined ? error : damaged(path, why, error)
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return false
    throw error
  }
}

/** Where one of these is met, the disk is in the way, and no trial is the cause. */
const diskErrors = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'EIO'])

/** Reports plainly that a disk is in the way (it is no trial's fault); undefined when the error is of another kind. */
export function diskProblem(error: unknown): SeqlabError | undefined {
  if (error instanceof SeqlabError && (error.code !== 'run' || error.cause === undefined)) return undefined
  const cause = error instanceof SeqlabError ? error.cause : error
  if (!diskErrors.has(systemErrorCode(cause) ?? '')) return undefined
  const place = systemErrorPath(cause) ?? 'the run directory'
  return new SeqlabError('run', `Cannot write ${place}: ${systemReason(cause)}`, {
    hint: 'Fix that and run the same command again: finished trials are kept, the others continue from their checkpoints. --out names another directory.',
    cause: error,
  })
}
