import { closeSync, fsyncSync, openSync } from 'node:fs'
import { writeFully } from '../../core/files.js'
import { sha256Stream } from '../../core/hash.js'
import type { FileDigest } from '../files.js'

/** A file of lines of one attempt: only ever longer. */
export interface LinesLog {
  /** Bytes so far. */
  readonly bytes: number
  /** Whole lines with their ends. */
  append(lines: Buffer): void
  /** Makes all lines survive a power cut and gives the file's digest. */
  sync(): FileDigest
  close(): void
}

/** Creates the file, beginning with what an earlier attempt had written up to its checkpoint. */
export function openLinesLog(path: string, before: Buffer = Buffer.alloc(0)): LinesLog {
  const file = openSync(path, 'wx')
  const hash = sha256Stream()
  let bytes = 0
  let synced = -1
  const write = (piece: Buffer) => {
    writeFully(file, piece)
    hash.update(piece)
    bytes += piece.length
  }
  write(before)
  return {
    get bytes() {
      return bytes
    },
    append: write,
    sync: () => {
      if (synced < bytes) fsyncSync(file)
      synced = bytes
      return { bytes, sha256: hash.copy().digest('hex') }
    },
    close: () => closeSync(file),
  }
}
