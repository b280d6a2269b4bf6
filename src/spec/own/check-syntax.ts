import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SeqlabError } from '../../core/errors.js'
import { refusal } from './refusal.js'
import type { OwnModule } from './types.js'

/** Where a module's syntax is wrong, as Node reports it of a file: of a module in memory it tells no line. */
export function syntaxRefusal({ path, text }: Pick<OwnModule, 'path' | 'text'>): SeqlabError | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'seqlab-parts-'))
  try {
    const file = join(folder, 'parts.mjs')
    writeFileSync(file, text)
    const { status, stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', env: {} })
    return status === 0 ? undefined : reported(path, stderr)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** `FILE:2`, the line, a caret under it (not at the end of the file), and the message. */
function reported(path: string, printed: string): SeqlabError | undefined {
  const [, line] = /parts\.mjs:(\d+)\n/.exec(printed) ?? []
  const [, caret] = /^( *)\^/m.exec(printed) ?? []
  const [, message] = /^SyntaxError: (.*)$/m.exec(printed) ?? []
  if (line === undefined || message === undefined) return undefined
  return refusal({ file: path, line: Number(line), ...(caret !== undefined && { column: caret.length + 1 }) }, message)
}
