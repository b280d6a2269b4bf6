// Files in Redis, named by their sha-256: each once, however many need it. Who needs a blob holds it; what nobody holds is
// removed at once, and what is held by somebody who never comes back goes after a while.
import { closeSync, openSync, readSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SeqlabError } from '../../../core/errors.js'
import { makeFolder, temporarySuffix } from '../../../core/files.js'
import { sha256 as sha256Hex, sha256Stream } from '../../../core/hash.js'
import type { Connection } from './connection.js'
import type { Keys } from './keys.js'
import { longestStored, packPiece, pieceBytes, unpackPiece } from './pieces.js'
import { finishScript, holdScript, pieceScript, putScript, releaseScript, renewScript, storeScript } from './scripts.js'

/** A blob by its contents. */
export interface BlobReference {
  readonly sha256: string
  readonly bytes: number
}

/** Who holds a blob: a study or an attempt; a worker's holds count only while it has its job's lock. */
export interface Holder {
  readonly name: string
  readonly lock?: { readonly jobId: string; readonly token: string }
}

/** A worker's attempt was given up meanwhile: what it does counts for nothing. */
export class LockLost extends SeqlabError {
  constructor(jobId: string) {
    super('run', `Job ${jobId} was taken from this worker`)
  }
}

export interface Blobs {
  /** Holds a blob for somebody, and stores its bytes where they are not there yet. */
  put(holder: Holder, source: BlobSource): Promise<BlobReference>
  /** Holds a blob that was stored before; whether it is still there. */
  renew(holder: Holder, reference: BlobReference): Promise<boolean>
  /** Keeps all that somebody holds from expiring. */
  renewAll(holder: string): Promise<void>
  /** Writes a blob to a file, which has its name only once its digest is right. Throws SeqlabError 'run'. */
  download(reference: BlobReference, path: string): Promise<void>
  /** Somebody needs nothing any more but these. */
  keepOnly(holder: string, kept: readonly string[]): Promise<void>
}

/** Bytes to store, with their digest; `read` fills a buffer from a position on. */
export interface BlobSource extends BlobReference {
  read(into: Buffer, position: number): void
  close(): void
}

export interface BlobSettings {
  /** A larger blob is neither stored nor loaded. */
  readonly largestBytes: number
  /** How long a blob stays that nobody asks for. */
  readonly keepMs: number
}

export function openBlobs({ redis, attempt }: Connection, keys: Keys, { largestBytes, keepMs }: BlobSettings): Blobs {
  const keysFor = ({ name, lock }: Holder, sha256: string) => [
    ...[keys.blob(sha256), keys.holders(sha256), keys.held(name)],
    lock === undefined ? '' : keys.lock(lock.jobId),
  ]
  const hold = async (holder: Holder, sha256: string): Promise<boolean> => {
    const { name, lock } = holder
    const named = keysFor(holder, sha256)
    const answer = await attempt(() => redis.eval(holdScript, 4, ...named, name, sha256, keepMs, lock?.token ?? ''))
    if (answer === -1) throw new LockLost(lock?.jobId ?? '')
    return answer === 1
  }
  /** A small blob in one call: asking first would take as long. */
  const putSmall = async (holder: Holder, { sha256, bytes, read }: BlobSource): Promise<void> => {
    const { name, lock } = holder
    const piece = Buffer.allocUnsafe(bytes)
    read(piece, 0)
    if (sha256Hex(piece) !== sha256) throw changed()
    const words = [name, sha256, keepMs, lock?.token ?? '', await packPiece(piece), bytes]
    const answer = await attempt(() => redis.eval(putScript, 4, ...keysFor(holder, sha256), ...words))
    if (answer === -1) throw new LockLost(lock?.jobId ?? '')
  }
  const store = async ({ sha256, bytes, read }: BlobSource): Promise<void> => {
    const hash = sha256Stream()
    for (let index = 0; index < piecesIn(bytes); index++) {
      const piece = Buffer.allocUnsafe(pieceLength(bytes, index))
      read(piece, index * pieceBytes)
      hash.update(piece)
      const packed = await packPiece(piece)
      const named = [keys.blob(sha256), keys.holders(sha256)]
      const stored = await attempt(() => redis.eval(storeScript, 2, ...named, index, packed, keepMs))
      if (stored === 0) return
      if (stored === -1) throw released()
    }
    if (hash.digest('hex') !== sha256) throw changed()
    const finish = () => redis.eval(finishScript, 1, keys.blob(sha256), piecesIn(bytes), bytes, keepMs)
    if ((await attempt(finish)) === 0) throw released()
  }
  return {
    put: async (holder, source) => {
      const { sha256, bytes } = source
      try {
        refuseLarge(source, largestBytes)
        if (bytes <= smallBytes) await putSmall(holder, source)
        else if (!(await hold(holder, sha256))) await store(source)
      } finally {
        source.close()
      }
      return { sha256, bytes }
    },
    renew: (holder, { sha256 }) => hold(holder, sha256),
    renewAll: async (holder) => {
      const prefixes = [keys.blob(''), keys.holders('')]
      await attempt(() => redis.eval(renewScript, 1, keys.held(holder), keepMs, ...prefixes))
    },
    download: async (reference, path) => {
      refuseLarge(reference, largestBytes)
      const { sha256, bytes } = reference
      const stored = (index: number) =>
        redis.callBuffer('EVAL', pieceScript, 1, keys.blob(sha256), index, longestStored)
      const ask = () => Promise.all([redis.hget(keys.blob(sha256), 'bytes'), bytes > 0 ? stored(0) : null])
      const [whole, first] = await attempt(ask)
      if (whole === null) throw missing(sha256)
      if (Number(whole) !== bytes) throw wrong(sha256, `it has ${Number(whole)} bytes, not ${bytes}`)
      const load = async (index: number) => {
        const piece = index === 0 ? first : await attempt(() => stored(index))
        if (!Buffer.isBuffer(piece)) throw missing(sha256)
        const unpacked = await unpackPiece(piece, pieceLength(bytes, index))
        if ('problem' in unpacked) throw wrong(sha256, unpacked.problem)
        return unpacked
      }
      await writeVerified(reference, path, load)
    },
    keepOnly: async (holder, kept) => {
      const prefixes = [keys.blob(''), keys.holders('')]
      await attempt(() => redis.eval(releaseScript, 1, keys.held(holder), holder, ...prefixes, ...kept))
    },
  }
}

