import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DataOptions } from '../../src/data/options.js'
import type { Column, Sides } from '../../src/data/types.js'

export const pairs: Sides = { source: 'tokens', target: 'tokens' }

type Tokens = NonNullable<DataOptions['sourceTokens']>

export const byWords: Tokens = { type: 'whitespace', lowercase: false, normalise: 'none', minFrequency: 1 }
export const byCharacters: Tokens = {
  type: 'characters',
  unit: 'codepoint',
  normalise: 'none',
  lowercase: false,
  minFrequency: 1,
}

/** A folder of its own with these files; `remove` takes it away. */
export async function folder(files: Readonly<Record<string, string | Uint8Array>>) {
  const baseDir = await mkdtemp(join(tmpdir(), 'seqlab-data-'))
  for (const [name, content] of Object.entries(files)) await writeFile(join(baseDir, name), content)
  return { baseDir, remove: () => rm(baseDir, { recursive: true }) }
}

/** The rows of a column of ids. */
export function rowsOf({ data, offsets }: Column): number[][] {
  return Array.from({ length: offsets.length - 1 }, (_, row) => [...data.slice(offsets[row], offsets[row + 1])])
}
