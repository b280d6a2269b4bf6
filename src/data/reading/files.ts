import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { wrongTurn } from '../../core/obstacle.js'
import { systemReason } from '../../core/system-errors.js'
import { dataError } from '../data-error.js'
import { kindOfBytes, noText, wideKind } from './byte-kind.js'
import { notUnpacked } from './unpacking.js'

const inflate = promisify(gunzip)

/** Larger files are refused: as text they would not fit in one string, and a gzip bomb must end somewhere. */
export const largestFile = 256 * 1024 ** 2

/** A line as long as this is an error (a binary file, a file without line ends), not a sentence. */
const longestLine = 1_000_000

const lfsPointer = 'version https://git-lfs.github.com/spec/'

/** A file's bytes, unpacked where it is gzipped (by its first bytes, whatever its name). */
export async function readBytes(path: string, baseDir: string): Promise<Uint8Array> {
  const file = resolve(baseDir, path)
  const { size } = await stat(file).catch((cause: unknown) => {
    throw unreadable(path, file, cause)
  })
  if (size > largestFile) throw tooLarge(path, size)
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw unreadable(path, file, cause)
  })
  const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b
  if (!gzipped && path.endsWith('.gz')) throw dataError(path, 'the name ends in .gz but the file is not gzipped')
  if (!gzipped) return bytes
  return inflate(bytes, { maxOutputLength: largestFile }).catch((cause: unknown) => {
    throw notUnpacked(path, cause)
  })
}

function tooLarge(path: string, size: number): Error {
  return dataError(path, 'the file is too large', {
    expected: 'at most 256 MiB',
    received: `${Math.ceil(size / 1024 ** 2)} MiB`,
    hint: `head -n 1000000 ${path} > part.txt takes its beginning; several files may make one set`,
  })
}

/** A file's lines without their ends (LF, CRLF, or CR alone). Must be UTF-8 (a byte order mark is dropped) and not empty. */
export async function readLines(path: string, baseDir: string): Promise<string[]> {
  return linesOf(await readBytes(path, baseDir), path)
}

/** The lines of a file's bytes; what follows the last line end is a line only if it is not empty. */
export function linesOf(bytes: Uint8Array, path: string): string[] {
  const text = decode(bytes)
  const kind = text === undefined ? kindOfBytes(bytes) : wideKind(bytes)
  if (kind !== undefined) throw noText(path, kind)
  if (text === undefined) {
    throw dataError({ file: path, line: firstBadLine(bytes) }, 'this line is not valid UTF-8', {
      hint: 'text in another encoding? Convert it: iconv -f LATIN1 -t UTF-8 FILE > NEW',
    })
  }
  if (text.trim() === '') throw dataError(path, 'the file is empty')
  if (text.startsWith(lfsPointer)) {
    throw dataError(path, 'this is not the file but what Git LFS has in its place', {
      hint: 'get the file: git lfs pull',
    })
  }
  const lines = splitLines(text)
  if (lines.at(-1) === '') lines.pop()
  const long = lines.findIndex((line) => line.length > longestLine)
  if (long >= 0) {
    throw dataError({ file: path, line: long + 1 }, 'the line is too long', {
      expected: `at most ${longestLine} characters`,
      received: `${lines[long]?.length}`,
    })
  }
  return lines
}

/** CR ends lines only in a text without any LF: elsewhere it is a character of its line. */
export function splitLines(text: string): string[] {
  return text.split(text.includes('\n') ? /\r?\n/ : '\r')
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The number of the first line that is not UTF-8: a line end is never part of a longer character. */
function firstBadLine(bytes: Uint8Array): number {
  let start = 0
  const lineEnd = bytes.includes(10) ? 10 : 13
  for (let line = 1; ; line++) {
    const newline = bytes.indexOf(lineEnd, start)
    if (newline < 0 || decode(bytes.subarray(start, newline)) === undefined) return line
    start = newline + 1
  }
}

const standardInputHint =
  'standard input is read as data.source of the specs of `seqlab run`, `sweep`, `check` and `explain`, where it is a whole file'

export function unreadable(path: string, file: string, cause: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
  const why: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EISDIR: 'this is a folder, not a file',
    EACCES: 'not allowed to read',
  }
  const reason = systemReason(cause)
  const other = reason === undefined ? `cannot be read (${code})` : `cannot be read: ${reason}`
  const message = wrongTurn(file) ?? why[code] ?? other
  const isStandardInput = path === '-' && code === 'ENOENT'
  return dataError(path, message, {
    hint: isStandardInput
      ? standardInputHint
      : `${code === 'EISDIR' ? 'name its files, with a pattern perhaps (*.txt); `folder-of-classes` reads folders; ' : ''}looked at ${file}; relative paths are resolved against the spec's folder, or --data-dir`,
    cause,
  })
}