/** Sent whole, without asking whether it is there. */
const smallBytes = 2 ** 16

/** Bytes in memory. */
export function bytesSource(bytes: Uint8Array): BlobSource {
  return {
    bytes: bytes.byteLength,
    sha256: sha256Stream().update(bytes).digest('hex'),
    read: (into, position) => void into.set(bytes.subarray(position, position + into.length)),
    close: () => {},
  }
}

/** A file, whose digest is known or is worked out by reading it. */
export function fileSource(path: string, { sha256, bytes }: BlobReference): BlobSource {
  const file = openSync(path, 'r')
  return {
    ...{ sha256, bytes },
    read: (into, position) => {
      for (let at = 0; at < into.length; ) {
        const count = readSync(file, into, at, into.length - at, position + at)
        if (count === 0) throw new SeqlabError('run', `${path} became shorter while it was sent`)
        at += count
      }
    },
    close: () => closeSync(file),
  }
}

async function writeVerified(
  { sha256, bytes }: BlobReference,
  path: string,
  load: (index: number) => Promise<Buffer>,
): Promise<void> {
  makeFolder(dirname(path))
  const unfinished = `${path}.${process.pid}${temporarySuffix}`
  const file = await open(unfinished, 'w')
  const hash = sha256Stream()
  try {
    for (let index = 0; index < piecesIn(bytes); index++) {
      const piece = await load(index)
      hash.update(piece)
      await file.writeFile(piece)
    }
    if (hash.digest('hex') !== sha256) throw wrong(sha256, 'its contents have another digest')
    await file.sync()
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

function piecesIn(bytes: number): number {
  return Math.ceil(bytes / pieceBytes)
}

function pieceLength(bytes: number, index: number): number {
  return Math.min(pieceBytes, bytes - index * pieceBytes)
}

function refuseLarge({ bytes, sha256 }: BlobReference, largestBytes: number): void {
  if (bytes <= largestBytes) return
  const sizes = `${Math.ceil(bytes / 2 ** 20)} MiB, more than the ${Math.floor(largestBytes / 2 ** 20)} MiB that the profile allows`
  throw new SeqlabError('run', `A file (${sha256.slice(0, 12)}) has ${sizes}`, {
    hint: 'Raise `largestFile` in the profile.',
  })
}

function changed(): SeqlabError {
  return new SeqlabError('run', 'A file changed while it was sent')
}

function released(): SeqlabError {
  return new SeqlabError('run', 'A file was removed from Redis while it was sent: nobody needs it any more')
}

function missing(sha256: string): SeqlabError {
  return new SeqlabError('run', `The file ${sha256.slice(0, 12)} is no longer in Redis: it has expired, or was removed`)
}

function wrong(sha256: string, why: string): SeqlabError {
  return new SeqlabError('run', `The file ${sha256.slice(0, 12)} in Redis is not what was stored: ${why}`)
}
