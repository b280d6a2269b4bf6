import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
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
  return digestOf(sourcesOf(modules).filter((path) => decisive.includes(path.split('/')[0] ?? '')))
}

/** A digest of all bundled sources. */
export function programDigest(modules: readonly string[]): string {
  return digestOf(sourcesOf(modules))
}

/** Paths in src/. */
function sourcesOf(modules: readonly string[]): string[] {
  const paths = modules.map((id) => relative('src', id).split(sep).join('/'))
  return [...new Set(paths)].filter((path) => existsSync(`src/${path}`) && !path.startsWith('../')).sort()
}

function digestOf(sources: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of sources) hash.update(`${path}\n`).update(readFileSync(`src/${path}`))
  return hash.digest('hex').slice(0, 16)
}
