import { join, resolve } from 'node:path'
import { makeFolder, writeFileDurably } from '../../core/files.js'
import { sha256 } from '../../core/hash.js'

/** Keeps data that came through standard input next to the studies that read it; the same bytes are the same file. Gives its path. */
export function keepInput(outDir: string, bytes: Uint8Array): string {
  const folder = join(resolve(outDir), 'stdin')
  makeFolder(folder)
  const path = join(folder, sha256(bytes).slice(0, 16))
  writeFileDurably(path, bytes)
  return path
}
