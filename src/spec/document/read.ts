import { readFileSync, statSync } from 'node:fs'
import { type Place, type Problem, toPlainError } from '../../core/errors.js'
import { wrongTurn } from '../../core/obstacle.js'
import { systemReason } from '../../core/system-errors.js'
import { settingHint } from './setting-hint.js'
import { type ReadResult, readYaml } from './yaml.js'

const maxBytes = 1_000_000

/** Reads a YAML file into placed nodes. Never throws for what the file holds; a file over 1 MB is refused unread. */
export function readYamlFile(file: string): ReadResult {
  const bytes = readBytes(file)
  if ('problems' in bytes) return bytes
  const text = decode(bytes.buffer, file)
  return 'problems' in text ? text : readYaml(text.text, file)
}

/** How a file is read into nodes. */
export type ReadFile = (file: string) => ReadResult

/** Reads each file once: a spec may be asked what it is, extended by others, and be read for itself. */
export function readingOnce(): ReadFile {
  const known = new Map<string, ReadResult>()
  return (file) => {
    const first = known.get(file)
    if (first !== undefined) return first
    const read = readYamlFile(file)
    known.set(file, read)
    return read
  }
}

function readBytes(file: string): { readonly buffer: Buffer } | { readonly problems: readonly Problem[] } {
  const refuse = (message: string, hint?: string) => ({
    problems: [{ code: 'unreadable-file' as const, path: '', message, ...(hint && { hint }), place: { file } }],
  })
  try {
    const stats = statSync(file, { throwIfNoEntry: false })
    if (stats === undefined && file === '-') return refuse('standard input is read for data alone', fileHint)
    if (stats === undefined) return refuse(wrongTurn(file) ?? 'does not exist', settingHint(file))
    if (stats.isDirectory()) return refuse('is a folder, not a file', 'name a file in it')
    if (!stats.isFile()) return refuse('is a pipe or a device, not a file', fileHint)
    if (stats.size > maxBytes) {
      return refuse(
        `is ${stats.size} bytes long; a spec may have at most ${maxBytes}`,
        'put data into files of its own',
      )
    }
    return { buffer: readFileSync(file) }
  } catch (error) {
    return refuse(`cannot be read: ${systemReason(error) ?? toPlainError(error).message}`)
  }
}

const fileHint = 'write it to a file first: it may be read more than once, and paths in it are relative to its folder'

function decode(buffer: Buffer, file: string): { readonly text: string } | { readonly problems: readonly Problem[] } {
  const [first, second] = buffer
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return {
      problems: [
        { code: 'unreadable-file', path: '', message: 'is UTF-16 text', hint: 'save it as UTF-8', place: { file } },
      ],
    }
  }
  const nul = buffer.indexOf(0)
  if (nul >= 0) {
    const hint = 'save it as UTF-8 text; UTF-16 and binary files contain such bytes'
    return { problems: [{ path: '', message: 'contains a NUL byte', hint, place: bytePlace(buffer, nul, file) }] }
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(buffer) }
  } catch {
    const place = bytePlace(buffer, firstInvalid(buffer), file)
    return { problems: [{ path: '', message: 'is not valid UTF-8', hint: 'save it as UTF-8', place }] }
  }
}

/** The first byte that a lenient decoder replaces: everything before it decodes and encodes to itself. */
function firstInvalid(buffer: Buffer): number {
  const again = Buffer.from(buffer.toString('utf8'), 'utf8')
  const same = buffer.findIndex((byte, index) => byte !== again[index])
  return Math.max(same, 0)
}

function bytePlace(buffer: Buffer, offset: number, file: string): Place {
  const before = buffer.subarray(0, offset).toString('utf8').split('\n')
  return { file, line: before.length, column: (before.at(-1) ?? '').length + 1 }
}
