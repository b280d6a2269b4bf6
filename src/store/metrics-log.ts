import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { MetricsLine } from '../train/types.js'
import { type FileDigest, jsonLine, writeFileSynced } from './files.js'
import { readSealed, sealJson } from './sealed-json.js'

/** metrics.jsonl of one attempt: only ever longer. */
export interface MetricsLog {
  append(line: MetricsLine): void
  /** Puts all lines on the disk and says what stands there. */
  sync(): FileDigest
  close(): void
}

/** Opens the log anew, beginning with what an earlier attempt had written up to its checkpoint. */
export function openMetricsLog(path: string, before: Buffer = Buffer.alloc(0)): MetricsLog {
  const file = openSync(path, 'wx')
  const hash = createHash('sha256')
  let bytes = 0
  let synced = -1
  const write = (piece: Buffer) => {
    for (let written = 0; written < piece.length; ) written += writeSync(file, piece, written)
    hash.update(piece)
    bytes += piece.length
  }
  write(before)
  return {
    append: (line) => write(Buffer.from(`${jsonLine(line)}\n`)),
    sync: () => {
      if (synced < bytes) fsyncSync(file)
      synced = bytes
      return { bytes, sha256: hash.copy().digest('hex') }
    },
    close: () => closeSync(file),
  }
}

/** Notes how long metrics.jsonl is at a checkpoint that is about to be written (which syncs the folder). Returns how to remove the notes of older ones once it is written. */
export function writeMark(directory: string, step: number, digest: FileDigest): () => void {
  const path = markPath(directory, step)
  writeFileSynced(path, sealJson(digest))
  return () => {
    for (const name of readdirSync(directory)) {
      if (name.startsWith(markPrefix) && name !== basename(path)) rmSync(join(directory, name), { force: true })
    }
  }
}

/** Throws SeqlabError 'run' when the note is damaged; undefined when there is none for this step. */
export function readMark(directory: string, step: number): FileDigest | undefined {
  return readSealed<FileDigest>(markPath(directory, step))
}

const markPrefix = 'metrics-at-'

function markPath(directory: string, step: number): string {
  return join(directory, `${markPrefix}${step}.json`)
}
