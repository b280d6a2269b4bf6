import { open, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { getHeapStatistics } from 'node:v8'
import { dataError, datasetError } from '../data-error.js'

/** How much text fits. */
export interface Memory {
  /** That a byte of text takes while it becomes tokens and ids, in bytes: 8 to 15 measured, by source; a short line for each token takes more. */
  readonly perByte?: number
  /** What the process may use. */
  readonly heapBytes?: number
}

const mebibyte = 1024 ** 2

/**
 * Throws SeqlabError 'data' where files are more text than Node.js has memory for, before any of them is read: else the process
 * would end without a word of why.
 */
export async function refuseTooMuch(
  files: readonly string[],
  baseDir: string,
  { perByte = 15, heapBytes = getHeapStatistics().heap_size_limit }: Memory = {},
): Promise<void> {
  const sizes: number[] = []
  for (const file of files) sizes.push(await textBytes(resolve(baseDir, file)))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const needed = total * perByte
  if (needed <= heapBytes) return
  const [first = ''] = files
  const enough = Math.ceil(needed / mebibyte / 1000) * 1000
  const refuse = (message: string, details: Parameters<typeof dataError>[2]) =>
    files.length === 1 ? dataError(first, message, details) : datasetError('data.source', message, details)
  throw refuse('the data are too large for the memory of Node.js', {
    expected: `at most ${Math.floor(heapBytes / perByte / mebibyte)} MiB of text in all`,
    received: `${Math.ceil(total / mebibyte)} MiB`,
    hint: `NODE_OPTIONS=--max-old-space-size=${enough} gives Node.js ${enough} MB, or take a part: head -n 1000000 ${first} > part.txt (data.limit draws from what has been read: it shortens training alone)`,
  })
}

/** A byte of deflate is at most so many bytes of text (RFC 1951: 258 bytes in two bits, and what begins a block). */
const mostUnpacked = 1032

/** A shorter file is not gzipped: header and end alone take as many bytes. */
const leastGzipped = 18

/**
 * Bytes of a file's text; of a gzipped one (by its first bytes, whatever its name) as its last four bytes say, where it can be
 * as many: those of a file that is cut off say anything. What cannot be read is for its reader to report.
 */
async function textBytes(file: string): Promise<number> {
  const { size } = await stat(file).catch(() => ({ size: 0 }))
  if (size < leastGzipped) return size
  const opened = await open(file).catch(() => undefined)
  if (opened === undefined) return size
  try {
    const { buffer: start } = await opened.read(Buffer.alloc(2), 0, 2, 0)
    if (start[0] !== 0x1f || start[1] !== 0x8b) return size
    const { buffer: end } = await opened.read(Buffer.alloc(4), 0, 4, size - 4)
    return Math.min(end.readUInt32LE(0), mostUnpacked * size)
  } catch {
    return size
  } finally {
    await opened.close()
  }
}
