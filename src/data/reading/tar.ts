import { parseTar } from 'nanotar'
import { dataError } from '../data-error.js'
import { readBytes } from './files.js'

/** A file of an archive. */
export interface ArchivedFile {
  /** Without `./` or `/` before it. */
  readonly name: string
  readonly bytes: Uint8Array
}

const headerSize = 512

/** The files of a tar archive, plain or gzipped, by name. Throws SeqlabError 'data' where it is none, or damaged. */
export async function filesInTar(path: string, baseDir: string): Promise<ArchivedFile[]> {
  const bytes = await readBytes(path, baseDir)
  checkTar(bytes, path)
  // A copy: the parser reads the whole buffer behind the bytes.
  return parseTar(new Uint8Array(bytes), { filter: ({ type }) => type === 'file' })
    .map(({ name, data }) => ({ name: name.replace(/^\.?\/+/, ''), bytes: data ?? new Uint8Array() }))
    .sort((left, right) => (left.name < right.name ? -1 : 1))
}

/** Walks the headers before they are believed: a damaged archive must not give half of its files, or none. */
function checkTar(bytes: Uint8Array, path: string): void {
  let offset = 0
  while (offset + headerSize <= bytes.length) {
    const header = bytes.subarray(offset, offset + headerSize)
    if (header.every((byte) => byte === 0)) return
    const size = octal(header.subarray(124, 136))
    if (checksum(header) !== octal(header.subarray(148, 156)) || !(size >= 0)) {
      throw dataError(path, offset === 0 ? 'this is not a tar archive' : `the archive is damaged at byte ${offset}`)
    }
    offset += headerSize + Math.ceil(size / headerSize) * headerSize
  }
  if (offset === 0) throw dataError(path, 'this is not a tar archive')
  if (offset > bytes.length) throw dataError(path, 'the archive ends within a file')
}

/** The sum of a header's bytes, with spaces in the checksum's own place (POSIX ustar). */
function checksum(header: Uint8Array): number {
  return header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0)
}

function octal(field: Uint8Array): number {
  const text = Buffer.from(field).toString('latin1').replaceAll('\0', ' ').trim()
  return Number.parseInt(text, 8)
}
