import { closeSync, fsyncSync, openSync } from 'node:fs'
import { writeFully } from '../../core/files.js'
import { sha256Stream } from '../../core/hash.js'
import { jsonLine } from '../../core/json.js'
import type { MetricsLine } from '../../train/types.js'
import type { FileDigest } from '../files.js'

/** metrics.jsonl of one attempt: only ever longer. */
interface MetricsLog {
  append(line: MetricsLine): void
  /** Makes all lines survive a power cut and gives the file's digest. */
  sync(): FileDigest
  close(): void
}

/** Creates the log, beginning with what an earlier attempt had written up to its checkpoint. */
export function openMetricsLog(path: string, before: Buffer = Buffer.alloc(0)): MetricsLog {
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
    append: (line) => write(Buffer.from(`${jsonLine(line)}\n`)),
    sync: () => {
      if (synced < bytes) fsyncSync(file)
      synced = bytes
      return { bytes, sha256: hash.copy().digest('hex') }
    },
    close: () => closeSync(file),
  }
}
