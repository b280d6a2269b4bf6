import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'

/** The folders of src/ whose code can change a result; reports and the command line cannot. */
const decisive = [
  'core',
  'stats',
  'engine',
  'data',
  'model',
  'metrics',
  'decode',
  'task',
  'train',
  'spec',
  'store',
  'runner',
]

/** A digest of the bundled sources that can change a result: of their paths and texts. */
export function codeDigest(modules: readonly string[]): string {
  const sources = [...new Set(modules.map((id) => relative('src', id).split(sep).join('/')))]
    .filter((path) => decisive.includes(path.split('/')[0] ?? ''))
    .sort()
  const hash = createHash('sha256')
  for (const path of sources) hash.update(`${path}\n`).update(readFileSync(`src/${path}`))
  return hash.digest('hex').slice(0, 16)
}
