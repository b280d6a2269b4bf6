import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { SeqlabError } from '../core/errors.js'
import { jsonLine, writeFileDurably } from './files.js'

/** JSON with its own checksum: `seal` is the sha-256 of the text without it, so that any changed bit shows. */
export function sealJson(value: object): string {
  jsonLine(value)
  const body = JSON.stringify(value, null, 1)
  return `${JSON.stringify({ ...value, seal: createHash('sha256').update(body).digest('hex') }, null, 1)}\n`
}

/** Throws SeqlabError 'run', naming the file, when a byte differs from what was sealed. */
export function openSealed<T extends object>(text: string, file: string): T {
  const parsed = parseOrNothing(text)
  if (parsed === undefined) throw damaged(file, 'it is not whole JSON')
  const { seal: _, ...value } = parsed
  if (sealJson(value) !== text) throw damaged(file, 'its checksum does not match')
  return value as T
}

/** Throws SeqlabError 'run' when the file is damaged; undefined when there is none. */
export function readSealed<T extends object>(path: string): T | undefined {
  try {
    return openSealed<T>(readFileSync(path, 'utf8'), path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

export function writeSealed(path: string, value: object): void {
  writeFileDurably(path, sealJson(value))
}

function parseOrNothing(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function damaged(file: string, why: string): SeqlabError {
  return new SeqlabError('run', `${file} is damaged: ${why}`)
}
